import { describe, expect, it } from "vitest";
import { type LockingPorts, tellUnlocked } from "../../src/controller/locking.ts";
import { createLogger } from "../../src/log.ts";
import type { Identity, Lock } from "../../src/release/release.ts";

const slack = (user: string): Identity => ({ provider: "slack", team: "T0TEAM", user });
const lock: Lock = { by: slack("U0OWNER"), reason: "", at: "2017-12-06T09:00:00.000Z" };
const place = { app: "shop", environment: "production", channel: "C0DEPLOYS" };

async function told(quiet: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  const ports = {
    environments: new Map(),
    cache: { application: () => undefined },
    people: [],
    preferences: (_kind: string, id: string) => ({ quiet: quiet.includes(id) }),
    announce: (to: string, sentence: string) => {
      said.push(`${to}: ${sentence}`);
      return Promise.resolve();
    },
    log: createLogger("silent"),
  };
  // Only what is asked of them here is there.
  const used = ports as unknown as LockingPorts;
  await tellUnlocked(place, { unlocked: lock, own: false }, slack("U0OTHER"), used);
  return said;
}

const inChannel =
  "C0DEPLOYS: shop in production was unlocked by @U0OTHER; it was locked by @U0OWNER.";

describe("who loses a lock", () => {
  it("hears of it in a direct message, beside the channel", async () => {
    expect(await told(["U0OTHER"])).toEqual([
      inChannel,
      "U0OWNER: Your lock is gone: shop in production was unlocked by @U0OTHER.",
    ]);
  });

  it("hears of it in the channel alone, where they want quiet", async () => {
    expect(await told(["U0OWNER"])).toEqual([inChannel]);
  });
});
