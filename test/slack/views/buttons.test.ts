import { describe, expect, it } from "vitest";
import { interpret, isInvocation } from "../../../src/commands/dispatch.ts";
import { registry } from "../../../src/commands/registry.ts";
import type { ReleaseSpec } from "../../../src/release/release.ts";
import { buttons } from "../../../src/slack/views/buttons.ts";
import type { ReleaseView } from "../../../src/release/story.ts";
import { releaseIn, viewOf } from "../releases.ts";

const earlier = { release: "kubecon-2017-aaaaaaaaaaaa", revision: 7, version: "2017" };

function elements(view: ReleaseView) {
  return buttons(view).flatMap((block) => (block.type === "actions" ? block.elements : []));
}

function values(view: ReleaseView): readonly string[] {
  return elements(view).map((each) => ("value" in each ? (each.value ?? "") : ""));
}

function retried(spec: Partial<ReleaseSpec>): string | undefined {
  return values(viewOf(releaseIn("failed", { spec }))).find((each) => !each.startsWith("logs"));
}

describe("the buttons of a release", () => {
  it("are none for a release that moved nothing", () => {
    for (const phase of ["refused", "rejected", "expired", "cancelled", "superseded"] as const) {
      expect(buttons(viewOf(releaseIn(phase), { earlier }))).toEqual([]);
    }
  });

  it("end it before anything is applied, and stop it afterwards", () => {
    const cancel = "cancel kubecon-2017-0123456789ab";
    expect(values(viewOf(releaseIn("accepted")))).toEqual([cancel]);
    for (const phase of ["planned", "approved"] as const) {
      const viewDiff = "diff kubecon-2017-0123456789ab";
      expect(values(viewOf(releaseIn(phase)))).toEqual([viewDiff, cancel]);
    }
    for (const phase of ["applying", "progressing", "verifying"] as const) {
      const view = viewOf(releaseIn(phase), { earlier });
      expect(values(view)).toEqual(["cancel kubecon-2017-0123456789ab"]);
      expect(JSON.stringify(buttons(view))).toContain("Stop and roll back");
      expect(JSON.stringify(buttons(viewOf(releaseIn(phase))))).not.toContain("roll back");
    }
  });

  it("are not offered twice once somebody has stopped it", () => {
    const by = { provider: "slack", team: "T0DOCC", user: "UAPPROVER" } as const;
    const stop = { by, reason: "", at: new Date(0).toISOString() };
    expect(buttons(viewOf(releaseIn("progressing", { status: { stop } }), { earlier }))).toEqual(
      [],
    );
  });

  it("carry a release and a digest for those who decide, and no authority", () => {
    const release = releaseIn("awaiting-approval");
    const digest = release.status?.plan?.digest ?? "";
    expect(values(viewOf(release))).toEqual([
      `approve ${release.metadata.name} plan=${digest}`,
      `{"words":"reject ${release.metadata.name} plan=${digest}","title":"Reject"}`,
      `diff ${release.metadata.name}`,
      `cancel ${release.metadata.name}`,
    ]);
  });

  it("go back from a success, and show its logs", () => {
    expect(values(viewOf(releaseIn("succeeded"), { earlier }))).toEqual([
      "rollback kubecon-2017 to=7 in=production",
      "logs kubecon-2017 in=production",
    ]);
    expect(values(viewOf(releaseIn("succeeded")))).toEqual(["logs kubecon-2017 in=production"]);
  });

  it("go back from a failure, or try it again", () => {
    expect(values(viewOf(releaseIn("failed"), { earlier }))).toEqual([
      "rollback kubecon-2017 to=7 in=production",
      "deploy kubecon-2017 tag=2017 in=production",
      "logs kubecon-2017 in=production",
    ]);
  });

  it("ask before a rollback, and say from where to where", () => {
    const before = { ...earlier, version: "2016" };
    const [button] = elements(viewOf(releaseIn("succeeded"), { earlier: before }));
    expect(button).toMatchObject({
      text: { text: "Roll back to 2016" },
      confirm: {
        title: { text: "Roll back to 2016?" },
        text: {
          text: "kubecon-2017 in production goes from whatever runs there now back to 2016, revision 7. Today's scale stays.",
        },
      },
    });
  });

  it("name the revision where the image has no tag", () => {
    const [button] = elements(
      viewOf(releaseIn("succeeded"), { earlier: { ...earlier, version: "" } }),
    );
    expect(button).toMatchObject({ text: { text: "Roll back to revision 7" } });
  });

  it("name the revision where the version is that of the release", () => {
    for (const phase of ["succeeded", "failed"] as const) {
      const [button] = elements(viewOf(releaseIn(phase), { earlier }));
      expect(button).toMatchObject({
        text: { text: "Roll back to revision 7" },
        confirm: {
          text: {
            text: "kubecon-2017 in production goes from whatever runs there now back to revision 7. Today's scale stays.",
          },
        },
      });
    }
  });

  it("retry a rollback as the rollback that it was", () => {
    const source = { type: "release", release: "kubecon-2017-aaaaaaaaaaaa", revision: 7 } as const;
    expect(retried({ kind: "rollback", source, words: { scale: "5" } })).toBe(
      "rollback kubecon-2017 to=7 scale=5 in=production",
    );
  });

  it("retry nothing that words cannot say, or that not everybody may read", () => {
    expect(retried({ source: { type: "inline", manifest: "{}" } })).toBeUndefined();
    expect(retried({ source: { type: "slack-file", file: "F0" } })).toBeUndefined();
    expect(retried({ words: { "env.TOKEN": "s3cr3t" } })).toBeUndefined();
    expect(retried({ words: { "web.env.TOKEN": "s3cr3t" } })).toBeUndefined();
    expect(retried({ words: { tag: 'a"b' } })).toBeUndefined();
  });

  it("stand for commands that docc understands", () => {
    const view = viewOf(releaseIn("failed", { spec: { words: { tag: "20 17", scale: "3" } } }), {
      earlier,
    });
    const understood = values(view).map((value) => interpret(registry, value));
    expect(understood.every(isInvocation)).toBe(true);
    expect(understood[1]).toMatchObject({ rest: { tag: "20 17", scale: "3" } });
  });
});
