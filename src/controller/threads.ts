import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { readManifest, storedManifest } from "../manifest/canonical.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release, SlackThread } from "../release/release.ts";
import { milestonesOf } from "../release/milestones.ts";
import type { ReleaseView } from "../release/story.ts";
import { timesOf } from "../release/times.ts";
import type { ControllerPorts } from "./ports.ts";
import { createWorkqueue, type Again, type Workqueue } from "./workqueue.ts";

/** The thread of every release, as a projection of its record: told again after a restart, not twice. */
export interface Threads {
  /** Something of this release changed. */
  touch(name: string): void;
  drain(): Promise<void>;
}

/** How long after its end a release's root message is still re-asserted at a start. */
const recentMs = 60 * 60_000;
const workers = 4;
/**
 * Noted with what was told: Slack shows the verdict. A replica that takes over re-asserts the verdicts that
 * nobody has seen shown, and does not spend its budget of edits on all of the last hour.
 */
const shownKey = "shown";

export function createThreads(
  ports: ControllerPorts,
  view: (
    release: Release,
  ) => Pick<ReleaseView, "progress" | "behind" | "earlier" | "followUp" | "owners">,
): Threads {
  const { clock, random, cache, log } = ports;
  /** Where nothing can be told any more in this process's life: no channel takes it. */
  const muted = new Set<string>();
  /** Releases whose verdict Slack shows; noted, it is not shown again after a restart. */
  const shown = new Set<string>();
  const notes = new ThreadNotes(ports);

  const work = async (name: string): Promise<Again> => {
    if (!ports.leads()) return {};
    const release = cache.release(name);
    if (release?.status === undefined || muted.has(name) || isOld(release, clock.now())) return {};
    try {
      const stableMs = stableOf(release, ports);
      const all = { release, now: clock.now(), stableMs, ...view(release) };
      await tell(release, all, ports, notes, {
        isShown: shown.has(name),
        onShown: () => {
          shown.add(name);
          queue.add(name);
        },
      });
    } catch (error) {
      if (!(error instanceof DoccError) || error.reason !== "slack-refused") throw error;
      muted.add(name);
      log.warn({ err: error, release: name }, "its thread cannot be told");
    }
    return {};
  };

  const queue: Workqueue = createWorkqueue({
    clock,
    random,
    workers,
    work,
    onError: (name, error) => log.warn({ err: error, release: name }, "its thread is told later"),
  });
  return { touch: (name) => queue.add(name), drain: () => queue.drain() };
}

/** The stability window of a release, in milliseconds. */
function stableOf({ spec, status }: Release, { environments }: ControllerPorts): number {
  const operator = environments.get(spec.environment)?.rollout ?? { timeout: 0, stable: 0 };
  const plan = status?.plan;
  const manifest = plan === undefined ? undefined : readManifest(plan.manifest);
  return manifest === undefined ? operator.stable : timesOf(manifest, operator).stable;
}

/**
 * The channel of an app's own, from what is applied: a manifest that is only asked for must not choose who
 * hears of it.
 */
function ownChannel({ spec }: Release, { cache }: ControllerPorts): string | undefined {
  const applied =
    spec.app === undefined
      ? undefined
      : cache.application(spec.app, spec.environment)?.status?.applied;
  return applied === undefined ? undefined : storedManifest(applied.manifest).channel;
}

function isOld(release: Release, now: number): boolean {
  const finished = release.status?.finishedAt;
  return finished !== undefined && now - Date.parse(finished) > recentMs;
}

async function tell(
  release: Release,
  view: ReleaseView,
  ports: ControllerPorts,
  notes: ThreadNotes,
  verdict: { readonly isShown: boolean; readonly onShown: () => void },
): Promise<void> {
  const { messenger } = ports;
  const known = await notes.settled(release);
  if (known === undefined) {
    const address = await open(release, view, ports);
    if (address !== undefined) await notes.write(release, { ...address, told: [] });
    return;
  }
  const { channel, ts } = known.thread;
  const final = isTerminal(phaseOf(release));
  if (!known.thread.told.includes(shownKey)) {
    const { onShown } = verdict;
    messenger.edit({ channel, ts }, view, { final, ...(final ? { onShown } : {}) });
  }
  let { noted } = known;
  let { told } = known.thread;
  const { direct } = known.thread;
  const isAsked = phaseOf(release) === "awaiting-approval";
  for (const address of direct ?? []) messenger.editAsk(address, view, { final: !isAsked });
  for (const milestone of milestonesOf(release, view)) {
    if (told.includes(milestone.key)) continue;
    await messenger.reply({ channel, ts }, milestone);
    told = [...told, milestone.key];
    noted = await notes.write(noted, { ...known.thread, told });
  }
  if (final && verdict.isShown && !told.includes(shownKey)) {
    await notes.write(noted, { ...known.thread, told: [...told, shownKey] });
  }
  if (isAsked && direct === undefined) {
    await notes.write(noted, { ...known.thread, told, direct: await messenger.ask(view) });
  }
}

/** A thread, and the release as it was when all of it was noted. */
interface Noted {
  readonly thread: SlackThread;
  readonly noted: Release;
}

/**
 * What has been told, in the records. Slack may take a message and the API server refuse the note of
 * it: then the note is what is tried again, never the message.
 */
class ThreadNotes {
  readonly #ports: Pick<ControllerPorts, "records" | "cache">;
  /** Told, and not yet noted: what it shall be, and what it was. */
  readonly #open = new Map<string, { readonly thread: SlackThread; readonly before: Release }>();

  constructor(ports: Pick<ControllerPorts, "records" | "cache">) {
    this.#ports = ports;
  }

  /** What is told of a release, once all of it is noted. */
  async settled(release: Release): Promise<Noted | undefined> {
    const open = this.#open.get(release.metadata.name);
    if (open !== undefined) {
      return { thread: open.thread, noted: await this.write(open.before, open.thread) };
    }
    const thread = release.status?.slack;
    return thread === undefined ? undefined : { thread, noted: release };
  }

  /** @param before the release with its thread as this process knows it */
  async write(before: Release, thread: SlackThread): Promise<Release> {
    const { name } = before.metadata;
    this.#open.set(name, { thread, before });
    try {
      const noted = await this.#ports.records.writeThread(before, thread);
      this.#ports.cache.remember(noted);
      this.#open.delete(name);
      return noted;
    } catch (error) {
      // Another replica tells it: what is in its note counts.
      if (isKubeError(error, "conflict")) this.#open.delete(name);
      throw error;
    }
  }
}

/** In the app's channel, else the environment's, else where it was asked, else to the requester alone. */
async function open(
  release: Release,
  view: ReleaseView,
  ports: ControllerPorts,
): Promise<{ readonly channel: string; readonly ts: string } | undefined> {
  const { spec } = release;
  const { messenger, environments, log } = ports;
  const { provider, user } = spec.requester;
  const wished = [
    ownChannel(release, ports),
    environments.get(spec.environment)?.channel,
    spec.channel,
    provider === "slack" ? user : undefined,
  ].filter((each) => each !== undefined);
  const places = [...new Set(wished)];
  for (const [at, place] of places.entries()) {
    try {
      return await messenger.open(place, view);
    } catch (error) {
      const isLast = at === places.length - 1;
      if (isLast || !(error instanceof DoccError) || error.reason !== "slack-refused") throw error;
      log.warn({ err: error, channel: place }, "the channel takes no message; trying the next");
    }
  }
  return undefined;
}
