import { isDeepStrictEqual } from "node:util";
import { phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import type { Act, Expectation, Scene } from "./scenes.ts";
import type { Stage } from "./stage.ts";
import type { Transcript } from "./transcript.ts";

const channel = "#deploys";
const who = "developer";

type Verdict = Extract<Expectation, { readonly kind: "verdict" }>;

/** Plays one scene; returns what differed from what must be, in sentences. */
export async function play(
  scene: Scene,
  stage: Stage,
  transcript: Transcript,
): Promise<readonly string[]> {
  const known = new Set((await stage.releases()).map(({ metadata }) => metadata.name));
  const heard = stage.slack.ephemerals(who).length;
  await perform(scene.act, stage, transcript);
  const { expect } = scene;
  if (expect.kind === "answer") {
    await stage.until("an answer", () => stage.slack.ephemerals(who)[heard]);
    const said = stage.slack
      .ephemerals(who)
      .slice(heard)
      .map((one) => stage.slack.render(one));
    return missing(said.join("\n"), expect.says);
  }
  const release = await stage.ended(known);
  return [
    ...(await differences(release, expect, stage)),
    ...missing(told(release, stage), expect.says),
  ];
}

async function perform(act: Act, stage: Stage, transcript: Transcript): Promise<void> {
  const person = stage.slack.as(who);
  if (act.kind === "command") {
    transcript.did(who, `/docc ${act.words}`);
    await person.command(channel, `/docc ${act.words}`);
    return;
  }
  if (act.kind === "press") {
    transcript.did(who, `[${act.label}]`);
    const root = stage.slack.messages(channel).findLast(({ threadTs }) => threadTs === undefined);
    if (root === undefined) throw new Error("there is no release to press a button of");
    await person.click(root, act.label);
    return;
  }
  transcript.did(who, "/docc deploy");
  const gesture = await person.command(channel, "/docc deploy");
  const view = await gesture.opened();
  transcript.did(who, `[Deploy] ${act.name}`);
  const { name, content } = act;
  await person.submit(view, {}, { file: [{ name, content }] });
}

async function differences(
  release: Release,
  { phase, serving }: Verdict,
  stage: Stage,
): Promise<readonly string[]> {
  const real = await stage.serving();
  return [
    ...(phaseOf(release) === phase ? [] : [`the Release is ${phaseOf(release)}, not ${phase}`]),
    ...(isDeepStrictEqual(real, serving)
      ? []
      : [`ready pods are ${JSON.stringify(real)}, not ${JSON.stringify(serving)}`]),
  ];
}

/** The root message of a release and its thread, as people read them. */
function told({ status }: Release, { slack }: Stage): string {
  const { channel: place = "", ts = "" } = status?.slack ?? {};
  const root = slack.workspace.message(place, ts);
  const messages = root === undefined ? [] : [root, ...slack.thread(place, ts)];
  return messages.map((one) => slack.render(one)).join("\n");
}

function missing(text: string, says: readonly string[]): readonly string[] {
  return says.filter((words) => !text.includes(words)).map((words) => `nobody says "${words}"`);
}
