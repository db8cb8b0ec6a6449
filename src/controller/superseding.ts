import { newerRequests } from "../policy/supersede.ts";
import { conclude, type Accepted, type Step } from "./step.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";
import { refuseUnlessWelcome } from "./rules.ts";

/**
 * Where the environment says so, ends a request that has no effect yet for a newer one of the same app. Only
 * one that is welcome counts: else a stranger could end what others wait for.
 * @returns undefined when it goes on
 */
export async function supersede(
  release: Accepted,
  env: Pick<Environment, "name" | "rules">,
  ports: Pick<ControllerPorts, "cache" | "clock" | "organisation" | "directory" | "people">,
): Promise<Step | undefined> {
  if (!env.rules.supersede) return undefined;
  const app = release.status.app ?? release.spec.app ?? "";
  // Before the first plan of an app there is no head, and yet there are rules.
  const head = ports.cache.application(app, env.name) ?? { spec: { app, environment: env.name } };
  for (const newer of newerRequests(release, ports.cache.releases())) {
    try {
      await refuseUnlessWelcome(newer, env, head, ports);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      continue;
    }
    const why = cause("newer-request", `release ${newer.metadata.name} was asked for since`, "");
    return conclude(release, "superseded", { cause: why }, ports.clock.now());
  }
  return undefined;
}
