import { byKey } from "../manifest/canonical.ts";
import { inEnvironment } from "../manifest/environment.ts";
import { registryOf } from "../manifest/schema/image.ts";
import type { Container, Manifest } from "../manifest/schema/manifest.ts";
import type { Digests } from "../manifest/translate.ts";
import { type Resolution, runningDigests } from "../release/images.ts";
import type { Cause } from "../release/release.ts";
import type { Environment, ImagePolicy } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";

/** What is deployed for a manifest's images, and what to say about it. */
interface PinnedImages {
  readonly digests: Digests;
  readonly warnings: readonly string[];
}

type Missing = Extract<Resolution, { readonly state: "missing" }>;
type Unknown = Extract<Resolution, { readonly state: "unknown" }>;

/** One container's image with what its registry says. */
interface Asked<Answer = Resolution> {
  readonly name: string;
  readonly container: Container;
  /** What its tag is to mean, whatever the registry says of the tag now. */
  readonly kept: string | undefined;
  readonly answer: Answer;
}

/**
 * Asks the registries for the digests of a manifest's tags, and whether its digests are there.
 * @param kept digests that tags are to mean, by container: of those only is asked whether they are there
 * @throws Refusal when an image does not exist, or cannot be looked up where that is required
 */
export async function pinImages(
  manifest: Manifest,
  env: Environment,
  kept: Digests = new Map(),
): Promise<PinnedImages> {
  if (env.images === undefined) return { digests: kept, warnings: [] };
  const { application, containers } = inEnvironment(manifest, env.name);
  const asked = await ask(containers, kept, env.images);
  const missing = asked.flatMap((each) => only("missing", each));
  if (missing.length > 0) throw new Refusal(notThere(missing, asked.length > 1), application);
  const unknown = asked.flatMap((each) => only("unknown", each));
  const [first] = unknown;
  if (first !== undefined && env.images.resolve === "require") {
    throw new Refusal(notKnown(first), application);
  }
  const running: Digests = first === undefined ? new Map() : await runningOf(application, env);
  const warnings = unknown.map((each) => unchecked(each, running.get(nameOf(each.container))));
  return { digests: digestsOf(asked, running), warnings: [...new Set(warnings)] };
}

/** A manifest's own digests need none: they stand in its objects already. */
function digestsOf(asked: readonly Asked[], running: ReadonlyMap<string, string>): Digests {
  const entries = asked.flatMap(({ name, container, kept, answer }) => {
    if (container.image_tag === undefined) return [];
    const known = answer.state === "found" ? answer.digest : running.get(nameOf(container));
    const digest = kept ?? known;
    return digest === undefined ? [] : [[name, digest] as const];
  });
  return new Map(entries);
}

async function ask(
  containers: Manifest["containers"],
  kept: Digests,
  { registry }: ImagePolicy,
): Promise<readonly Asked[]> {
  const entries = byKey(containers);
  const answers = await registry.resolve(
    entries.map(([name, { image, image_tag: tag, image_digest: digest }]) => ({
      repository: image,
      ...(kept.has(name) ? { tag: undefined, digest: kept.get(name) } : { tag, digest }),
    })),
  );
  return entries.flatMap(([name, container], at) => {
    const answer = answers[at];
    return answer === undefined ? [] : [{ name, container, kept: kept.get(name), answer }];
  });
}

function only<State extends Resolution["state"]>(
  state: State,
  { answer, ...rest }: Asked,
): readonly Asked<Extract<Resolution, { readonly state: State }>>[] {
  return answer.state === state
    ? [{ ...rest, answer: answer as Extract<Resolution, { readonly state: State }> }]
    : [];
}

/**
 * A registry that is down must not restart an application whose scale changes: what runs by the same
 * tag goes on running.
 */
async function runningOf(
  application: string,
  { cluster, platform }: Environment,
): Promise<ReadonlyMap<string, string>> {
  const { namespace } = platform;
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: application };
  return runningDigests(await cluster.find(deployment));
}

const nameOf = ({ image, image_tag: tag = "" }: Container): string => `${image}:${tag}`;

/**
 * What a stored manifest's tags run by where the words of a request are about something else: a change of the
 * scale changes no image, wherever its tag has moved meanwhile. Without a word the tags are looked up anew.
 * @returns by container
 */
export async function keptDigests(
  manifest: Manifest,
  words: Readonly<Record<string, string>>,
  env: Environment,
): Promise<Digests> {
  const said = Object.keys(words);
  const { application, containers } = manifest;
  const entries = Object.entries(containers).filter(([name]) => !isImageNamed(name, said));
  if (said.length === 0 || entries.length === 0) return new Map();
  const running = await runningOf(application, env);
  const kept = entries.flatMap(([name, container]) => {
    const digest = running.get(nameOf(container));
    return container.image_tag === undefined || digest === undefined
      ? []
      : [[name, digest] as const];
  });
  return new Map(kept);
}

/** Whether words say which image a container gets. */
function isImageNamed(name: string, words: readonly string[]): boolean {
  const own = [`${name}.tag`, `${name}.digest`, "tag", "digest"];
  return words.some((word) => own.includes(word));
}

function versionOf({ image_tag: tag, image_digest: digest }: Container): string {
  return tag === undefined ? `digest ${digest ?? ""}` : `tag ${tag}`;
}

/** "tag 2081 does not exist. Nearest: 2018, 2017." */
function notThere(missing: readonly Asked<Missing>[], isOneOfSeveral: boolean): Cause {
  const lines = missing.map(({ name, container, kept, answer }) => {
    if (!answer.repositoryExists) {
      return { text: `repository ${container.image} does not exist`, nearest: [] };
    }
    const whose = isOneOfSeveral ? ` of ${name}` : "";
    const version = kept === undefined ? versionOf(container) : `digest ${kept}`;
    return {
      text: `${version}${whose} does not exist`,
      nearest: answer.nearest,
    };
  });
  const sentences = lines.map(({ text, nearest }) =>
    nearest.length === 0 ? text : `${text}. Nearest: ${nearest.join(", ")}`,
  );
  const [first = "", ...others] = sentences;
  const isHinted = (lines[0]?.nearest.length ?? 0) > 0;
  const next = isHinted ? "" : "push the image, or name one that exists";
  return cause("image-not-found", first, next, others);
}

function notKnown({ container, answer: { code, why } }: Asked<Unknown>): Cause {
  return cause(
    code,
    `${registryOf(container.image)} ${why}, and ${versionOf(container)} must be looked up here`,
    code === "image-unauthorized"
      ? "check the pull secrets of the environment"
      : "deploy again when the registry answers",
  );
}

/** @param runs the digest that the container's tag runs by */
function unchecked({ container, kept, answer }: Asked<Unknown>, runs: string | undefined): string {
  const stays = runs !== undefined && (kept ?? runs) === runs;
  const outcome = stays ? "stays the image that runs" : "is deployed without a look at it";
  const version = stays || kept === undefined ? versionOf(container) : `digest ${kept}`;
  return `${registryOf(container.image)} ${answer.why}; ${version} ${outcome}`;
}
