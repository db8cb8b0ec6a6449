import { describe, expect, it } from "vitest";
import type { Application } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";
import { application, manifest, say, worldOf } from "./ports.ts";

/** An app whose last release succeeded. */
function live(environment: string): Application {
  const app = application("kubecon-2017", environment);
  const { applied } = app.status ?? {};
  if (applied === undefined || app.status === undefined) throw new Error("nothing is applied");
  return { ...app, status: { ...app.status, current: applied } };
}

describe("deploy from=", () => {
  it("stores which revision of the other environment it brings, and says so", async () => {
    const world = worldOf({ apps: [live("staging")] });
    const { answer } = await say(
      "deploy kubecon-2017 from=staging in=production scale=5 reason=tested",
      world,
    );
    expect(answer.text).toMatchInlineSnapshot(
      `"Accepted: kubecon-2017 2017 from staging, revision 8, to production. Its thread tells the rest."`,
    );
    expect([...world.stored.values()]).toMatchObject([
      {
        app: "kubecon-2017",
        environment: "production",
        kind: "deploy",
        source: {
          type: "promotion",
          from: { environment: "staging", release: "kubecon-2017-0", revision: 8 },
        },
        words: { scale: "5" },
        reason: "tested",
      },
    ]);
  });

  it("brings the success that has just been told, though the head does not say so yet", async () => {
    const manifested = { ...plan, manifest: JSON.stringify({ ...manifest, scale: 7 }) };
    const fresh = release(
      { phase: "succeeded", revision: 9, app: "kubecon-2017", transitions: [], plan: manifested },
      { app: "kubecon-2017", environment: "staging" },
    );
    const world = worldOf({ apps: [live("staging")], releases: [fresh] });
    const { answer } = await say("deploy kubecon-2017 from=staging in=production", world);
    expect(answer.text).toMatch(/^Accepted: kubecon-2017 2017 from staging, revision 9, /);
    const from = { environment: "staging", release: fresh.metadata.name, revision: 9 };
    expect([...world.stored.values()][0]?.source).toEqual({ type: "promotion", from });
  });

  it.each([
    ["kubecon-2017 from=staging in=production tag=2018", "bad-input"],
    ["kubecon-2017 from=staging in=production kubecon.digest=sha256:1", "bad-input"],
    ["kubecon-2017 from=staging", "bad-input"],
    ["from=staging in=production", "bad-input"],
    ["kubecon-2017 from=stagign in=production", "not-found"],
    ["kubecon-2018 from=staging in=production", "not-found"],
    ["kubecon-2017 from=staging in=production scale=99", "bad-input"],
  ])("refuses %s", async (words, reason) => {
    const world = worldOf({ apps: [live("staging")] });
    const { answer } = await say(`deploy ${words}`, world);
    expect([answer.text, ...(answer.lines ?? [])]).toMatchSnapshot();
    expect(answer.reason).toBe(reason);
    expect(world.stored.size).toBe(0);
  });

  it("refuses a manifest beside it, and what has never succeeded", async () => {
    const world = worldOf();
    const pasted = { manifest: { type: "inline", text: JSON.stringify(manifest) } } as const;
    const both = await say("deploy kubecon-2017 from=staging in=production", world, pasted);
    expect(both.answer.text).toBe("from= brings a stored app along, and no manifest.");
    const never = await say("deploy kubecon-2017 from=staging in=production", world);
    expect(never.answer).toEqual({
      text: "No deploy of kubecon-2017 in staging has succeeded yet.",
      lines: ["/docc status kubecon-2017 in=staging shows how it does."],
      reason: "conflict",
    });
    expect(world.stored.size).toBe(0);
  });
});
