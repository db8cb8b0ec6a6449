import { z } from "zod";
import { releaseName } from "../release/names.ts";
import { restartRequest } from "../release/request.ts";
import { askerOf, defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
  reasonArgument,
} from "./environment.ts";

export const restart = defineCommand({
  name: "restart",
  summary: "Replace the pods of an app one after another, at the same version",
  needs: "deploy",
  who: "Everybody may ask; it is planned and applied for the environment's `deployers`, not past another person's lock. Freezes do not hold it up, and approvers are asked only where `approval.rollbacks` is true.",
  answers: "ack",
  positional: ["app"],
  args: z.object({ app: appArgument, in: environmentArgument, reason: reasonArgument }),
  examples: ["restart kubecon-2017", 'restart kubecon-2017 in=production reason="stale cache"'],
  run: async ({ app, in: wished, reason }, request, ports) => {
    const environment = environmentFor(wished, request, ports).name;
    applicationNamed(ports, app, environment);
    const spec = restartRequest(app, { environment, reason }, askerOf(request));
    const release = releaseName(app, ports.hash(request.delivery));
    await ports.releases.create(release, spec);
    return {
      text: `Accepted: ${app} in ${environment} restarts. Its thread tells the rest.`,
      about: { app, environment, release },
    };
  },
});
