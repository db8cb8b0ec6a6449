import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { type LockingPorts, tellLocked, tellUnlocked } from "../../src/controller/locking.ts";
import { DoccError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import type { Identity, Lock } from "../../src/release/release.ts";

const slack = (user: string): Identity => ({ provider: "slack", team: "T0TEAM", user });
const lock: Lock = { by: slack("U0OWNER"), reason: "", at: "2017-12-06T09:00:00.000Z" };
const place = { app: "shop", environment: "production", channel: "C0DEPLOYS" };
const { channel: _, ...nowhere } = place;

interface Given {
  readonly quiet?: readonly string[];
  /** Slack takes nothing there. */
  readonly closed?: readonly string[];
  /** Slack does not answer. */
  readonly silent?: boolean;
}

function portsWith({ quiet = [], closed = [], silent = false }: Given) {
  const said: string[] = [];
  const waits: (() => void)[] = [];
  const clock: Clock = { now: () => 0, after: (_ms, task) => (waits.push(task), () => undefined) };
  const ports = {
    environments: new Map(),
    cache: { application: () => undefined },
    people: [],
    preferences: (_kind: string, id: string) => ({ quiet: quiet.includes(id) }),
    announce: (to: string, sentence: string) => {
      if (silent) return new Promise(() => undefined);
      if (closed.includes(to)) {
        return Promise.reject(new DoccError("slack-refused", "docc is not in there."));
      }
      said.push(`${to}: ${sentence}`);
      return Promise.resolve();
    },
    clock,
    log: createLogger("silent"),
  };
  // Only what is asked of them here is there.
  return { said, waits, ports: ports as unknown as LockingPorts };
}

async function unlocked(given: Given = {}, by = lock.by) {
  const { said, ports } = portsWith(given);
  const gone = { unlocked: { ...lock, by }, own: false };
  return { said, told: await tellUnlocked(place, gone, slack("U0OTHER"), ports) };
}

const inChannel =
  "C0DEPLOYS: shop in production was unlocked by @U0OTHER; it was locked by @U0OWNER.";

describe("who loses a lock", () => {
  it("hears of it in a direct message, beside the channel", async () => {
    expect(await unlocked({ quiet: ["U0OTHER"] })).toEqual({
      said: [inChannel, "U0OWNER: Your lock is gone: shop in production was unlocked by @U0OTHER."],
      told: { isTold: true, isOwnerTold: true },
    });
  });

  it("hears of it in the channel alone, where they want quiet", async () => {
    expect(await unlocked({ quiet: ["U0OWNER"] })).toEqual({
      said: [inChannel],
      told: { isTold: true, isOwnerTold: false },
    });
  });

  it("is not told where Slack does not take it, or docc does not know them there", async () => {
    const refused = await unlocked({ closed: ["U0OWNER"] });
    expect(refused.told).toEqual({ isTold: true, isOwnerTold: false });
    const robot = { provider: "kubernetes", team: "", user: "robot" } as const;
    expect((await unlocked({}, robot)).told).toEqual({ isTold: true, isOwnerTold: false });
  });
});

describe("whoever locks", () => {
  const locked = (given: Given, where: Parameters<typeof tellLocked>[0] = place) =>
    tellLocked(where, lock, portsWith(given).ports);

  it("hears whether a channel has heard of it", async () => {
    expect(await locked({})).toEqual({ isTold: true });
    expect(await locked({ closed: ["C0DEPLOYS"] })).toEqual({ isTold: false });
    expect(await locked({}, nowhere)).toEqual({ isTold: false });
  });

  it("is not kept waiting by a Slack that does not answer", async () => {
    const { ports, waits } = portsWith({ silent: true });
    const answer = tellLocked(place, lock, ports);
    for (const wake of waits) wake();
    expect(await answer).toEqual({});
  });
});
