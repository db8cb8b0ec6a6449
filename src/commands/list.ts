import { z } from "zod";
import { storedManifest } from "../manifest/canonical.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { tagOf } from "../release/plan.ts";
import type { Application, AppliedRelease } from "../release/release.ts";
import type { Answer } from "./answer.ts";
import { defineCommand } from "./define.ts";
import { environmentArgument, environmentNamed } from "./environment.ts";
import type { Ports } from "./ports.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the deployed apps with their health, tag and maintainer",
  needs: "read",
  answers: "later",
  positional: [],
  args: z.object({ in: environmentArgument }),
  examples: ["list", "list in=production"],
  run: async (args, _request, ports) => {
    const environment = args.in === undefined ? undefined : environmentNamed(ports, args.in).name;
    const apps = ports.apps.list(environment).filter(({ status }) => status?.applied !== undefined);
    if (apps.length === 0) return nothing(environment, ports);
    const rows = await Promise.all(apps.map((app) => row(app, ports)));
    const count = apps.length === 1 ? "1 app" : `${apps.length} apps`;
    return {
      text:
        environment === undefined ? `docc runs ${count}.` : `docc runs ${count} in ${environment}.`,
      table: { columns: ["App", "Environment", "Ready", "Tag", "Revision", "Maintainer"], rows },
    };
  },
});

function nothing(environment: string | undefined, ports: Ports): Answer {
  if (!ports.apps.ready) {
    return {
      text: "docc has just started and does not know the apps yet. Try again in a few seconds.",
      reason: "unavailable",
    };
  }
  return {
    text:
      environment === undefined
        ? "No app is deployed yet."
        : `No app is deployed in ${environment} yet.`,
    form: { command: "deploy", ...(environment === undefined ? {} : { environment }), open: false },
  };
}

async function row({ spec, status }: Application, ports: Ports): Promise<readonly string[]> {
  const applied = status?.applied;
  return [
    spec.app,
    spec.environment,
    await readiness(spec.app, spec.environment, ports),
    versions(status),
    String(applied?.revision ?? ""),
    manifestOf(applied)?.maintainer.join(", ") ?? "",
  ];
}

/** `2017`; or `2017 -> 2018` while 2018 is applied and 2017 is what succeeded last. */
function versions(status: Application["status"]): string {
  const [current, applied] = [manifestOf(status?.current), manifestOf(status?.applied)];
  const to = applied === undefined ? "" : tagOf(applied);
  const from = current === undefined ? to : tagOf(current);
  return from === to ? to : `${from} -> ${to}`;
}

function manifestOf(release: AppliedRelease | undefined): Manifest | undefined {
  return release === undefined ? undefined : storedManifest(release.manifest);
}

/** One cluster out of reach spoils one column of its rows, not the list. */
async function readiness(app: string, environment: string, ports: Ports): Promise<string> {
  try {
    const health = await ports.environments.get(environment)?.health(app);
    return health === undefined ? "gone" : `${health.ready} of ${health.wanted}`;
  } catch {
    return "not known";
  }
}
