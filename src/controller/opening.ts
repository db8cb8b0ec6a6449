import { DoccError } from "../errors.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";
import type { ReleaseView } from "../release/story.ts";
import type { Address } from "./messenger.ts";
import type { ControllerPorts } from "./ports.ts";
import type { Noted } from "./thread-notes.ts";

/**
 * Brings the root message of a release about. Before it is posted the record says that it may be there
 * (`posting`): whoever comes by again, after a lost answer or in another process, looks for it and adopts it.
 * True when nothing else of this release can be in Slack.
 */
export async function openThread(
  release: Release,
  known: Noted | undefined,
  view: ReleaseView,
  ports: ControllerPorts,
): Promise<boolean> {
  const { messenger, notes, log } = ports;
  let noted = known?.noted ?? release;
  let marked = known?.thread.channel;
  const isAgain = marked !== undefined;
  if (marked !== undefined) {
    const [found, ...copies] = (await messenger.roots(marked, release)) ?? [];
    if (found !== undefined) {
      for (const copy of copies) await messenger.retire(copy, found, view);
      await notes.write(noted, { ...found, told: [] });
      return false;
    }
  }
  const places = placesOf(release, ports);
  for (const [at, channel] of places.entries()) {
    if (channel !== marked) noted = await notes.write(noted, { channel, posting: true, told: [] });
    marked = channel;
    try {
      const address = await messenger.open(channel, view);
      // What was lost may still come to light: later, another look settles it.
      await notes.write(noted, { ...address, told: [], ...(isAgain ? { posting: true } : {}) });
      return true;
    } catch (error) {
      const isLast = at === places.length - 1;
      if (isLast || !(error instanceof DoccError) || error.reason !== "slack-refused") throw error;
      log.warn({ err: error, channel }, "the channel takes no message; trying the next");
    }
  }
  return false;
}

/** After a second post: a first one that has come to light says where its release is told. */
export async function retireCopies(
  { noted, thread }: Noted,
  address: Address,
  view: ReleaseView,
  { messenger, notes }: Pick<ControllerPorts, "messenger" | "notes">,
): Promise<Noted> {
  const { release } = view;
  const roots = await messenger.roots(address.channel, release);
  const copies = roots?.filter(({ ts }) => ts !== address.ts) ?? [];
  for (const copy of copies) await messenger.retire(copy, address, view);
  const isSettled = copies.length > 0 || isTerminal(phaseOf(release));
  if (roots === undefined || !isSettled) return { noted, thread };
  const { posting: _, ...settled } = thread;
  return { noted: await notes.write(noted, settled), thread: settled };
}

/**
 * In the app's channel, else the environment's, else where it was asked, else to the requester alone. One that
 * takes no message, or in which another organisation would read it, is passed over by whoever posts.
 */
export function placesOf(
  release: Release,
  ports: Pick<ControllerPorts, "cache" | "environments">,
): readonly string[] {
  const { spec } = release;
  const { provider, user } = spec.requester;
  const wished = [
    ownChannel(release, ports),
    ports.environments.get(spec.environment)?.channel,
    spec.channel,
    provider === "slack" ? user : undefined,
  ];
  return [...new Set(wished.filter((each) => each !== undefined))];
}

/**
 * The channel of an app's own, from what is applied: a manifest that is only asked for must not choose who
 * hears of it.
 */
function ownChannel(
  { spec }: Release,
  { cache }: Pick<ControllerPorts, "cache">,
): string | undefined {
  const applied =
    spec.app === undefined
      ? undefined
      : cache.application(spec.app, spec.environment)?.status?.applied;
  return applied === undefined ? undefined : storedManifest(applied.manifest).channel;
}
