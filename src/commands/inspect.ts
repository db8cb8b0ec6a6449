import { z } from "zod";
import { readManifest } from "../manifest/canonical.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
} from "./environment.ts";
import { screen } from "./inspecting/screen.ts";

export const inspect = defineCommand({
  name: "inspect",
  summary: "Show at a glance how an app does: verdict, pods, certificates, use, events, owner",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({ app: appArgument, in: environmentArgument }),
  examples: ["inspect kubecon-2017", "inspect kubecon-2017 in=production"],
  run: async ({ app, in: wished }, request, ports) => {
    const environment = environmentFor(wished, request, ports);
    const { status } = applicationNamed(ports, app, environment.name);
    const releases = ports.releases.of(app, environment.name);
    const release = releases.find(({ metadata }) => metadata.name === status?.applied?.release);
    const objects = status?.inventory ?? [];
    const certificates = (release?.status?.inventory ?? objects)
      .filter(({ kind }) => kind === "Certificate")
      .map(({ name }) => name);
    const inspection = await environment.inspect(app, { certificates, objects });
    return screen({
      app,
      environment,
      head: status,
      release,
      manifest: readManifest(status?.applied?.manifest ?? ""),
      inspection,
      now: ports.clock.now(),
    });
  },
});
