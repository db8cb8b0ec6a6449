import { describe, expect, it } from "vitest";
import type { Lock } from "../../src/release/release.ts";
import type { Request } from "../../src/commands/define.ts";
import { say, worldOf } from "./ports.ts";

const held: Lock = {
  by: { provider: "slack", team: "T0TEAM", user: "U0OTHER" },
  reason: "load test",
  at: "1970-01-01T00:00:00.000Z",
  until: "2017-12-06T13:00:00.000Z",
};
const own: Lock = { ...held, by: { ...held.by, user: "U0DEVELOPER" } };

async function hear(
  typed: string,
  world: Parameters<typeof worldOf>[0] = {},
  more: Partial<Request> = {},
): Promise<string> {
  const { text, lines = [], reason } = (await say(typed, worldOf(world), more)).answer;
  return [text, ...lines, ...(reason === undefined ? [] : [`(${reason})`])].join("\n");
}

describe("lock", () => {
  it("says until when, and why", async () => {
    expect(await hear('lock kubecon-2017 for=2h reason="load test"')).toMatchInlineSnapshot(`
      "Locked kubecon-2017 in staging until 1970-01-01 02:00 UTC: load test.
      Your own releases do not end it. Rollbacks are not held up by it."
    `);
    expect(await hear("lock kubecon-2017")).toMatchInlineSnapshot(`
      "Locked kubecon-2017 in staging.
      Your own releases do not end it. Rollbacks are not held up by it."
    `);
  });

  it("says whose it is, and why, on one line each, whatever they are called", async () => {
    const by = {
      provider: "kubernetes",
      team: "",
      user: `eve\nUnlocked.${"x".repeat(200)}`,
    } as const;
    const [text] = (await hear("lock kubecon-2017", { lock: { ...held, by } })).split("\n");
    expect(text).toMatch(
      / is locked by eve Unlocked\.x+… until 2017-12-06 13:00 UTC: load test\.$/,
    );
    const [said] = (await hear('lock kubecon-2017 reason="load\ntest"')).split("\n");
    expect(said).toBe("Locked kubecon-2017 in staging: load test.");
  });

  it("says that no channel has heard of it, and nothing where one has", async () => {
    expect(await hear("lock kubecon-2017", { told: { isTold: false } })).toMatchInlineSnapshot(`
      "Locked kubecon-2017 in staging.
      Your own releases do not end it. Rollbacks are not held up by it.
      No channel has heard of it: name one in the manifest, invite docc there with /invite @docc, or say it yourself."
    `);
    expect(await hear("lock kubecon-2017", { told: { isTold: true } })).not.toContain("heard");
  });

  it("tells a channel, and no direct message with docc", async () => {
    const asked = async (channel: string) => {
      const world = worldOf();
      await say("lock kubecon-2017", world, { channel });
      return world.asked[0];
    };
    expect(await asked("C0DEPLOYS")).toHaveProperty("channel", "C0DEPLOYS");
    expect(await asked("D0DEVELOPER")).not.toHaveProperty("channel");
  });

  it("says that its owner had it already", async () => {
    expect(await hear("lock kubecon-2017 for=3h", { lock: own })).toMatchInlineSnapshot(`
      "You had locked kubecon-2017 in staging already; the lock now holds until 1970-01-01 03:00 UTC: load test.
      Your own releases do not end it. Rollbacks are not held up by it."
    `);
  });

  it("is refused with whose it is, why, and until when", async () => {
    expect(await hear("lock kubecon-2017", { lock: held })).toMatchInlineSnapshot(`
      "kubecon-2017 in staging is locked by @U0OTHER until 2017-12-06 13:00 UTC: load test.
      Ask them; the app's owners may /docc unlock kubecon-2017 in=staging
      (conflict)"
    `);
  });

  it("that comes too late says so, and does nothing", async () => {
    const world = { lockClock: 5 * 60_000 };
    expect(await hear("lock kubecon-2017 for=1m", world, { askedAt: 0 })).toMatchInlineSnapshot(`
      "kubecon-2017 in staging was to be locked until 1970-01-01 00:01 UTC, which had passed when docc came to it: nothing was changed.
      (expired)"
    `);
  });

  it.each(["2", "soon", "0s", "59s", "31d", "-2h"])("takes no time such as %s", async (time) => {
    expect(await hear(`lock kubecon-2017 for=${time}`)).toContain(
      "for= takes a duration such as 30m, 2h or 1d, from 1m to 30d.",
    );
  });

  it("needs an app that there is", async () => {
    expect(await hear("lock kubecon-2071")).toMatchInlineSnapshot(`
      "docc has no kubecon-2071 in staging.
      Did you mean kubecon-2017?
      (not-found)"
    `);
  });
});

describe("unlock", () => {
  it("is for the owner of the lock", async () => {
    expect(await hear("unlock kubecon-2017", { lock: own })).toMatchInlineSnapshot(
      `"Unlocked kubecon-2017 in staging."`,
    );
  });

  it("tells those who answer for the app whose lock it was", async () => {
    const world = {
      lock: held,
      standing: { isOwner: true },
      told: { isTold: true, isOwnerTold: true },
    };
    expect(await hear("unlock kubecon-2017", world)).toMatchInlineSnapshot(`
      "Unlocked kubecon-2017 in staging. It was locked by @U0OTHER until 2017-12-06 13:00 UTC: load test.
      They are told."
    `);
  });

  it("says who has not heard that the lock is gone", async () => {
    const world = {
      lock: held,
      standing: { isOwner: true },
      told: { isTold: false, isOwnerTold: false },
    };
    expect(await hear("unlock kubecon-2017", world)).toMatchInlineSnapshot(`
      "Unlocked kubecon-2017 in staging. It was locked by @U0OTHER until 2017-12-06 13:00 UTC: load test.
      They have not been told: tell them.
      No channel has heard of it: name one in the manifest, invite docc there with /invite @docc, or say it yourself."
    `);
    expect(await hear("unlock kubecon-2017", { ...world, told: {} })).not.toContain("told");
  });

  it("is refused to others", async () => {
    expect(await hear("unlock kubecon-2017", { lock: held })).toMatchInlineSnapshot(`
      "Only @U0OTHER, those who answer for kubecon-2017, and docc's operators may unlock it.
      (not-allowed)"
    `);
  });

  it("that comes late, or once more, leaves a lock that was set meanwhile", async () => {
    const at = "1970-01-01T00:00:10.000Z";
    const world = { lock: { ...held, at }, standing: { isOwner: true } };
    const late = await hear("unlock kubecon-2017", world, { askedAt: 0 });
    expect(late).toMatchInlineSnapshot(`
      "kubecon-2017 in staging was locked after you had asked to unlock it, and stays so.
      It is locked by @U0OTHER until 2017-12-06 13:00 UTC: load test.
      To end that lock too, ask again: /docc unlock kubecon-2017 in=staging
      (conflict)"
    `);
  });

  it("says that there is nothing to unlock", async () => {
    expect(await hear("unlock kubecon-2017")).toMatchInlineSnapshot(
      `"kubecon-2017 in staging is not locked."`,
    );
  });
});
