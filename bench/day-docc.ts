import { randomUUID } from "node:crypto";
import { SteppedClock } from "../sandbox/clock.ts";
import { parseConfig } from "../src/config.ts";
import { type Docc, startDocc } from "../src/docc.ts";
import { createLogger } from "../src/log.ts";
import { type DayAnswer, dayOrder } from "./day-orders.ts";

/*
 * docc as a process of its own whose time is another's: started, stepped and measured by messages of the
 * process that has the cluster and Slack. The heap measured here is docc's alone.
 */
let clock = new SteppedClock(0);
let docc: Docc | undefined;

async function obey(message: unknown): Promise<DayAnswer> {
  const order = dayOrder.parse(message);
  switch (order.type) {
    case "start":
      clock = new SteppedClock(order.now);
      docc = await startDocc({
        config: parseConfig(order.config, "docc.yaml"),
        webhookKeys: new Map(),
        slack: { ...order.slack, mode: "socket", host: "127.0.0.1", port: 0 },
        kubeconfig: { text: order.kubeconfig },
        clock,
        random: Math.random,
        identity: randomUUID(),
        log: createLogger("error"),
      });
      break;
    case "step":
      clock.step(order.ms);
      break;
    case "stop":
      await docc?.stop(2_000);
      setImmediate(() => process.exit(0));
      break;
    case "measure":
      // Twice: what the first one lets go of by a finalizer, the second one frees.
      for (let round = 0; round < 2; round += 1) await globalThis.gc?.({ execution: "async" });
      break;
    default:
      return order satisfies never;
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external, timers: clock.pending };
}

process.on("message", (message: unknown) => {
  obey(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : "failed"}\n`);
      process.exit(1);
    },
  );
});
// Whoever stepped the clock is gone.
process.on("disconnect", () => process.exit(1));
