import { referenceOf } from "../../manifest/adopt/image.ts";
import type { Finding } from "../../manifest/finding.ts";
import { type Answers, starterJson } from "../../manifest/init.ts";
import { parseManifest } from "../../manifest/parse.ts";
import type { Answer } from "../answer.ts";
import type { EnvironmentPort, Ports } from "../ports.ts";
import { asked, type Asked, reaches, type Said } from "./arguments.ts";

type Wrong = Readonly<Partial<Record<Asked, string>>>;

/** The manifest that the answers make, or what is wrong with them. Nothing is stored or deployed. */
export function starter(
  said: Said,
  requester: string,
  { name, platform }: EnvironmentPort,
  ports: Ports,
): Answer {
  const text = starterJson(answersOf(said, requester));
  const { findings } = parseManifest(text, { platform });
  const wrong = { ...wrongBy(findings), ...whatIsMissing(said) };
  if (Object.keys(wrong).length > 0) return refusal(wrong);
  return written(said.app ?? "", text, findings, name, ports);
}

function written(
  app: string,
  text: string,
  findings: readonly Finding[],
  environment: string,
  ports: Ports,
): Answer {
  const runs = ports.apps.find(app, environment)?.status?.applied !== undefined;
  return {
    text: `The manifest of ${app} is written, and nothing is deployed yet.`,
    lines: [
      "Deploy opens the form with it, where you choose the environment.",
      "Keep the file with the code: whoever changes more than tag and scale deploys it anew.",
      ...(runs ? [`docc runs ${app} in ${environment} already: this would replace it.`] : []),
    ],
    ...(findings.length === 0 ? {} : { findings }),
    snippet: {
      title: "manifest.json",
      text: text.trimEnd(),
      keep: "first",
      file: { name: "manifest.json", text, isWanted: true },
    },
    form: { command: "deploy", app, environment, text, open: false },
    about: { app, environment },
  };
}

const wholeNumber = /^\d+$/u;

/** What can be said more plainly than of a manifest, and what a manifest cannot say at all. */
function whatIsMissing({ app, image = "", port, scale = "0", scheme, hosts }: Said): Wrong {
  const { tag = "", digest } = referenceOf(image);
  const isReached = scheme !== undefined && scheme !== "none";
  return {
    ...(wholeNumber.test(port ?? "0") ? {} : { port: "A port is a number from 1 to 65535." }),
    ...(wholeNumber.test(scale) ? {} : { scale: "Copies are a whole number." }),
    ...(app === undefined ? { app: "Give it a name." } : {}),
    ...(image === ""
      ? { image: "Say which image it runs, with its tag." }
      : tag === "" && digest === undefined
        ? { image: `The tag is missing: ${image.replace(/:$/u, "")}:1.0, for example.` }
        : {}),
    ...(isReached && port === undefined
      ? { port: "Who is reached from outside listens on a port: say which." }
      : {}),
    ...(scheme !== undefined && reaches.every((each) => each !== scheme)
      ? { scheme: "Choose none, http or https." }
      : {}),
    ...(hosts !== undefined && !isReached
      ? { hosts: "A host name leads nowhere while it is not reached from outside." }
      : {}),
  };
}

function answersOf(said: Said, requester: string): Answers {
  const { app = "", image = "", port, scheme = "none", hosts, scale, memory, maintainer } = said;
  const { repository, tag = "", digest } = referenceOf(image);
  return {
    application: app,
    image: repository,
    ...(digest === undefined ? { tag } : { digest }),
    port: port === undefined ? null : numberOr(port),
    maintainer: maintainer ?? requester,
    ...(scale === undefined ? {} : { scale: numberOr(scale) }),
    ...(memory === undefined ? {} : { memory }),
    ...(scheme === "none" ? {} : { scheme }),
    ...(hosts === undefined ? {} : { hosts: hosts.split(/[\s,]+/u).filter((host) => host !== "") }),
  };
}

/** What is no number goes on as it is, for the manifest's rules to say what is wrong. */
function numberOr(text: string): number | string {
  return /^\d{1,9}$/u.test(text) ? Number(text) : text;
}

/** Which answer a place of the manifest came from, the first that fits. */
const places: readonly (readonly [RegExp, Asked])[] = [
  [/^application/u, "app"],
  [/^maintainer/u, "maintainer"],
  [/^scale/u, "scale"],
  [/\.hosts/u, "hosts"],
  [/\.(ports|health|container_port)/u, "port"],
  [/\.memory/u, "memory"],
  [/\.(image|image_tag|image_digest)$/u, "image"],
  [/^ingresses|^auto_tls/u, "scheme"],
];

/** The first error about each answer; what is about none of them is the name's, which all else follows. */
function wrongBy(findings: readonly Finding[]): Wrong {
  const errors = findings.filter(({ severity }) => severity === "error").toReversed();
  return Object.fromEntries(
    errors.map(({ hint, message, path }) => {
      const name = places.find(([pattern]) => pattern.test(path))?.[1] ?? "app";
      return [name, hint === "" ? message : `${message} ${hint}`];
    }),
  );
}

/** Under the inputs where there is a form; who has typed it reads the words' names. */
function refusal(wrong: Wrong): Answer {
  const lines = asked.flatMap((name) => {
    const why = wrong[name];
    return why === undefined ? [] : [`${name}=: ${why}`];
  });
  const count = lines.length === 1 ? "1 answer" : `${lines.length} answers`;
  return { text: `Not written: ${count} will not do.`, lines, wrong, reason: "bad-input" };
}
