import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { answerTo } from "../../src/cli/answered.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { commands } from "../../src/k8s/kinds.ts";
import { until } from "../support/until.ts";

describe("waiting for docc's answer", () => {
  /** Answered at the `nth` look. */
  function ask(nth: number) {
    const clock = new SteppedClock();
    let looks = 0;
    const get = () => {
      looks += 1;
      const metadata = { name: "lock-1", namespace: "docc", uid: "u", resourceVersion: "1" };
      return Promise.resolve({ metadata, ...(looks < nth ? {} : { status: "done" }) });
    };
    const place = { kind: commands, namespace: "docc", name: "lock-1", clock };
    const api = { get } as unknown as Pick<KubeApi, "get">;
    let ended: unknown;
    answerTo(api, place, ({ status }) => status, "command is stored").then(
      (answer) => (ended = answer),
      (error: unknown) => (ended = error),
    );
    const end = async () => {
      await until("it ends", () => {
        clock.step(300);
        return ended !== undefined;
      });
      return { ended, looks, passed: clock.now() - new SteppedClock().now() };
    };
    return end();
  }

  it("looks until there is one", async () => {
    expect(await ask(3)).toMatchObject({ ended: "done", looks: 3 });
  });

  it("gives up after half a minute, and says where to look", async () => {
    const { ended, passed } = await ask(Infinity);
    expect(ended).toMatchObject({
      reason: "timeout",
      message: "docc has not answered yet; the command is stored.",
      hint: "Look later: kubectl get commands lock-1 -n docc",
    });
    expect(passed).toBeGreaterThan(30_000);
  });
});
