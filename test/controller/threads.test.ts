import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { ControllerPorts } from "../../src/controller/ports.ts";
import { createThreads } from "../../src/controller/threads.ts";
import { DoccError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Release, ReleaseStatus, SlackThread } from "../../src/release/release.ts";
import { release } from "../release/releases.ts";
import { until } from "../support/until.ts";

/** A Slack that takes every message, and records that refuse the first so many notes. */
function rig(refusals: number, ownChannel?: string, status: Partial<ReleaseStatus> = {}) {
  const clock = new SteppedClock();
  const said: string[] = [];
  let current: Release = release(
    { phase: "planned", transitions: [], ...status },
    { channel: "C0DEPLOYS" },
  );
  const shown: (() => void)[] = [];
  let left = refusals;
  const applied = { manifest: JSON.stringify({ channel: ownChannel }) };
  const head = ownChannel === undefined ? undefined : { status: { applied } };
  const ports = {
    leads: () => true,
    clock,
    random: () => 0,
    environments: new Map(),
    log: createLogger("silent"),
    cache: {
      release: () => current,
      application: () => head,
      remember: (noted: Release) => {
        current = noted;
      },
    },
    records: {
      writeThread: (_name: string, slack: SlackThread) => {
        left -= 1;
        if (left >= 0) return Promise.reject(new DoccError("unavailable", "The API is away."));
        return Promise.resolve({ ...current, status: { ...current.status, slack } });
      },
    },
    messenger: {
      open: (channel: string) => {
        said.push(`root in ${channel}`);
        return Promise.resolve({ channel, ts: "1.0" });
      },
      edit: (_address: unknown, _view: unknown, { onShown }: { onShown?: () => void }) => {
        if (onShown !== undefined) shown.push(onShown);
      },
      reply: (_address: unknown, { key }: { key: string }) => {
        said.push(key);
        return Promise.resolve();
      },
      flush: () => Promise.resolve(),
    },
  };
  // Only what threads use of the ports is there.
  const threads = createThreads(ports as unknown as ControllerPorts, () => ({}));
  return { clock, said, shown, threads, told: () => current.status?.slack };
}

describe("the thread of a release", () => {
  it.each([0, 1, 5])(
    "has one root, however often (%d times) its note is refused",
    async (refusals) => {
      const { clock, said, threads, told } = rig(refusals);
      for (let look = 0; look <= refusals; look += 1) {
        threads.touch("r1");
        clock.step(60_000);
        await until("a look is over", () => told() !== undefined || said.length > 0);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until("the root is noted", () => {
        clock.step(1_000);
        return told() !== undefined;
      });
      expect(said).toEqual(["root in C0DEPLOYS"]);
      await threads.drain();
    },
  );

  it("is opened in the channel of the app that is live", async () => {
    const { clock, said, threads, told } = rig(0, "C0OWN");
    threads.touch("r1");
    await until("the root is noted", () => {
      clock.step(1_000);
      return told() !== undefined;
    });
    expect(said).toEqual(["root in C0OWN"]);
    await threads.drain();
  });

  it("re-asserts a verdict until Slack shows it, and never again", async () => {
    const ended = {
      phase: "rejected",
      finishedAt: "2100-01-01T00:00:00.000Z",
      slack: { channel: "C0DEPLOYS", ts: "1.0", told: [] },
    } as const;
    const { clock, said, shown, threads, told } = rig(0, undefined, ended);
    threads.touch("r1");
    clock.step(1);
    await until("it is edited", () => shown.length === 1);
    expect(told()?.told).toEqual([]);
    shown[0]?.();
    await until("that is noted", () => {
      clock.step(1_000);
      return told()?.told.includes("shown") === true;
    });
    const edits = shown.length;
    threads.touch("r1");
    clock.step(1_000);
    await threads.drain();
    expect(shown).toHaveLength(edits);
    expect(said).toEqual([]);
  });
});
