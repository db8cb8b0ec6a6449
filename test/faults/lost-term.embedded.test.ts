import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "../../src/slack/scopes.ts";
import { command, uploadManifest } from "../conversation/main-job.ts";
import { type DoccProcess, spawnOn } from "../conversation/process.ts";
import { embeddedLive, openStage, type Stage } from "../conversation/stage.ts";
import type { Call } from "../support/proxy/calls.ts";
import { pass } from "../support/proxy/fates.ts";

/** Slack has answered, the note of it fails, and with it the lease: the same process leads again later. */
describe("a term that ends between a message and its note", { timeout: 120_000 }, () => {
  let stage: Stage;
  let docc: DoccProcess;

  beforeAll(async () => {
    stage = await openStage({ ...embeddedLive, scopes, hasProxies: true }, "none");
    docc = await spawnOn(stage, embeddedLive);
  }, 120_000);
  afterAll(async () => {
    await docc.kill();
    await stage.close();
  }, 60_000);

  const terms = (): number => docc.log().split("this replica leads no more").length;

  /** No write of the lease arrives from the note on until the term is over, nor does the note. */
  const loseTermAt = (isNote: (call: Call) => boolean): { readonly seen: () => boolean } => {
    let at: "before" | "at" | "after" = "before";
    stage.proxies?.kube.follow(async (call) => {
      if (at === "at" && call.kind === "PUT leases") return { type: "refuse" };
      if (at !== "before" || !isNote(call)) return pass;
      at = "at";
      const before = terms();
      await stage.until("the term is over", () => (terms() > before ? true : undefined));
      at = "after";
      return { type: "refuse" };
    });
    return { seen: () => at === "after" };
  };

  it.each([
    ["the first message", "tag=2016", ({ body }: Call) => body.includes('"ts":')],
    ["a reply", "tag=2017", ({ body }: Call) => body.includes('"told":["applied"')],
  ])("has %s told once, where docc may not look for it", async (_, words, isNoteOf) => {
    const before = (await stage.releases()).length;
    const roots = stage.roots().length;
    const lost = loseTermAt((call) => call.kind === "PATCH releases/status" && isNoteOf(call));
    await (before === 0
      ? uploadManifest(stage, "1-application.json", words)
      : command(stage, `/docc deploy kubecon-2017 ${words}`));
    const { status } = await stage.ended(before + 1);
    await stage.until("the verdict is told", async () =>
      (await stage.releases()).at(-1)?.status?.slack?.told.includes("shown") === true
        ? true
        : undefined,
    );
    expect(lost.seen()).toBe(true);
    expect(status?.phase).toBe("succeeded");
    expect(stage.roots()).toHaveLength(roots + 1);
    const replies = stage.slack.thread("#deploys", stage.roots().at(-1)?.ts ?? "");
    const texts = replies.map((reply) => stage.read(reply));
    expect(texts.filter((text) => text.startsWith("Applied"))).toHaveLength(1);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
