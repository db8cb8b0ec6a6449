import { describe, expect, it } from "vitest";
import { renderText } from "../../../sandbox/slack/render.ts";
import { mention } from "../../../src/slack/people.ts";
import { milestoneMessage } from "../../../src/slack/views/milestone.ts";
import { failure } from "../releases.ts";

const names = (id: string) => ({ UDEVELOPER: "developer", SKUBECON: "kubecon-team" })[id];
const cause = failure.cause ?? expect.fail("the sample failure has a cause");

describe("a milestone", () => {
  it.each([
    [{ created: 0, changed: 1, unchanged: 3 }, "Applied 1 object; 3 unchanged."],
    [{ created: 4, changed: 0, unchanged: 0 }, "Applied 4 objects."],
    [{ created: 1, changed: 2, unchanged: 0 }, "Applied 3 objects (1 new)."],
  ])("counts applied objects: %o", (counts, text) => {
    expect(milestoneMessage({ type: "applied", key: "applied", ...counts }, mention)).toMatchObject(
      {
        text,
        broadcast: false,
      },
    );
  });

  it("says what the plan warned of below what was applied, six lines at most", () => {
    const notes = ["Warning: <!channel> is down", ...Array.from({ length: 9 }, () => "more")];
    const counts = { created: 0, changed: 1, unchanged: 0 };
    const { text } = milestoneMessage(
      { type: "applied", key: "applied", ...counts, notes },
      mention,
    );
    expect(text.split("\n").slice(0, 2)).toEqual([
      "Applied 1 object.",
      "Warning: &lt;!channel&gt; is down.",
    ]);
    expect(text.split("\n")).toHaveLength(7);
  });

  it("says how long it watches before the verdict", () => {
    const milestone = {
      type: "ready",
      key: "ready",
      ready: 3,
      wanted: 3,
      stableMs: 60_000,
    } as const;
    expect(milestoneMessage(milestone, mention).text).toBe(
      "3 of 3 ready. Watching 60 s before the verdict.",
    );
    expect(milestoneMessage({ ...milestone, ready: 0, wanted: 0 }, mention).text).toBe(
      "No copy runs any more. Watching 60 s before the verdict.",
    );
  });

  it("calls who asked when somebody else has ended it, and not who did that themselves", () => {
    const by = (user: string) => ({ provider: "slack", team: "T0DOCC", user }) as const;
    const requester = by("UDEVELOPER");
    const said = (user: string) =>
      milestoneMessage(
        {
          type: "closed",
          key: "closed",
          phase: "cancelled",
          closed: { by: by(user), reason: "" },
          requester,
        },
        mention,
      ).text;
    expect(said("UBEN")).toBe("<@UDEVELOPER>: Cancelled by <@UBEN>. Nothing was changed.");
    expect(said("UDEVELOPER")).toBe("Cancelled by <@UDEVELOPER>. Nothing was changed.");
  });

  it("says what was removed, and what the cluster kept", () => {
    const milestone = {
      type: "pruned",
      key: "pruned",
      removed: ["Ingress shop-admin", "Certificate shop-admin"],
      kept: ["PodDisruptionBudget <!channel>"],
    } as const;
    expect(milestoneMessage(milestone, mention)).toMatchObject({
      text:
        "Removed Ingress shop-admin, Certificate shop-admin.\n" +
        "Not removed, because the cluster refused or it is not docc's any more: PodDisruptionBudget &lt;!channel&gt;.",
      broadcast: false,
    });
    const many = Array.from({ length: 14 }, (_, at) => `Ingress i${at}`);
    expect(milestoneMessage({ ...milestone, removed: many, kept: [] }, mention).text).toMatch(
      /Ingress i11 and 2 more\.$/,
    );
  });

  it("ends its sentence where a warning has no words", () => {
    const warning = { key: "Odd/Pod", reason: "Odd", kind: "Pod", message: "\n", count: 1 };
    const milestone = { type: "warning", key: "warning:Odd/Pod", warning } as const;
    expect(milestoneMessage(milestone, mention).text).toBe("Warning: Odd on Pod.");
  });

  it("tells a warning once, with its count", () => {
    const warning = {
      key: "FailedScheduling/Pod",
      reason: "FailedScheduling",
      kind: "Pod",
      message: "0/3 nodes are available",
      count: 3,
    };
    expect(
      milestoneMessage({ type: "warning", key: "warning:FailedScheduling/Pod", warning }, mention)
        .text,
    ).toBe("Warning: FailedScheduling on Pod x3: 0/3 nodes are available.");
  });

  it("shouts what was changed outside docc to the maintainers, with what helps", () => {
    const message = milestoneMessage(
      {
        type: "drifted",
        key: "drift:sha256:0",
        app: "kubecon-2017",
        environment: "production",
        changes: [
          "Deployment kubecon-2017: container kubecon: image  2017 -> 2016 (by kubectl, 2017-12-06 09:02 UTC)",
          "Deployment kubecon-2017: paused  added: true (by <!channel>)",
        ],
        next: [
          "/docc deploy kubecon-2017 in=production puts it back; to keep it, put it in the manifest.",
          "What was added stays when docc deploys: whoever added it takes it away.",
        ],
        maintainers: ["UDEVELOPER", "SKUBECON"],
      },
      mention,
    );
    expect(message.broadcast).toBe(true);
    expect(`\n${renderText(JSON.parse(JSON.stringify(message)), names)}\n`).toMatchInlineSnapshot(`
      "
      @developer @kubecon-team: kubecon-2017 in production was changed outside docc.
        Deployment kubecon-2017: container kubecon: image  2017 -> 2016 (by kubectl, 2017-12-06 09:02 UTC)
        Deployment kubecon-2017: paused  added: true (by <!channel>)
      Next: /docc deploy kubecon-2017 in=production puts it back; to keep it, put it in the manifest.
      What was added stays when docc deploys: whoever added it takes it away.
      "
    `);
  });

  it("says once more, in the channel too, that all is as docc left it", () => {
    const mended = {
      type: "mended",
      key: "mended",
      app: "kubecon-2017",
      environment: "production",
      leftovers: false,
    } as const;
    const text = "kubecon-2017 in production is as docc left it again.";
    expect(milestoneMessage(mended, mention)).toMatchObject({ text, broadcast: true });
    expect(milestoneMessage({ ...mended, leftovers: true }, mention).text).toBe(
      `${text} What was added by hand may still be there: docc leaves that alone.`,
    );
  });

  it("shouts a failure to the requester and the maintainers, each once", () => {
    const message = milestoneMessage(
      {
        type: "failed",
        key: "failed",
        cause,
        changed: "image 2017 -> 2018 only",
        requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
        maintainers: ["SKUBECON", "UDEVELOPER"],
      },
      mention,
    );
    expect(message.broadcast).toBe(true);
    expect(`\n${renderText(JSON.parse(JSON.stringify(message)), names)}\n`).toMatchInlineSnapshot(`
      "
      @developer @kubecon-team: kubecon exits with code 1 at start.
        DATABASE_URL is not set
      Changed: image 2017 -> 2018 only.
      Next: add DATABASE_URL to env, or roll back.
      "
    `);
  });
});
