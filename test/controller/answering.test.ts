import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { createAnswering } from "../../src/controller/answering.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { createLogger } from "../../src/log.ts";
import { until } from "../support/until.ts";

interface Asked {
  readonly status?: object;
}

/** One record, and an API server that refuses the first answers to it. */
function start(refusals: readonly Error[]) {
  const clock = new SteppedClock();
  const left = [...refusals];
  const done: string[] = [];
  const written: object[] = [];
  let tried = 0;
  let asked: Asked | undefined = {};
  const answering = createAnswering<Asked, { outcome: string; code: string }>({
    clock,
    random: () => 0,
    log: createLogger("silent"),
    what: "command",
    asked: () => asked,
    weigh: () => {
      done.push("unlock");
      return Promise.resolve({ outcome: "answered", code: `done ${done.length}` });
    },
    answer: (_asked, said) => {
      tried += 1;
      const refusal = left.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      written.push(said);
      asked = { status: said };
      return Promise.resolve();
    },
  });
  answering.touch("command-1");
  const attempt = async (count: number): Promise<void> => {
    await until(`attempt ${count}`, () => {
      clock.step(1_000);
      return tried >= count;
    });
  };
  return { answering, attempt, done, written, replace: () => (asked = {}) };
}

describe("answering what came from outside Slack", () => {
  it("does nothing again when only the answer could not be written", async () => {
    const lost = new KubeError("unavailable", "The API server does not answer.");
    const { answering, attempt, done, written } = start([lost, lost]);
    await attempt(3);
    await answering.stop();
    expect(done).toEqual(["unlock"]);
    expect(written).toMatchObject([{ outcome: "answered", code: "done 1" }]);
  });

  it("weighs another record of the same name by itself", async () => {
    const { answering, attempt, done, written, replace } = start([]);
    await attempt(1);
    replace();
    answering.touch("command-1");
    await attempt(2);
    await answering.stop();
    expect(done).toHaveLength(2);
    expect(written).toMatchObject([{ code: "done 1" }, { code: "done 2" }]);
  });
});
