import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { play } from "../../sandbox/demo/play.ts";
import { scenes } from "../../sandbox/demo/scenes.ts";
import { Stage } from "../../sandbox/demo/stage.ts";
import { Transcript } from "../../sandbox/demo/transcript.ts";

const demo = fileURLToPath(new URL("../../sandbox/demo.ts", import.meta.url));

/** Nine minutes are simulated, in this process or a child that shares the machine. */
const patienceMs = 180_000;

describe("npm run demo", () => {
  it("ends with 0 and has told every verdict", { timeout: patienceMs }, async () => {
    const child = spawn(process.execPath, [demo], { stdio: ["ignore", "pipe", "inherit"] });
    const [said, [code]] = await Promise.all([
      text(child.stdout),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    const told = said
      .split("\n")
      .filter((line) => /^\d+ {2}|✓|✗| is live in | failed in |Users are|not-parsable/.test(line))
      .map((line) => line.trim().replace(/, [\dm ]+s\.$/, ""));
    expect(told.join("\n")).toMatchInlineSnapshot(`
      "1  The slide as it was printed: a comma is missing
      6:56 not-parsable: A comma is missing between "image" and "image_tag". Put a comma after the value of "image".
      ✓ refused
      2  The application: a Deployment
      then      2017 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2017
      3  Exposing a Service
      then      2017 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2017
      4  Ingress connectivity
      then      2017 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2017
      5  Adding TLS
      then      2017 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2017
      6  Another version
      then      2016 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2016
      7  A version that crashes
      then      2018 failed in production: kubecon exits with code 1 at start.
      Users are still on 2016: 3 of 3 old pods ready.
      ✓ failed, 3 pods serve 2016
      8  Back, by the button under the failure
      then      2016 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2016
      9  A version that never becomes ready
      then      2019 failed in production: kubecon runs, but does not become ready.
      Users are still on 2016: 3 of 3 old pods ready.
      ✓ failed, 3 pods serve 2016
      10  A tag that does not exist
      then      2081 failed in production: image registry.corp.example.com/demo/kubecon:2081 does not exist.
      Users are still on 2016: 3 of 3 old pods ready.
      ✓ failed, 3 pods serve 2016
      11  Back to a good one
      then      2017 is live in production. 3 of 3 ready and stable
      ✓ succeeded, 3 pods serve 2017
      12  What runs?
      ✓ answered
      13  Its manifest
      ✓ answered
      14  Its logs
      ✓ answered
      15  Its events
      ✓ answered
      16  A slip of the finger
      ✓ answered"
    `);
    expect(code).toBe(0);
  });

  it("calls a verdict wrong that is not as it must be", { timeout: patienceMs }, async () => {
    const stage = await Stage.open("silent");
    const out = new PassThrough();
    const transcript = new Transcript(stage.slack, out);
    try {
      const scene = (await scenes()).find(({ title }) => title.startsWith("The application"));
      if (scene === undefined) throw new Error("the demo begins with the application");
      const expectation = {
        kind: "verdict",
        phase: "failed",
        says: ["2017 is live", "pigs fly"],
        serving: { 2016: 3 },
      } as const;
      expect(await play({ ...scene, expect: expectation }, stage, transcript)).toEqual([
        "the Release is succeeded, not failed",
        'ready pods are {"2017":3}, not {"2016":3}',
        'nobody says "pigs fly"',
      ]);
    } finally {
      transcript.close();
      await stage.close();
    }
    out.end();
    expect(await text(out)).not.toContain("\u001B");
  });
});
