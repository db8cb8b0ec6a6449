import { describe, expect, it } from "vitest";
import { isSame, keyText, nameFor } from "../../src/cli/asked.ts";
import { newsOf, progressBar } from "../../src/cli/news.ts";
import { summaryOf } from "../../src/cli/summary.ts";
import { createTeller } from "../../src/cli/teller.ts";
import type { Phase, ReleaseStatus } from "../../src/release/release.ts";
import { openPolicy, plan, release } from "../release/releases.ts";
import { speakingIo } from "./io.ts";

const at = "2017-12-06T09:00:00.000Z";
function status(phase: Phase, rest: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return { phase, plan, transitions: [{ phase, at, actor: "docc" }], ...rest };
}
const keys = (given: ReleaseStatus, ready?: { ready: number; wanted: number }) =>
  newsOf(release(given), ready).map(({ key }) => key);
const last = (given: ReleaseStatus) => newsOf(release(given), undefined).at(-1)?.lines;

describe("what a terminal is told of a release", () => {
  it("grows with the release", () => {
    expect(keys({ phase: "accepted", transitions: [] })).toEqual(["asked"]);
    expect(keys(status("planned"))).toEqual(["asked", "plan:1"]);
    expect(keys(status("progressing"), { ready: 1, wanted: 3 })).toEqual([
      "asked",
      "plan:1",
      "ready:1/3",
    ]);
    expect(keys(status("verifying"))).toEqual(["asked", "plan:1", "verifying"]);
  });

  it("says of a deletion how many objects go", () => {
    const prune = { apiVersion: "v1", namespace: "apps", name: "shop", uid: "1", takesOver: [] };
    const changes = ["Ingress", "Service", "Deployment"].map((kind) => ({
      ...prune,
      kind,
      action: "prune" as const,
      note: "",
    }));
    const said = (some: typeof changes) =>
      newsOf(
        release(status("planned", { plan: { ...plan, changes: some } }), { kind: "delete" }),
        undefined,
      ).at(-1)?.lines[0];
    expect(said(changes)).toMatch(/^Plan: the deletion of .* from production: 3 objects go\.$/u);
    expect(said(changes.slice(1, 2))).toMatch(/: 1 object goes\.$/u);
  });

  it("names whom to ask, and past Slack where that is demanded", () => {
    const approvers = ["kubernetes:ann", "b", "c", "d", "e", "f"];
    const policy = { ...openPolicy, approvals: 1, approvers, outsideSlack: true };
    const [line] = last(status("awaiting-approval", { plan: { ...plan, policy } })) ?? [];
    expect(line).toMatch(
      /^Waiting for approval \(ask ann, b, c, d, e, 1 more in Slack, one of them by docc approve \S+\)\.$/,
    );
  });

  it("ends with the cause, who is affected, the proof and what to do, without what terminals obey", () => {
    const cause = {
      code: "crash-loop",
      sentence: "kubecon exits\u001b[2J with code 1",
      evidence: ["no\u202E url"],
      next: "add it",
    } as const;
    const verdict = {
      outcome: "failed",
      affected: "Users are still on 2017.",
      cause,
      ready: 0,
      wanted: 3,
      urls: [],
    } as const;
    const lines = last(status("failed", { verdict, finishedAt: at })) ?? [];
    expect(lines[0]).toMatch(/^Failed: .*: kubecon exits with code 1\.$/);
    expect(lines.slice(1)).toEqual(["Users are still on 2017.", "  no url", "Next: add it."]);
  });

  it("says who rejected it, and why", () => {
    const by = { provider: "slack", team: "T", user: "UANNA" } as const;
    const closed = { by, reason: "not today" };
    const [line] = last(status("rejected", { closed, finishedAt: at })) ?? [];
    expect(line).toMatch(/^Rejected: .* by UANNA: not today\. Nothing was changed\.$/);
  });

  it("comes as data with one name for one thing", () => {
    const given = { ...release(status("planned")) };
    expect(summaryOf(given)).toMatchObject({
      release: given.metadata.name,
      phase: "planned",
      plan: { number: 1, approvals: plan.policy.approvals },
    });
    expect(summaryOf(given)).not.toHaveProperty("finishedAt");
  });
});

describe("the progress bar", () => {
  it.each([
    [0, 5, "[--------------------] 0/5 ready"],
    [3, 5, "[############--------] 3/5 ready"],
    [5, 5, "[####################] 5/5 ready"],
    [0, 0, "[####################] 0/0 ready"],
  ])("of %i of %i", (ready, wanted, drawn) => {
    expect(progressBar({ ready, wanted })).toBe(drawn);
  });
});

function written(isTerminal: boolean, output: "table" | "json") {
  const said = { stdout: "", stderr: "" };
  const io = speakingIo({
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    isTerminal,
  });
  const teller = createTeller(io, output);
  const seen = release(status("progressing"));
  for (const ready of [1, 1, 2]) teller.tell(seen, { ready, wanted: 3 });
  teller.say("Over.");
  return said;
}

describe("a terminal", () => {
  it("draws one line again and wipes it before the next", () => {
    const { stdout } = written(true, "table");
    expect(stdout).toContain("\r\u001b[2K[######--------------] 1/3 ready\r\u001b[2K[");
    expect(stdout.endsWith("2/3 ready\r\u001b[2KOver.\n")).toBe(true);
  });

  it("that nobody looks at gets every change as a line of its own, once", () => {
    const lines = written(false, "table").stdout.split("\n");
    expect(lines.filter((line) => line.includes("ready"))).toEqual(["1/3 ready", "2/3 ready"]);
  });

  it("keeps standard output for the data where data is asked for", () => {
    const { stdout, stderr } = written(true, "json");
    expect(stdout).toBe("");
    expect(stderr).toContain("2/3 ready\n");
    expect(stderr).not.toContain("\u001b");
  });
});

describe("a key", () => {
  it("makes another request of another app, environment or key", () => {
    const all = [
      keyText("a", "b", "c"),
      keyText("a", "b", "d"),
      keyText("a", "c", "c"),
      keyText("ab", "", "c"),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(nameFor("web", "0123456789abcdef")).toBe("web-0123456789ab");
  });

  it("stands for the very same request", () => {
    const { spec } = release();
    expect(isSame(spec, { ...spec })).toBe(true);
    expect(isSame(spec, { ...spec, words: { tag: "other" } })).toBe(false);
  });
});
