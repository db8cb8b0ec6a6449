import { isDoccError } from "../errors.ts";
import { readManifest } from "../manifest/canonical.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Release, SlackThread } from "../release/release.ts";
import { milestonesOf } from "../release/milestones.ts";
import { isOnlyProgress } from "../release/quiet.ts";
import type { ReleaseView } from "../release/story.ts";
import { timesOf } from "../release/times.ts";
import type { Address, EditOptions } from "./messenger.ts";
import { openThread, retireCopies } from "./opening.ts";
import type { ControllerPorts } from "./ports.ts";
import type { Noted } from "./thread-notes.ts";
import { createWorkqueue, type Again, type Workqueue } from "./workqueue.ts";

/** The thread of every release, as a projection of its record: told again after a restart, not twice. */
export interface Threads {
  /** Something of this release changed. */
  touch(name: string): void;
  drain(): Promise<void>;
}

/** How long after its end a release's root message is still re-asserted at a start. */
const recentMs = 60 * 60_000;
/** Most of them only wait for their turn in a channel; a busy channel must not hold up what others are told. */
const workers = 32;
/**
 * Noted with what was told: Slack shows the verdict, in the thread and in every direct message that asked. A
 * replica that takes over re-asserts the verdicts that nobody has seen shown, and does not spend its budget of
 * edits on all of the last hour.
 */
const shownKey = "shown";
/** Noted with what was told: those who want a direct message of the end have got it. */
const endKey = "end";

export function createThreads(
  ports: ControllerPorts,
  view: (
    release: Release,
  ) => Pick<ReleaseView, "progress" | "behind" | "earlier" | "followUp" | "owners">,
): Threads {
  const { clock, random, cache, log } = ports;
  /** Where nothing can be told any more in this process's life: no channel takes it. */
  const muted = new Set<string>();
  /** Messages in which Slack shows a verdict; once all of a release's are noted, none is shown again. */
  const shown = new Set<string>();
  const sure = new Set<string>();

  const work = async (name: string): Promise<Again> => {
    if (!ports.leads()) return {};
    const release = cache.release(name);
    if (release?.status === undefined || muted.has(name) || isOld(release, clock.now())) return {};
    try {
      const stableMs = stableOf(release, ports);
      const all = { release, now: clock.now(), stableMs, ...view(release) };
      const verdict: Verdict = {
        isShown: ({ channel, ts }) => shown.has(`${channel} ${ts}`),
        onShown: ({ channel, ts }) => {
          shown.add(`${channel} ${ts}`);
          queue.add(name);
        },
      };
      await tell({ release, view: all, ports, sure, verdict });
    } catch (error) {
      if (!isDoccError(error, "slack-refused")) throw error;
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

function isOld(release: Release, now: number): boolean {
  const finished = release.status?.finishedAt;
  return finished !== undefined && now - Date.parse(finished) > recentMs;
}

/** Where the verdict of a release is shown. */
interface Verdict {
  isShown(at: Address): boolean;
  onShown(at: Address): void;
}

interface Telling {
  readonly release: Release;
  readonly view: ReleaseView;
  readonly ports: ControllerPorts;
  /** Releases of whose thread this process knows that everything in it is noted. */
  readonly sure: Set<string>;
  readonly verdict: Verdict;
}

async function tell(telling: Telling): Promise<void> {
  const { release, view, ports, sure, verdict } = telling;
  const { notes } = ports;
  const known = await notes.settled(release);
  const { channel, ts } = known?.thread ?? {};
  if (known === undefined || channel === undefined || ts === undefined) {
    if (await openThread(release, known, view, ports)) sure.add(release.metadata.name);
    return;
  }
  const address = { channel, ts };
  const final = isTerminal(phaseOf(release));
  const isAsked = phaseOf(release) === "awaiting-approval";
  const asking = known.thread.direct ?? [];
  const isNoted = known.thread.told.includes(shownKey);
  if (!isNoted) show(address, asking, telling);
  let { noted, thread } = await tellMilestones(known, address, telling);
  const hasMore = thread.told.length > known.thread.told.length;
  if (thread.posting === true && (hasMore || final)) {
    ({ noted, thread } = await retireCopies({ noted, thread }, address, view, ports));
  }
  const note = async (changed: Partial<SlackThread>): Promise<void> => {
    thread = { ...thread, ...changed };
    noted = await notes.write(noted, thread);
  };
  if (final && !isNoted && !thread.told.includes(endKey)) {
    if (await ports.messenger.tellEnd(view, address))
      await note({ told: [...thread.told, endKey] });
  }
  if (final && !isNoted && [address, ...asking].every((at) => verdict.isShown(at))) {
    await note({ told: [...thread.told, shownKey] });
  }
  if (isAsked && thread.direct === undefined)
    await note({ direct: await ports.messenger.ask(view) });
}

/** Brings the root message, and the direct ones that asked for a yes, to what the record says. */
function show(root: Address, asking: readonly Address[], telling: Telling): void {
  const { release, view, verdict } = telling;
  const { messenger } = telling.ports;
  const isOver = isTerminal(phaseOf(release));
  const isAsked = phaseOf(release) === "awaiting-approval";
  const told = (at: Address): Pick<EditOptions, "onShown"> =>
    isOver ? { onShown: () => verdict.onShown(at) } : {};
  messenger.edit(root, view, { asks: isAsked, final: isOver, ...told(root) });
  for (const direct of asking) {
    messenger.editAsk(direct, view, { asks: isAsked, final: !isAsked, ...told(direct) });
  }
}

/** Whether a thread carries what decides alone: by its channel, or by whom a direct message is for. */
function isQuiet(
  channel: string,
  { spec: { requester } }: Release,
  { preferences }: Pick<ControllerPorts, "preferences">,
): boolean {
  const isDirect = directMessage.test(channel);
  const { quiet } = isDirect
    ? preferences("person", requester.user)
    : preferences("channel", channel);
  return quiet === true;
}

const directMessage = /^D/;

/** Tells what the thread has not heard yet. What a lost answer or a dead process has left in it is noted first. */
async function tellMilestones(
  known: Noted,
  address: Address,
  { release, view, ports, sure }: Telling,
): Promise<Noted> {
  const { messenger, notes } = ports;
  const { name } = release.metadata;
  let { noted, thread } = known;
  const note = async (keys: readonly string[]): Promise<void> => {
    thread = { ...thread, told: [...thread.told, ...keys] };
    noted = await notes.write(noted, thread);
  };
  const due = milestonesOf(release, view).filter(({ key }) => !thread.told.includes(key));
  if (due.length > 0 && !sure.has(name)) {
    const there = (await messenger.replies(address, release)) ?? [];
    const keys = due.map(({ key }) => key).filter((key) => there.includes(key));
    if (keys.length > 0) await note(keys);
    sure.add(name);
  }
  const untold = due.filter(({ key }) => !thread.told.includes(key));
  const passed = isQuiet(address.channel, release, ports) ? untold.filter(isOnlyProgress) : [];
  // Noted as if it had been told: it would come late, and out of order, once the channel is not quiet any more.
  if (passed.length > 0) await note(passed.map(({ key }) => key));
  for (const milestone of untold) {
    if (thread.told.includes(milestone.key)) continue;
    try {
      await messenger.reply(address, milestone, release);
    } catch (error) {
      sure.delete(name);
      throw error;
    }
    await note([milestone.key]);
  }
  return { noted, thread };
}
