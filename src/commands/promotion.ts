import { DoccError } from "../errors.ts";
import { changeManifest } from "../manifest/change.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { hasErrors } from "../manifest/finding.ts";
import { tagOf } from "../release/plan.ts";
import type { AppliedRelease } from "../release/release.ts";
import { succeededReleases } from "../release/rollback.ts";
import { type Asked, refused } from "./asked.ts";
import type { Request } from "./define.ts";
import { applicationNamed, environmentNamed } from "./environment.ts";
import type { EnvironmentPort, Ports } from "./ports.ts";
import { advise } from "../text/advice.ts";

export interface PromotionWish {
  readonly app: string | undefined;
  /** The environment to bring it from. */
  readonly from: string;
  readonly words: Readonly<Record<string, string>>;
}

/**
 * `from=`: what succeeded last in another environment, as it is at this moment; whoever waits for an approval
 * gets what they saw, and not what comes there meanwhile.
 * @throws DoccError for what is not there, and for words that contradict it
 */
export function promotion(
  { app, from, words }: PromotionWish,
  { manifest }: Pick<Request, "manifest">,
  { name, platform }: EnvironmentPort,
  ports: Ports,
): Asked {
  const origin = environmentNamed(ports, from, "from").name;
  if (app === undefined || manifest !== undefined) {
    throw badInput("from= brings a stored app along, and no manifest.", { from: origin, to: name });
  }
  if (origin === name) {
    throw badInput(`from= and in= are both ${name}.`, { from: "FROM", to: "TO" }, app);
  }
  const image = Object.keys(words).find((word) => /(^|\.)(tag|digest)$/u.test(word));
  if (image !== undefined) {
    throw badInput(
      `from= brings the images along: ${image}= has no place.`,
      { from: origin, to: name },
      app,
    );
  }
  const current = lastSuccess(app, origin, ports);
  if (current === undefined) {
    throw new DoccError("conflict", `No deploy of ${app} in ${origin} has succeeded yet.`, {
      hint: `${advise("status", { app, environment: origin })} shows how it does.`,
    });
  }
  const { release, revision } = current;
  const stored = storedManifest(current.manifest);
  const { findings } = changeManifest(stored, words, platform);
  if (hasErrors(findings)) return { answer: refused("the words", findings) };
  const version = tagOf(stored);
  return {
    app,
    source: { type: "promotion", from: { environment: origin, release, revision } },
    said: `${app}${version === "" ? "" : ` ${version}`} from ${origin}, revision ${revision},`,
  };
}

/** Who has just read of a success means that one, though the head may not say so yet. */
function lastSuccess(app: string, environment: string, ports: Ports): AppliedRelease | undefined {
  const { current } = applicationNamed(ports, app, environment).status ?? {};
  const [newest] = succeededReleases(ports.releases.of(app, environment));
  const { plan, revision = 0 } = newest?.status ?? {};
  const isNewer = revision > (current?.revision ?? 0) && newest?.spec.kind !== "delete";
  return newest !== undefined && plan !== undefined && isNewer
    ? { release: newest.metadata.name, revision, manifest: plan.manifest }
    : current;
}

function badInput(
  sentence: string,
  { from, to }: { readonly from: string; readonly to: string },
  app = "APP",
): DoccError {
  return new DoccError("bad-input", sentence, {
    hint: `Write /docc deploy ${app} from=${from} in=${to}.`,
  });
}
