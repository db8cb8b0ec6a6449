import { z } from "zod";
import { hasErrors, type Finding } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import type { Answer } from "./answer.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
} from "./environment.ts";

export const validate = defineCommand({
  name: "validate",
  summary: "Check a manifest, or a deployed app against today's rules; nothing is deployed",
  needs: "read",
  answers: "later",
  asRecord: true,
  positional: ["app"],
  args: z.object({ app: appArgument.optional(), in: environmentArgument }),
  examples: ["validate", "validate kubecon-2017"],
  run: async (args, request, ports) => {
    const { name, platform } = environmentFor(args.in, request, ports);
    if (request.manifest !== undefined) {
      const text =
        request.manifest.type === "inline"
          ? request.manifest.text
          : (await ports.files.read(request.manifest.file)).text;
      return report("The manifest", parseManifest(text, { platform }).findings);
    }
    if (args.app === undefined) {
      return {
        text: "Give a manifest to check.",
        form: { command: "validate", environment: name, open: true },
      };
    }
    const { status } = applicationNamed(ports, args.app, name);
    const { findings } = parseManifest(status?.applied?.manifest ?? "", { platform });
    return report(`The manifest of ${args.app} in ${name}`, findings);
  },
});

function report(what: string, findings: readonly Finding[]): Answer {
  if (findings.length === 0) return { text: `${what} is valid.` };
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = [
    errors > 0 ? (errors === 1 ? "1 error" : `${errors} errors`) : "",
    findings.length > errors
      ? `${findings.length - errors} warnings`.replace(/^1 warnings/, "1 warning")
      : "",
  ].filter((part) => part !== "");
  const verdict = hasErrors(findings) ? "is not valid" : "is valid";
  return { text: `${what} ${verdict}: ${counts.join(", ")}.`, findings };
}
