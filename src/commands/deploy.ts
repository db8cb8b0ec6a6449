import { z } from "zod";
import { changeManifest } from "../manifest/change.ts";
import { hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import { releaseName } from "../release/names.ts";
import { deployRequest } from "../release/request.ts";
import { accept } from "./accept.ts";
import { type Asked, refused } from "./asked.ts";
import { askerOf, defineCommand, type Request } from "./define.ts";
import {
  appArgument,
  emergencyArgument,
  environmentArgument,
  environmentFor,
  reasonArgument,
  nearestApp,
} from "./environment.ts";
import { offering } from "./offer.ts";
import type { EnvironmentPort, Ports } from "./ports.ts";
import { promotion } from "./promotion.ts";

export const deploy = defineCommand({
  name: "deploy",
  summary: "Deploy an app: a new manifest, or the stored one with another tag or scale",
  needs: "deploy",
  who: "Everybody may ask; it is planned and applied for the environment's `deployers`, not past another person's lock, and not while the environment is frozen. Where `approval` asks for it, approvers say yes first. Who changes the maintainer or the team without owning the app needs a yes of an owner or an operator. Those in `emergency` get past all of this but the last with `emergency=`.",
  answers: "ack",
  positional: ["app"],
  args: z.object({
    app: appArgument.optional(),
    in: environmentArgument,
    from: offering("any-environment", z.string().min(1, "is empty"))
      .optional()
      .describe("another environment: what succeeded there last, with its very images"),
    reason: reasonArgument,
    emergency: emergencyArgument,
  }),
  rest: "words",
  examples: [
    "deploy",
    "deploy kubecon-2017 tag=2017",
    'deploy kubecon-2017 tag=2018 scale=5 in=production reason="new schedule"',
    "deploy kubecon-2017 from=staging in=production",
    'deploy kubecon-2017 tag=2019 in=production emergency="the shop is down"',
  ],
  run: async (args, request, ports, words) => {
    const environment = environmentFor(args.in, request, ports);
    const asked =
      args.from === undefined
        ? whatIsAsked(args.app, request, words, environment, ports)
        : promotion({ app: args.app, from: args.from, words }, request, environment, ports);
    if ("answer" in asked) return asked.answer;
    const { app, source, said } = asked;
    const { reason, emergency } = args;
    const wish = { environment: environment.name, reason, emergency };
    const spec = deployRequest(app, wish, { source, words }, askerOf(request));
    const release = releaseName(app, ports.hash(request.delivery));
    await accept(ports, release, spec);
    return {
      text: `Accepted: ${said ?? app ?? "your manifest"} to ${environment.name}. Its thread tells the rest.`,
      about: { ...(app === undefined ? {} : { app }), environment: environment.name, release },
    };
  },
});

function whatIsAsked(
  app: string | undefined,
  request: Request,
  words: Readonly<Record<string, string>>,
  environment: EnvironmentPort,
  ports: Ports,
): Asked {
  if (request.manifest?.type === "slack-file") {
    return { app, source: { type: "slack-file", file: request.manifest.file } };
  }
  if (request.manifest !== undefined) return pasted(app, request.manifest.text, words, environment);
  if (app === undefined) {
    return {
      answer: {
        text: "Give a manifest, or the name of an app that docc knows.",
        form: { command: "deploy", environment: environment.name, ...typed(words), open: true },
      },
    };
  }
  return stored(app, words, environment, ports);
}

/** Checked before it is accepted: reading text that is at hand costs no request. */
function pasted(
  app: string | undefined,
  text: string,
  words: Readonly<Record<string, string>>,
  { platform }: EnvironmentPort,
): Asked {
  const { manifest, findings } = parseManifest(text, { platform });
  if (manifest === undefined) return { answer: refused("the manifest", findings) };
  if (app !== undefined && app !== manifest.application) {
    return {
      answer: {
        text: `The manifest is for ${manifest.application}, and you asked for ${app}.`,
        lines: ["Name the same app in both, or leave it out of the command."],
        reason: "bad-input",
      },
    };
  }
  const changed = changeManifest(manifest, words, platform);
  if (hasErrors(changed.findings)) return { answer: refused("the words", changed.findings) };
  return { app: manifest.application, source: { type: "inline", manifest: text } };
}

function stored(
  app: string,
  words: Readonly<Record<string, string>>,
  { name, platform }: EnvironmentPort,
  ports: Ports,
): Asked {
  const known = ports.apps.find(app, name)?.status?.applied;
  if (known !== undefined) {
    const { findings } = changeManifest(known.manifest, words, platform);
    if (hasErrors(findings)) return { answer: refused("the words", findings) };
  } else if (ports.apps.ready) {
    const close = nearestApp(ports, app, name);
    return {
      answer: {
        text: `docc does not know ${app} in ${name} yet: its first deploy needs its manifest.`,
        ...(close === undefined ? {} : { lines: [`Did you mean ${close}?`] }),
        form: { command: "deploy", app, environment: name, ...typed(words), open: false },
        reason: "not-found",
      },
    };
  }
  return { app, source: { type: "stored" } };
}

/** What was typed goes along to the form, as it would be typed again. */
function typed(words: Readonly<Record<string, string>>): { readonly words?: string } {
  const said = Object.entries(words).map(([key, value]) =>
    /^[^\s"'“”„‘’]*$/u.test(value) ? `${key}=${value}` : `${key}="${value.replaceAll('"', "")}"`,
  );
  return said.length === 0 ? {} : { words: said.join(" ") };
}
