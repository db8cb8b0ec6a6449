import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Release } from "../../src/release/release.ts";
import { command, say, uploadManifest } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";

const minute = 60_000;

/** docc's clock and the cluster's are ten minutes apart (docs/faults.md): the verdicts are the same. */
export function clockSkewTest(target: Target): void {
  const skews: readonly (readonly [how: string, ms: number])[] = [
    ["ahead of", 10 * minute],
    ["behind", -10 * minute],
  ];
  describe.each(skews)(`docc's clock ten minutes %s that of the ${target.name}`, (_how, skewMs) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(skewed(target, skewMs), "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("a good deploy succeeds, after its stability window and no later", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(took(release)).toBeLessThan(3 * minute);
    });

    it("a crash loop ends as failed by its cause, and not only at the deadline", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      const release = await stage.ended(2);
      expect(say(release)).toBe("failed: crash-loop");
      expect(beforeDeadline(release)).toBeGreaterThan(minute / 6);
    });

    it("a missing image ends as failed by its cause, and not only at the deadline", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2081");
      const release = await stage.ended(3);
      expect(say(release)).toBe("failed: image-not-found");
      expect(beforeDeadline(release)).toBeGreaterThan(minute / 6);
    });
  });
}

export function skewed(target: Target, ms: number): Target {
  return {
    ...target,
    open: async () => {
      const open = await target.open();
      const { clock } = open;
      const now = (): number => clock.now() + ms;
      return { ...open, clock: { now, after: (delay, task) => clock.after(delay, task) } };
    },
  };
}

/** From the first object applied to the verdict, by docc's clock. */
function took({ status }: Release): number {
  const started = status?.transitions.find(({ phase }) => phase === "applying")?.at ?? "";
  return Date.parse(status?.finishedAt ?? "") - Date.parse(started);
}

function beforeDeadline({ status }: Release): number {
  return Date.parse(status?.deadline ?? "") - Date.parse(status?.finishedAt ?? "");
}
