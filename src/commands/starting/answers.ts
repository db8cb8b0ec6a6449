import { referenceOf } from "../../manifest/adopt/image.ts";
import type { Finding } from "../../manifest/finding.ts";
import { type Answers, starterJson } from "../../manifest/init.ts";
import { parseManifest } from "../../manifest/parse.ts";
import type { Platform } from "../../manifest/platform.ts";
import { nearest } from "../../text/nearest.ts";
import type { Answer } from "../answer.ts";
import { reaches, type Said, sayable, type Sayable } from "./arguments.ts";

/** Why an answer will not do, by its argument. */
export type Wrong = Readonly<Partial<Record<Sayable, string>>>;

/** A manifest as it would be written of what was said. */
interface Draft {
  readonly answers: Answers;
  readonly findings: readonly Finding[];
  readonly wrong: Wrong;
}

/** The one place where words become a manifest. Pure; placeholders stand for a name, image and maintainer not said. */
export function draftOf(said: Said, platform: Platform): Draft {
  const answers = answersOf(said);
  const { findings } = parseManifest(starterJson(answers), { platform });
  return { answers, findings, wrong: { ...wrongBy(findings, said), ...oddIn(said) } };
}

function answersOf(said: Said): Answers {
  const { app, image, port, scheme = "none", hosts, scale, memory, maintainer, team } = said;
  return {
    ...(app === undefined ? {} : { application: app }),
    ...(image === undefined ? {} : imageOf(image)),
    port: port === undefined ? null : numberOr(port),
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(team === undefined ? {} : { team }),
    ...(scale === undefined ? {} : { scale: numberOr(scale) }),
    ...(memory === undefined ? {} : { memory }),
    ...(scheme === "none" ? {} : { scheme }),
    ...(hosts === undefined ? {} : { hosts: hosts.split(/[\s,]+/u).filter((host) => host !== "") }),
  };
}

function imageOf(reference: string): Pick<Answers, "image" | "tag" | "digest"> {
  const { repository, tag = "", digest } = referenceOf(reference);
  return { image: repository, ...(digest === undefined ? { tag } : { digest }) };
}

/** What is no number goes on as it is, for the manifest's rules to say what is wrong. */
function numberOr(text: string): number | string {
  return /^\d{1,9}$/u.test(text) ? Number(text) : text;
}

const wholeNumber = /^\d+$/u;

/** What can be said more plainly than of a manifest, and what a manifest cannot say at all. */
function oddIn({ image, port, scale = "0", scheme = "none", hosts }: Said): Wrong {
  const isReached = scheme !== "none";
  return {
    ...(wholeNumber.test(port ?? "0") ? {} : { port: "A port is a number from 1 to 65535." }),
    ...(wholeNumber.test(scale) ? {} : { scale: "Copies are a whole number." }),
    ...(image === undefined || isPinned(image)
      ? {}
      : { image: `The tag is missing: ${image.replace(/:$/u, "")}:1.0, for example.` }),
    ...(isReached && port === undefined
      ? { port: "Who is reached from outside listens on a port: say which." }
      : {}),
    ...(reaches.every((each) => each !== scheme) ? { scheme: noScheme(scheme) } : {}),
    ...(hosts !== undefined && !isReached
      ? { hosts: "A host name leads nowhere while it is not reached from outside." }
      : {}),
  };
}

function isPinned(image: string): boolean {
  const { tag = "", digest } = referenceOf(image);
  return tag !== "" || digest !== undefined;
}

function noScheme(given: string): string {
  const meant = nearest(given, reaches);
  return meant === undefined ? "Choose none, http, https or tls." : `Did you mean ${meant}?`;
}

/** Which answer a place of the manifest came from, the first that fits. */
const places: readonly (readonly [RegExp, Sayable])[] = [
  [/^application/u, "app"],
  [/^maintainer/u, "maintainer"],
  [/^team/u, "team"],
  [/^scale/u, "scale"],
  [/\.hosts/u, "hosts"],
  [/\.(ports|health|container_port)/u, "port"],
  [/\.memory/u, "memory"],
  [/\.(image|image_tag|image_digest)$/u, "image"],
  [/^ingresses|^auto_tls/u, "scheme"],
];

/** What a placeholder stands for is nobody's mistake. */
const placeholders: readonly Sayable[] = ["image", "maintainer"];

/** The first error about each answer; what is about none of them is the name's, which all else follows. */
function wrongBy(findings: readonly Finding[], said: Said): Wrong {
  const errors = findings.filter(({ severity }) => severity === "error").toReversed();
  const all = errors.flatMap(({ hint, message, path }) => {
    const name = places.find(([pattern]) => pattern.test(path))?.[1] ?? "app";
    const isPlaceholder = placeholders.includes(name) && said[name] === undefined;
    return isPlaceholder ? [] : [[name, hint === "" ? message : `${message} ${hint}`] as const];
  });
  return Object.fromEntries(all);
}

/** Under the inputs where there is a form; who has typed it reads the words' names. */
export function refusal(wrong: Wrong): Answer {
  const lines = sayable.flatMap((name) => {
    const why = wrong[name];
    return why === undefined ? [] : [`${name}=: ${why}`];
  });
  const count = lines.length === 1 ? "1 answer" : `${lines.length} answers`;
  return { text: `Not written: ${count} will not do.`, lines, wrong, reason: "bad-input" };
}
