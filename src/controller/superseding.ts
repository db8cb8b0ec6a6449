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
  env: Environment,
  ports: ControllerPorts,
): Promise<Step | undefined> {
  if (!env.rules.supersede) return undefined;
  for (const newer of newerRequests(release, ports.cache.releases())) {
    const app = newer.status?.app ?? newer.spec.app;
    const head = app === undefined ? undefined : ports.cache.application(app, env.name);
    try {
      if (head !== undefined) await refuseUnlessWelcome(newer, env, head, ports);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      continue;
    }
    const why = cause("newer-request", `release ${newer.metadata.name} was asked for since`, "");
    return conclude(release, "superseded", { cause: why }, ports.clock.now());
  }
  return undefined;
}
