import type { Adopted, ReleaseSpec, Source } from "./release.ts";

/** Who asks, and where: the part of a request that its edge knows. */
export interface Asker extends Pick<ReleaseSpec, "requester"> {
  readonly channel?: string | undefined;
  readonly tell?: string | undefined;
}

/** Where something is asked for, and why. */
export interface Wish extends Pick<ReleaseSpec, "environment"> {
  readonly reason?: string | undefined;
  readonly emergency?: string | undefined;
}

/** @param app absent while only an unread file knows it */
export function deployRequest(
  app: string | undefined,
  wish: Wish,
  what: { readonly source: Source; readonly words: Readonly<Record<string, string>> },
  asker: Asker,
): ReleaseSpec {
  return { ...(app === undefined ? {} : { app }), kind: "deploy", ...what, ...common(wish, asker) };
}

/** @param app the name of the Deployment that runs without docc */
export function adoptionRequest(
  app: string,
  wish: Wish,
  adopts: Adopted,
  asker: Asker,
): ReleaseSpec {
  const source: Source = { type: "adoption", adopts };
  return { app, kind: "deploy", source, words: {}, ...common(wish, asker) };
}

/** @param scale another one than today's */
export function rollbackRequest(
  app: string,
  wish: Wish,
  to: {
    readonly release: string;
    readonly revision: number;
    readonly scale?: string | undefined;
  },
  asker: Asker,
): ReleaseSpec {
  const { release, revision, scale } = to;
  const source: Source = { type: "release", release, revision };
  const words = scale === undefined ? {} : { scale };
  return { app, kind: "rollback", source, words, ...common(wish, asker) };
}

export function restartRequest(app: string, wish: Wish, asker: Asker): ReleaseSpec {
  return { app, kind: "restart", source: { type: "stored" }, words: {}, ...common(wish, asker) };
}

/** @param words what changes of the stored manifest */
export function updateRequest(
  app: string,
  wish: Wish,
  words: Readonly<Record<string, string>>,
  asker: Asker,
): ReleaseSpec {
  return { app, kind: "update", source: { type: "stored" }, words, ...common(wish, asker) };
}

export function deleteRequest(app: string, wish: Wish, asker: Asker): ReleaseSpec {
  return { app, kind: "delete", source: { type: "stored" }, words: {}, ...common(wish, asker) };
}

function common({ environment, reason, emergency }: Wish, asker: Asker) {
  const { requester, channel, tell } = asker;
  return {
    environment,
    requester,
    ...(reason === undefined ? {} : { reason }),
    ...(emergency === undefined ? {} : { emergency }),
    ...(tell === undefined ? {} : { tell }),
    ...(channel === undefined ? {} : { channel }),
  };
}
