import { describe, expect, it } from "vitest";
import { Refusal } from "../../src/controller/refusal.ts";
import { refuseWithoutNews } from "../../src/controller/without-news.ts";
import type { Application, PlannedAction, ReleaseSpec } from "../../src/release/release.ts";
import { planned, release } from "../release/releases.ts";

const manifest = '{"application":"kubecon-2017"}';

function head(failedSince: boolean): Application {
  const { metadata } = release();
  const current = { release: "r7", revision: 7, manifest };
  const applied = failedSince ? { release: "r8", revision: 8, manifest } : current;
  return {
    metadata,
    spec: { app: "kubecon-2017", environment: "production" },
    status: { nextRevision: 9, inventory: [], applied, current },
  };
}

interface Circumstances {
  readonly spec?: Partial<ReleaseSpec>;
  readonly action?: PlannedAction;
  readonly failedSince?: boolean;
  readonly text?: string;
}

/** Code and sentence of the refusal; undefined when it goes on. */
function refused({
  spec = {},
  action = "unchanged",
  failedSince = false,
  text = manifest,
}: Circumstances): string | undefined {
  const plan = planned([["Deployment", action]], { to: "2017", manifest: text });
  try {
    refuseWithoutNews(plan, release(undefined, spec), head(failedSince));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${error.why.code}: ${error.why.sentence}`;
  }
}

const back = {
  kind: "rollback",
  source: { type: "release", release: "r7", revision: 7 },
} as const satisfies Partial<ReleaseSpec>;

describe("a release that would change nothing", () => {
  it("is refused in one sentence", () => {
    const sentence = "no-change: production runs exactly this already, as revision 7";
    expect(refused({})).toBe(sentence);
    expect(refused({ spec: { kind: "update" } })).toBe(sentence);
    expect(refused({ spec: { source: { type: "slack-file", file: "F1" } } })).toBe(sentence);
    expect(refused({ spec: back })).toBe(
      "runs-already: production runs 2017 as revision 7 made it already",
    );
  });

  it.each<[string, Circumstances]>([
    ["when something was applied since that did not succeed", { failedSince: true }],
    ["when the cluster would change", { action: "change" }],
    ["when something would be created", { action: "create" }],
    ["when something would be pruned", { action: "prune" }],
    ["when the manifest says something else", { text: '{"maintainer":["other"]}' }],
    ["when it restarts", { spec: { kind: "restart" } }],
    ["when it is a rollback after a failure", { spec: back, failedSince: true }],
    ["when it is a rollback that changes something", { spec: back, action: "change" }],
  ])("goes on %s", (_when, given) => {
    expect(refused(given)).toBeUndefined();
  });

  it("goes on before anything has succeeded", () => {
    const { status, ...rest } = head(false);
    const { current: _current, ...fresh } = status ?? { nextRevision: 1, inventory: [] };
    const plan = planned([["Deployment", "unchanged"]], { manifest });
    expect(() => refuseWithoutNews(plan, release(), { ...rest, status: fresh })).not.toThrow();
  });
});
