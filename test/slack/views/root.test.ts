import { describe, expect, it } from "vitest";
import { renderText } from "../../../sandbox/slack/render.ts";
import type { Phase } from "../../../src/release/release.ts";
import { mention } from "../../../src/slack/people.ts";
import { classic } from "../../../src/slack/classic.ts";
import { rootMessage } from "../../../src/slack/views/root.ts";
import type { ReleaseView } from "../../../src/release/story.ts";
import { failure, noon, plan, releaseIn, viewOf } from "../releases.ts";

const names = (id: string) => ({ UDEVELOPER: "developer", UAPPROVER: "approver" })[id];
const shown = (view: ReleaseView) => `\n${renderText(asJson(rootMessage(view, mention)), names)}\n`;
const asJson = (message: object) => JSON.parse(JSON.stringify(message));
const progress = {
  ready: 2,
  wanted: 3,
  old: 1,
  waitingFor: "waiting for kubecon-2017-7d9f to become ready",
  warnings: [],
};

describe("the root message", () => {
  it("says at once that the release is accepted", () => {
    expect(shown(viewOf(releaseIn("accepted")))).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2017
      Accepted; docc is planning it.
      Asked by @developer, release kubecon-2017-0123456789ab: "new schedule"
      [Cancel]
      "
    `);
  });

  it("says behind which release it waits", () => {
    const view = viewOf(releaseIn("accepted"), { behind: "kubecon-2017-aaaaaaaaaaaa" });
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2017
      Waits behind release kubecon-2017-aaaaaaaaaaaa.
      Asked by @developer, release kubecon-2017-0123456789ab: "new schedule"
      [Cancel]
      "
    `);
  });

  it("shows the plan in lines that fit a phone", () => {
    expect(shown(viewOf(releaseIn("planned")))).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      Planned; applying comes next.
      Changes: Deployment (image). Unchanged: Service, Ingress, Certificate.
      Known risks: none.
      Asked by @developer, release 8: "new schedule"
      [View diff] [Cancel]
      "
    `);
  });

  it("names risks and warnings in words", () => {
    const risky = { ...plan, risks: ["scale 10 -> 3"], warnings: ["One replica serves traffic."] };
    const view = viewOf(releaseIn("planned", { status: { plan: risky } }));
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      Planned; applying comes next.
      Changes: Deployment (image). Unchanged: Service, Ingress, Certificate.
      Known risks: scale 10 -> 3.
      Warning: One replica serves traffic.
      Asked by @developer, release 8: "new schedule"
      [View diff] [Cancel]
      "
    `);
  });

  it("shows the steps while objects are applied", () => {
    expect(shown(viewOf(releaseIn("applying")))).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      Applying 2017.
      Rollout of 2017
      [x] Plan
      [~] Apply
      [ ] Roll out
      [ ] Verify
      Asked by @developer, release 8: "new schedule"
      [Stop]
      "
    `);
  });

  it("counts ready pods and seconds while it rolls out", () => {
    const view = viewOf(releaseIn("progressing"), { progress, now: noon + 40_000 });
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      Rolling out 2017: 2 of 3 ready, 41 s.
      waiting for kubecon-2017-7d9f to become ready
      Rollout of 2017
      [x] Plan
      [x] Apply
      [~] Roll out: 2 of 3 ready
      [ ] Verify
      Asked by @developer, release 8: "new schedule"
      [Stop]
      "
    `);
  });

  it("says that it watches before the verdict", () => {
    const view = viewOf(releaseIn("verifying"), {
      progress: { ...progress, ready: 3 },
      now: noon + 12_000,
    });
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      3 of 3 ready. Watching 60 s before the verdict, 12 s so far.
      Rollout of 2017
      [x] Plan
      [x] Apply
      [x] Roll out: 3 of 3 ready
      [~] Verify
      Asked by @developer, release 8: "new schedule"
      [Stop]
      "
    `);
  });

  it("tells success with its addresses and the time it took", () => {
    const verdict = {
      ...failure,
      outcome: "succeeded",
      affected: "",
      ready: 3,
      wanted: 3,
      urls: ["https://kubecon-2017.example.com"],
    } as const;
    const { cause: _, ...succeeded } = verdict;
    const finishedAt = new Date(noon + 103_000).toISOString();
    const view = viewOf(releaseIn("succeeded", { status: { verdict: succeeded, finishedAt } }));
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      2017 is live in production. 3 of 3 ready and stable, 1m44s.
      https://kubecon-2017.example.com
      Asked by @developer, release 8: "new schedule"
      [Logs]
      "
    `);
  });

  it("tells failure with its cause, then who is affected, then what to do", () => {
    const view = viewOf(
      releaseIn("failed", {
        status: { plan: { ...plan, from: "2017", to: "2018" }, verdict: failure },
      }),
    );
    expect(shown(view)).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2017 -> 2018
      2018 failed in production: kubecon exits with code 1 at start.
      Users are still on 2017: 3 of 3 old pods ready.
      Next: add DATABASE_URL to env, or roll back.
      Asked by @developer, release 8: "new schedule"
      [Retry] [Logs]
      "
    `);
  });

  it("never says failed when the cluster could not be asked", () => {
    const verdict = {
      ...failure,
      outcome: "unknown",
      affected: "",
      cause: {
        code: "unreachable",
        sentence: "the cluster did not answer until the deadline",
        evidence: [],
        next: "",
      },
    } as const;
    const text = shown(viewOf(releaseIn("unknown", { status: { verdict } })));
    expect(text).not.toMatch(/failed/i);
    expect(text).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      The outcome of 2017 in production is not known: the cluster did not answer until the deadline.
      Asked by @developer, release 8: "new schedule"
      [Retry] [Logs]
      "
    `);
  });

  it("tells a refusal with the findings that caused it", () => {
    const cause = {
      code: "apply-refused",
      sentence: "1 error in the manifest",
      evidence: [
        "4:17 missing-key containers.kubecon.image_tag",
        "    A container needs an image tag.",
      ],
      next: "",
    } as const;
    const verdict = { ...failure, outcome: "refused", affected: "", cause } as const;
    expect(shown(viewOf(releaseIn("refused", { status: { verdict } })))).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2017
      Not deployed: 1 error in the manifest.
        4:17 missing-key containers.kubecon.image_tag
            A container needs an image tag.
      Asked by @developer, release kubecon-2017-0123456789ab: "new schedule"
      "
    `);
  });

  it.each<Phase>([
    "awaiting-approval",
    "approved",
    "rejected",
    "expired",
    "cancelled",
    "superseded",
  ])("has a sentence for %s", (phase) => {
    const transitions = [{ phase, at: new Date(noon).toISOString(), actor: "UAPPROVER" }];
    const { text } = rootMessage(viewOf(releaseIn(phase, { status: { transitions } })), mention);
    expect(text).toMatch(/^(Deploy of kubecon-2017 to production|Approval needed): .*\.$/);
  });

  it("says of a rollback that it is one, from where, and to which revision", () => {
    const spec = {
      kind: "rollback",
      source: { type: "release", release: "kubecon-2017-aaaaaaaaaaaa", revision: 7 },
      words: {},
    } as const;
    const status = { plan: { ...plan, from: "2018", to: "2017" } };
    const view = viewOf(releaseIn("planned", { spec, status }));
    expect(shown(view)).toContain(
      "kubecon-2017 -> production   2018 -> 2017, back to revision 7\n",
    );
    expect(rootMessage(view, mention).text).toMatch(/^Rollback of kubecon-2017 in production: /);
    expect(shown(viewOf(releaseIn("accepted", { spec })))).toContain(
      "production   back to revision 7",
    );
    expect(shown(viewOf(releaseIn("refused", { spec, status: { verdict: failure } })))).toContain(
      "Not rolled back: ",
    );
  });

  it("mentions the requester only when they are a person of Slack", () => {
    const requester = { provider: "kubernetes", team: "", user: "USERNAME" } as const;
    const message = rootMessage(viewOf(releaseIn("accepted", { spec: { requester } })), mention);
    expect(JSON.stringify(message)).not.toContain("<@");
  });

  it("keeps its words in classic blocks", () => {
    const message = rootMessage(viewOf(releaseIn("progressing"), { progress }), mention);
    expect(`\n${renderText(asJson(classic(message)), names)}\n`).toMatchInlineSnapshot(`
      "
      kubecon-2017 -> production   2016 -> 2017
      Rolling out 2017: 2 of 3 ready, 1 s.
      waiting for kubecon-2017-7d9f to become ready
      Done: Plan
      Done: Apply
      Now: Roll out: 2 of 3 ready
      Next: Verify
      Asked by @developer, release 8: "new schedule"
      [Stop]
      "
    `);
    expect(classic(message).blocks.map(({ type }) => type)).toEqual([
      "section",
      "section",
      "context",
      "actions",
    ]);
  });
});
