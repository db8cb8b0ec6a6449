import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release } from "../release/release.ts";
import type { ReleaseView } from "../release/story.ts";
import type { Address } from "./messenger.ts";
import { firstThatTakes, placesOf } from "./places.ts";
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
  const post = async (channel: string): Promise<void> => {
    if (channel !== marked) noted = await notes.write(noted, { channel, posting: true, told: [] });
    marked = channel;
    const address = await messenger.open(channel, view);
    // What was lost may still come to light: later, another look settles it.
    await notes.write(noted, { ...address, told: [], ...(isAgain ? { posting: true } : {}) });
  };
  await firstThatTakes(places, post, (channel, error) =>
    log.warn({ err: error, channel }, "the channel takes no message; trying the next"),
  );
  return places.length > 0;
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
