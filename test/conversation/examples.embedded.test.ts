import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provideBelongings } from "../../sandbox/belongings.ts";
import { rootSays, say, uploadManifest } from "./main-job.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

const examples = readdirSync(new URL("../../examples/", import.meta.url)).toSorted();

/** Whoever opens the sandbox may pick any of them. */
describe("the examples", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embedded, "socket", "example.com");
    await provideBelongings(stage.world.api, stage.apps);
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it.each(examples.map((example, index) => ({ example, nth: index + 1 })))(
    "are deployed as they are: $example",
    async ({ example, nth }) => {
      await uploadManifest(stage, example);
      expect(say(await stage.ended(nth))).toBe("succeeded");
      await rootSays(stage, nth, /is live in production/);
    },
  );
});
