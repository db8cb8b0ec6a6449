import type { Application, Release, ReleaseSpec } from "../release/release.ts";
import { type Asker, deployRequest, restartRequest, rollbackRequest } from "../release/request.ts";
import { chooseEarlier, releasesOf, succeededRevisions } from "../release/rollback.ts";
import { sayNoReturn } from "../commands/rollback.ts";
import { canonicalJson } from "../manifest/canonical.ts";
import { releaseName } from "../release/names.ts";
import { type AskedWords, textOf } from "./request-words.ts";

/** What the records say of the app when it is asked: only a rollback has to know. */
export interface Known {
  readonly head: Application | undefined;
  readonly releases: readonly Release[];
}

/** A request before it is known who asks. */
export interface Request {
  readonly app: string;
  /** Whether {@link Request.spec} looks at what is there. */
  readonly needsRecords: boolean;
  /** The spec of the release, or why there is none, in sentences. */
  spec(asker: Asker, known: Known): ReleaseSpec | { readonly refused: readonly string[] };
}

/** @param manifest the text that came along; without it docc takes the stored one */
export function deploying(app: string, asked: AskedWords, manifest: string | undefined): Request {
  const source =
    manifest === undefined
      ? ({ type: "stored" } as const)
      : ({ type: "inline", manifest } as const);
  const { words } = asked;
  const spec = (asker: Asker) => deployRequest(app, wishOf(asked), { source, words }, asker);
  return { app, needsRecords: false, spec };
}

export function restarting(asked: AskedWords): Request {
  const app = textOf(asked, "app") ?? "";
  return {
    app,
    needsRecords: false,
    spec: (asker) => restartRequest(app, wishOf(asked), asker),
  };
}

export function rollingBack(asked: AskedWords): Request {
  const app = textOf(asked, "app") ?? "";
  const scale = textOf(asked, "scale");
  const { to } = asked.args;
  const spec: Request["spec"] = (asker, { head, releases }) => {
    const { environment } = asked;
    const own = releasesOf(releases, app, environment);
    const wished = typeof to === "number" ? to : undefined;
    const chosen = chooseEarlier(head?.status ?? { nextRevision: 1, inventory: [] }, own, {
      ...(wished === undefined ? {} : { to: wished }),
      rescales: scale !== undefined,
    });
    if (typeof chosen === "string") {
      const place = `${app} in ${environment}`;
      const where = { place, to: wished ?? 0 };
      const { text, lines = [] } = sayNoReturn(chosen, where, succeededRevisions(own));
      return { refused: [text, ...lines] };
    }
    const { release, revision } = chosen;
    return rollbackRequest(app, wishOf(asked), { release, revision, scale }, asker);
  };
  return { app, needsRecords: true, spec };
}

function wishOf(asked: AskedWords) {
  const { environment } = asked;
  return { environment, reason: textOf(asked, "reason"), emergency: textOf(asked, "emergency") };
}

/** What a key says once: another app or environment makes another request of it. */
export function keyText(app: string, environment: string, key: string): string {
  return canonicalJson(["terminal", app, environment, key]);
}

/** @param hash of {@link keyText}, or of anything that comes once */
export function nameFor(app: string, hash: string): string {
  return releaseName(app, hash);
}

/** Whether a stored request is the very same as the one that is asked. */
export function isSame(stored: ReleaseSpec, asked: ReleaseSpec): boolean {
  return canonicalJson(stored) === canonicalJson(asked);
}
