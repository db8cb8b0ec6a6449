import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import type { Address, Messenger } from "../../src/controller/messenger.ts";
import type { ControllerPorts } from "../../src/controller/ports.ts";
import { ThreadNotes } from "../../src/controller/thread-notes.ts";
import { createThreads } from "../../src/controller/threads.ts";
import { DoccError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Release, ReleaseStatus, SlackThread } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";
import { until } from "../support/until.ts";

/** A Slack that takes every message, and records that refuse the first so many notes. */
function rig(
  refusals: number,
  ownChannel?: string,
  status: Partial<ReleaseStatus> = {},
  slack: Partial<Messenger> = {},
  preferences: ControllerPorts["preferences"] = () => ({}),
) {
  const clock = new SteppedClock();
  const said: string[] = [];
  let current: Release = release(
    { phase: "planned", transitions: [], ...status },
    { channel: "C0DEPLOYS" },
  );
  const shown: (() => void)[] = [];
  const edit: Messenger["edit"] = (_address, _view, { onShown }) => {
    if (onShown !== undefined) shown.push(onShown);
  };
  let left = refusals;
  const applied = { manifest: JSON.stringify({ channel: ownChannel }) };
  const head = ownChannel === undefined ? undefined : { status: { applied } };
  const ports = {
    leads: () => true,
    clock,
    random: () => 0,
    environments: new Map(),
    preferences,
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
        if (slack.ts !== undefined) left -= 1;
        if (left >= 0 && slack.ts !== undefined)
          return Promise.reject(new DoccError("unavailable", "The API is away."));
        return Promise.resolve({ ...current, status: { ...current.status, slack } });
      },
    },
    messenger: {
      open: (channel: string) => {
        said.push(`root in ${channel}`);
        return Promise.resolve({ channel, ts: "1.0" });
      },
      edit,
      editAsk: edit,
      reply: (_address: unknown, { key }: { key: string }) => {
        said.push(key);
        return Promise.resolve();
      },
      roots: () => {
        said.push("look for the root");
        return Promise.resolve(undefined);
      },
      replies: () => Promise.resolve(undefined),
      retire: ({ ts }: Address) => {
        said.push(`retire ${ts}`);
        return Promise.resolve();
      },
      flush: () => Promise.resolve(),
      tellEnd: () => Promise.resolve(false),
      ...slack,
    },
  };
  // Only what threads use of the ports is there.
  const used = ports as unknown as ControllerPorts;
  const threads = createThreads({ ...used, notes: new ThreadNotes(used) }, () => ({}));
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

  it("is opened while those of a busy channel wait for their turn", async () => {
    let turns = 0;
    const waits = (): Promise<never> => {
      turns += 1;
      return Promise.withResolvers<never>().promise;
    };
    const { clock, threads } = rig(0, undefined, {}, { open: waits, roots: waits });
    for (let at = 1; at <= 21; at += 1) threads.touch(`release-${at}`);
    clock.step(1);
    await until("all 21 wait for their own turn", () => turns === 21);
  });

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

  it.each([
    ["every step, unless told", {}, "C0DEPLOYS", ["applied", "ready"]],
    ["none in a quiet channel", { C0DEPLOYS: true }, "C0DEPLOYS", []],
    [
      "them where only the asker wants quiet",
      { U0DEVELOPER: true },
      "C0DEPLOYS",
      ["applied", "ready"],
    ],
    ["none in a direct message to them", { U0DEVELOPER: true }, "D0DIRECT", []],
  ])("tells %s, and notes them all", async (_name, quiet, channel, wanted) => {
    const quieted: Readonly<Record<string, boolean>> = quiet;
    const at = new Date(0).toISOString();
    const { clock, said, threads, told } = rig(
      0,
      undefined,
      {
        phase: "verifying",
        plan,
        transitions: ["progressing", "verifying"].map((phase) => ({
          phase: phase as "progressing",
          at,
          actor: "docc",
        })),
        verdict: { outcome: "succeeded", affected: "", ready: 3, wanted: 3, urls: [] },
        slack: { channel, ts: "1.0", told: [] },
      },
      {},
      (_kind, id) => ({ quiet: quieted[id] === true }),
    );
    threads.touch("r1");
    await until("all is noted", () => {
      clock.step(1_000);
      return told()?.told.length === 2;
    });
    expect(told()?.told).toEqual(["applied", "ready"]);
    expect(said).toEqual(wanted);
    await threads.drain();
  });

  it.each([
    [true, ["end", "shown"]],
    [false, ["shown"]],
  ])("tells the end to who wants to hear it alone (%s), once", async (wants, keys) => {
    const ends: string[] = [];
    const { clock, shown, threads, told } = rig(
      0,
      undefined,
      {
        phase: "rejected",
        finishedAt: "2100-01-01T00:00:00.000Z",
        slack: { channel: "C0DEPLOYS", ts: "1.0", told: [] },
      },
      {
        tellEnd: (_view, { ts }) => {
          ends.push(ts);
          return Promise.resolve(wants);
        },
      },
    );
    threads.touch("r1");
    await until("it is edited", () => {
      clock.step(1);
      return shown.length > 0;
    });
    shown.forEach((each) => each());
    await until("that is noted", () => {
      clock.step(1_000);
      return told()?.told.includes("shown") === true;
    });
    const before = ends.length;
    threads.touch("r1");
    clock.step(1_000);
    await threads.drain();
    expect(told()?.told).toEqual(keys);
    expect(ends).toHaveLength(before);
    if (wants) expect(ends).toEqual(["1.0"]);
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

  it("re-asserts it until every direct message that asked shows it, too", async () => {
    const ended = {
      phase: "rejected",
      finishedAt: "2100-01-01T00:00:00.000Z",
      slack: { channel: "C0DEPLOYS", ts: "1.0", told: [], direct: [{ channel: "D1", ts: "2.0" }] },
    } as const;
    const { clock, shown, threads, told } = rig(0, undefined, ended);
    threads.touch("r1");
    clock.step(1);
    await until("both are edited", () => shown.length === 2);
    const [root, direct] = shown;
    root?.();
    clock.step(1_000);
    await until("both are edited again", () => shown.length === 4);
    expect(told()?.told).toEqual([]);
    direct?.();
    await until("that is noted", () => {
      clock.step(1_000);
      return told()?.told.includes("shown") === true;
    });
    const edits = shown.length;
    threads.touch("r1");
    clock.step(1_000);
    await threads.drain();
    expect(shown).toHaveLength(edits);
  });

  const marked = { channel: "C0DEPLOYS", posting: true, told: [] } as const;
  const found = (...ts: readonly string[]): Partial<Messenger> => ({
    roots: (channel) => Promise.resolve(ts.map((each) => ({ channel, ts: each }))),
  });
  const settled = async ({ clock, threads }: ReturnType<typeof rig>): Promise<void> => {
    threads.touch("r1");
    clock.step(60_000);
    await threads.drain();
  };

  it("adopts the root that a process before may have posted, and retires what is too much", async () => {
    const stage = rig(0, undefined, { slack: marked }, found("2.0", "3.0"));
    await settled(stage);
    expect(stage.said).toEqual(["retire 3.0"]);
    expect(stage.told()).toEqual({ channel: "C0DEPLOYS", ts: "2.0", told: [] });
  });

  it("posts where a look shows none, and keeps in mind that one may come to light", async () => {
    const stage = rig(0, undefined, { slack: marked }, found());
    await settled(stage);
    expect(stage.said).toEqual(["root in C0DEPLOYS"]);
    expect(stage.told()).toEqual({ ...marked, ts: "1.0" });
  });

  it("posts nothing while nobody knows whether it was posted", async () => {
    const away = (): Promise<never> =>
      Promise.reject(new DoccError("unavailable", "Slack is away."));
    const stage = rig(0, undefined, { slack: marked }, { roots: away });
    await settled(stage);
    expect(stage.said).toEqual([]);
    expect(stage.told()).toEqual(marked);
  });

  it("looks once more at the end, and retires what has come to light", async () => {
    const ended = { phase: "rejected", finishedAt: "2100-01-01T00:00:00.000Z" } as const;
    const slack = { ...marked, ts: "1.0", told: ["shown"] };
    const stage = rig(0, undefined, { ...ended, slack }, found("0.9", "1.0"));
    await settled(stage);
    expect(stage.said).toEqual(["retire 0.9"]);
    expect(stage.told()).toEqual({ channel: "C0DEPLOYS", ts: "1.0", told: ["shown"] });
  });

  it("notes what it finds in a thread that it has not told itself, and says it not again", async () => {
    const stopped = {
      by: { provider: "slack", team: "T", user: "U" },
      reason: "",
      at: "",
    } as const;
    const slack = { channel: "C0DEPLOYS", ts: "1.0", told: [] };
    const heard = { replies: () => Promise.resolve(["stop"]) };
    const transitions = [{ phase: "progressing", at: "", actor: "docc" }] as const;
    const status = { phase: "progressing", plan, transitions, stop: stopped, slack } as const;
    const stage = rig(0, undefined, status, heard);
    await settled(stage);
    expect(stage.said).toEqual(["applied"]);
    expect(stage.told()?.told).toEqual(["stop", "applied"]);
  });
});
