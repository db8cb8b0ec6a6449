import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import type { View } from "../../sandbox/slack/types.ts";
import { deployments } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { command } from "./main-job.ts";
import type { Stage } from "./stage.ts";

/** The newest release that waits for approval, once there are so many releases. */
export async function waiting(stage: Stage, nth: number): Promise<Release> {
  return stage.until(`release ${nth} waits for approval`, async () => {
    const all = await stage.releases();
    const found = all.filter(({ status }) => status?.phase === "awaiting-approval");
    return all.length >= nth ? found.at(-1) : undefined;
  });
}

export async function named(stage: Stage, name: string): Promise<Release | undefined> {
  return (await stage.releases()).find(({ metadata }) => metadata.name === name);
}

/** The image that the cluster is asked to run. */
export async function deployed(stage: Stage): Promise<string | undefined> {
  const ref = { namespace: stage.apps, name: "kubecon-2017" };
  const found = await stage.world.api.find(deployments, ref);
  return found?.spec?.template.spec?.containers[0]?.image;
}

export async function press(stage: Stage, who: string, nth: number, label: string): Promise<void> {
  const root = stage.roots()[nth - 1];
  if (root === undefined) throw new Error(`there is no root message ${nth}`);
  const { ack } = await stage.slack.as(who).click(root, label);
  expect(ack.ok).toBe(true);
}

/** What a person reads in the modal of a plan, once it is filled; closes it. */
export async function viewDiff(
  stage: Stage,
  who: string,
  nth: number,
): Promise<{ readonly text: string; readonly view: View }> {
  await press(stage, who, nth, "View diff");
  const read = await stage.until(`${who} reads the diff`, () => {
    const view = stage.slack.views(who).at(-1);
    if (view === undefined) return undefined;
    const text = stage.slack.render({ text: "", blocks: view.blocks });
    return text.includes("One moment") ? undefined : { text, view };
  });
  await stage.slack.as(who).close(read.view);
  return read;
}

/** What the developer alone is told after this, and was not before. */
export async function answers(stage: Stage, typed: string, pattern: RegExp): Promise<void> {
  const seen = stage.slack.ephemerals("developer").length;
  await command(stage, typed);
  await told(stage, pattern, seen);
}

/** @param seen how many private messages came before */
export async function told(stage: Stage, pattern: RegExp, seen = 0): Promise<void> {
  await stage.until(`the developer is told ${pattern}`, () => {
    const fresh = stage.slack.ephemerals("developer").slice(seen);
    return fresh.some((each) => pattern.test(stage.slack.render(each))) ? true : undefined;
  });
}

/** What only this person sees. */
export async function hears(stage: Stage, who: string, pattern: RegExp): Promise<void> {
  await stage.until(`${who} is told ${pattern}`, () =>
    stage.slack.ephemerals(who).find((each) => pattern.test(stage.slack.render(each))),
  );
}

/** The fourth example, maintained by somebody else. */
export async function ownedBy(maintainer: string): Promise<string> {
  const text = await readFile(new URL("../../examples/4-tls.json", import.meta.url), "utf8");
  return text.replace("kubecon-team@corp.example.com", maintainer);
}
