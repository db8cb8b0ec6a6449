import { describe, expect, it } from "vitest";
import type { Application, Release } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";
import { application, manifest, say, worldOf } from "./ports.ts";

/** An app that runs so many copies. */
function runs(scale: unknown): Application {
  const app = application("kubecon-2017", "staging");
  const { status } = app;
  if (status?.applied === undefined) throw new Error("nothing is applied");
  const text = JSON.stringify({ ...manifest, scale });
  return { ...app, status: { ...status, applied: { ...status.applied, manifest: text } } };
}

/** A revision that succeeded at a scale. */
function succeeded(revision: number, scale: unknown): Release {
  const text = JSON.stringify({ ...manifest, scale });
  const spec = { app: "kubecon-2017", environment: "staging" };
  return release(
    {
      phase: "succeeded",
      revision,
      app: "kubecon-2017",
      transitions: [],
      plan: { ...plan, manifest: text },
    },
    spec,
  );
}

describe("update", () => {
  it("stores what changes, and says so", async () => {
    const world = worldOf();
    const { answer } = await say("update kubecon-2017 scale=5 env.LOG=debug reason=why", world);
    expect(answer.text).toBe(
      "Accepted: kubecon-2017 in staging changes. Its thread tells the rest.",
    );
    expect([...world.stored.values()]).toMatchObject([
      {
        app: "kubecon-2017",
        environment: "staging",
        kind: "update",
        source: { type: "stored" },
        words: { scale: "5", "env.LOG": "debug" },
        reason: "why",
      },
    ]);
  });

  it("pauses, and resumes at what it ran before", async () => {
    const paused = worldOf({ apps: [runs(3)] });
    const first = await say("update kubecon-2017 pause", paused);
    expect(first.answer.text).toBe(
      "Accepted: kubecon-2017 in staging pauses. Its thread tells the rest.",
    );
    expect([...paused.stored.values()][0]?.words).toEqual({ scale: "0" });
    const releases = [succeeded(5, 3), succeeded(6, { min: 2, max: 9 }), succeeded(7, 0)];
    const resumed = worldOf({ apps: [runs(0)], releases });
    const second = await say("update kubecon-2017 resume tag=2018", resumed);
    expect(second.answer.text).toBe(
      "Accepted: kubecon-2017 in staging resumes at scale 2..9. Its thread tells the rest.",
    );
    expect([...resumed.stored.values()][0]?.words).toEqual({ tag: "2018", scale: "2..9" });
  });

  it.each([
    ["update kubecon-2017", 3, "bad-input"],
    ["update kubecon-2017 colour=red", 3, "bad-input"],
    ["update kubecon-2017 pause scale=2", 3, "bad-input"],
    ["update kubecon-2017 stop", 3, "bad-input"],
    ["update kubecon-2017 pause", 0, "conflict"],
    ["update kubecon-2017 resume", 3, "conflict"],
    ["update kubecon-2017 resume", 0, "not-found"],
    ["update kubecon-2018 scale=2", 3, "not-found"],
  ])("refuses %s at scale %s", async (words, scale, reason) => {
    const world = worldOf({ apps: [runs(scale)] });
    const { answer } = await say(words, world);
    expect([answer.text, ...(answer.lines ?? [])]).toMatchSnapshot();
    expect(answer.reason).toBe(reason);
    expect(world.stored.size).toBe(0);
  });
});
