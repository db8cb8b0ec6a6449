import { play } from "./demo/play.ts";
import { scenes } from "./demo/scenes.ts";
import type { Scene } from "./demo/scenes.ts";
import { Stage } from "./demo/stage.ts";
import { Transcript } from "./demo/transcript.ts";

/*
 * `npm run demo`: the talk's four manifests as a conversation, in simulated time. The exit code is 0
 * only if every verdict is right: in the Release, in the messages, and in what the pods really run.
 */

function summary(scene: Scene): string {
  const { expect } = scene;
  if (expect.kind === "answer") return "answered";
  const pods = Object.entries(expect.serving).map(([tag, count]) => `${count} pods serve ${tag}`);
  return [expect.phase, ...pods].join(", ");
}

async function run(): Promise<number> {
  const began = performance.now();
  const stage = await Stage.open(process.env["LOG_LEVEL"] ?? "silent");
  const transcript = new Transcript(stage.slack, process.stdout);
  const start = stage.now();
  let wrong = 0;
  try {
    const all = await scenes();
    for (const [at, scene] of all.entries()) {
      transcript.note(`\n${at + 1}  ${scene.title}`, "bold");
      const differs = await play(scene, stage, transcript);
      for (const difference of differs) transcript.note(`  ✗ ${difference}`, "red");
      if (differs.length === 0) transcript.note(`  ✓ ${summary(scene)}`, "dim");
      else wrong += 1;
    }
    const simulated = Math.round((stage.now() - start) / 60_000);
    const real = Math.round((performance.now() - began) / 1_000);
    const right = `${all.length - wrong} of ${all.length} scenes ended as they must`;
    transcript.note(`\n${right}: ${simulated} simulated minutes in ${real} s.`, "bold");
  } finally {
    transcript.close();
    await stage.close();
  }
  return wrong === 0 ? 0 : 1;
}

process.exit(await run());
