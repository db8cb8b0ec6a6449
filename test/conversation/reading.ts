import { expect } from "vitest";
import { displayText } from "../../sandbox/slack/text.ts";
import type { Message, View } from "../../sandbox/slack/types.ts";
import { refuseMessageBlocks, refuseView } from "../../sandbox/slack/validate.ts";
import { renderView } from "../../sandbox/slack/render.ts";
import type { Phase, Release } from "../../src/release/release.ts";
import { saysSomething } from "../slack/accepted.ts";
import { answerOf, answerTo } from "./main-job.ts";
import type { Stage } from "./stage.ts";
import { steady } from "./steady.ts";

type Shown = Pick<Message, "text" | "blocks"> & Partial<Pick<Message, "files">>;

/**
 * A message as a person reads it, once it is within Slack's rules and says the same to who hears `text` alone: that
 * stands first and in brackets where the blocks do not begin with it.
 */
export function reads(stage: Stage, message: Shown): string {
  expect(refuseMessageBlocks(message.blocks)).toBeUndefined();
  saysSomething(message);
  const shown = stage.slack.render(message);
  const text = displayText(message.text, stage.slack.names);
  expect(factsOf(shown)).toEqual(expect.arrayContaining([...factsOf(text)]));
  return steady(shown.startsWith(text) ? shown : `(${text})\n${shown}`, stage);
}

/** What a message is about: apps, versions, people, environments. */
function factsOf(text: string): readonly string[] {
  return [...new Set(text.match(/\bkubecon-\d+\b|\b20\d\d\b|@[\w-]+|\bproduction\b/g))];
}

/** A form as a person sees it. */
export function readsForm(stage: Stage, view: View): string {
  const { type, title, submit, close, blocks } = view;
  const callback = { callback_id: view.callbackId };
  const given = { type, title, ...(submit && { submit }), ...(close && { close }), blocks };
  expect(refuseView({ ...given, ...callback }, "modal")).toBeUndefined();
  return steady(renderView(view, stage.slack.names), stage);
}

/** The App Home as the person whose it is sees it. */
export function readsHome(stage: Stage, { type, callbackId, blocks }: View): string {
  const callback = callbackId === "" ? {} : { callback_id: callbackId };
  expect(refuseView({ type, blocks, ...callback }, "home")).toBeUndefined();
  return steady(renderView({ blocks }, stage.slack.names), stage);
}

/** What who types this is told by it. */
export async function heard(stage: Stage, typed: string, who = "developer"): Promise<string> {
  return reads(stage, await answerTo(stage, `/docc ${typed}`, who));
}

/** What who presses a button is told by it. */
export async function hearsAt(
  stage: Stage,
  release: string,
  label: string,
  who = "developer",
): Promise<string> {
  const { root } = await threadOf(stage, release);
  return reads(stage, await answerOf(stage, label, await stage.slack.as(who).click(root, label)));
}

/** The one release that comes of what somebody does. */
export async function made(stage: Stage, act: () => Promise<unknown>): Promise<string> {
  const before = (await stage.releases()).map(({ metadata }) => metadata.name);
  await act();
  return stage.until("there is a release of it", async () => {
    const names = (await stage.releases()).map(({ metadata }) => metadata.name);
    return names.find((name) => !before.includes(name));
  });
}

/** The root message of a release that is in this phase, once it says so by `pattern`. */
export async function rootIn(
  stage: Stage,
  release: string,
  phase: Phase,
  pattern: RegExp,
): Promise<string> {
  await inPhase(stage, release, phase);
  const root = await stage.until(`the root of a release ${phase} says ${pattern}`, async () => {
    const { root: found } = await threadOf(stage, release);
    return pattern.test(stage.read(found)) ? found : undefined;
  });
  return reads(stage, root);
}

/**
 * The root message of a release that has ended and every reply in its thread, in order, once both have their last.
 * Warnings of the rollout are left out: which of them come depends on when docc looks.
 */
export async function story(
  stage: Stage,
  release: string,
  phase: Phase,
  { root, last }: { readonly root: RegExp; readonly last?: RegExp },
): Promise<string> {
  await inPhase(stage, release, phase);
  const whole = await stage.until(`the thread of ${release} is whole`, async () => {
    const found = await threadOf(stage, release);
    const replies = found.replies.filter((each) => !stage.read(each).startsWith("Warning: "));
    const final = replies.map((each) => stage.read(each)).at(-1) ?? "";
    const isWhole = root.test(stage.read(found.root)) && (last === undefined || last.test(final));
    return isWhole ? [found.root, ...replies] : undefined;
  });
  const [first = "", ...replies] = whole.map((each) => reads(stage, each));
  return [first, ...replies.map(asReply)].join("\n");
}

const asReply = (text: string): string => `└ ${text.replaceAll("\n", "\n  ")}`;

async function inPhase(stage: Stage, name: string, phase: Phase): Promise<Release> {
  return stage.until(`${name} is ${phase}`, async () => {
    const found = (await stage.releases()).find(({ metadata }) => metadata.name === name);
    const { phase: now, finishedAt, verdict } = found?.status ?? {};
    if (finishedAt !== undefined && now !== phase) {
      throw new Error(`${name} is ${now ?? ""}, not ${phase}: ${verdict?.cause?.sentence ?? ""}`);
    }
    return now === phase ? found : undefined;
  });
}

async function threadOf(
  stage: Stage,
  name: string,
): Promise<{ readonly root: Message; readonly replies: readonly Message[] }> {
  return stage.until(`${name} has a root message`, async () => {
    const found = (await stage.releases()).find(({ metadata }) => metadata.name === name);
    const ts = found?.status?.slack?.ts;
    const root = stage.roots().find((each) => each.ts === ts);
    return root && { root, replies: stage.slack.thread("#deploys", root.ts) };
  });
}
