import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sandboxImages } from "../../sandbox/images.ts";
import { startWorld, type World } from "../../sandbox/world.ts";
import type { Clock } from "../../src/clock.ts";
import { phaseOf } from "../../src/release/phases.ts";
import { command, rootSays, say, threadSays, uploadManifest } from "../conversation/main-job.ts";
import { embeddedWith, openStage, type Stage } from "../conversation/stage.ts";

const minute = 60_000;
const restarts = 50;
/** Its three pods come one after another, each after 40 minutes. */
const slow = {
  reference: "registry.corp.example.com/demo/kubecon:2020",
  behaviour: { kind: "serves", readyAfterMs: 40 * minute },
  logs: ["kubecon 2020 starting", "reading all talks ever given"],
} as const;
const rollout = { timeout: "6h", stable: "60s" };

/** Hours pass on the cluster's clock, and docc's, in steps of a test (docs/faults.md). */
describe("a rollout of hours", { timeout: 300_000 }, () => {
  let stage: Stage;
  let docc: World;
  let clock: Clock;
  let stepMs = 500;
  const target = embeddedWith([...sandboxImages, slow]);
  const start = async (): Promise<void> => {
    docc = await startWorld({ slack: stage.slack, cluster: stage.cluster, clock, rollout });
  };
  beforeAll(async () => {
    stage = await openStage(
      {
        ...target,
        open: async () => {
          const open = await target.open();
          clock = open.clock;
          const step = async (): Promise<void> => {
            for (let passed = 0; passed < stepMs; passed += 500) await open.advance();
          };
          return { ...open, advance: step };
        },
      },
      "none",
    );
    await start();
    await uploadManifest(stage, "4-tls.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterAll(async () => {
    await docc.stop();
    await stage.close();
  }, 60_000);

  it("survives 50 restarts; one progress message is edited, and nothing is told twice", async () => {
    await command(stage, "/docc deploy kubecon-2017 tag=2020");
    await rootSays(stage, 2, /ready/);
    const started = clock.now();
    stepMs = 2 * minute;
    for (let count = 1; count <= restarts; count += 1) {
      await docc.stop();
      await start();
      const goal = started + count * 2 * minute;
      await stage.until("some minutes have passed", () => (clock.now() >= goal ? true : undefined));
      const [, release] = await stage.releases();
      expect(release === undefined ? "" : phaseOf(release)).toBe("progressing");
    }
    const release = await stage.ended(2);
    expect(say(release)).toBe("succeeded");
    expect(clock.now() - started).toBeGreaterThan(100 * minute);
    stepMs = 500;
    await rootSays(stage, 2, /2020 is live in production\. 3 of 3 ready and stable/);
    await threadSays(stage, 2, /3 of 3 ready\. Watching/);
    expect(stage.roots()).toHaveLength(2);
    const ts = stage.roots()[1]?.ts;
    expect(release.status?.slack?.ts).toBe(ts);
    const texts = stage.slack.thread("#deploys", ts ?? "").map((reply) => stage.read(reply));
    expect(texts.filter((text) => text.startsWith("Applied"))).toHaveLength(1);
    expect(texts.filter((text) => /3 of 3 ready\. Watching/.test(text))).toHaveLength(1);
    const groups = texts.map((text) => text.replace(/^(Warning: \S+ on \S+).*/s, "$1"));
    expect(new Set(groups).size, groups.join("\n")).toBe(groups.length);
    expect(groups.join("\n")).toContain("Warning: Unhealthy on Pod");
    expect(release.status?.transitions.map(({ phase }) => phase)).toEqual([
      "accepted",
      "planned",
      "applying",
      "progressing",
      "verifying",
      "succeeded",
    ]);
  });
});
