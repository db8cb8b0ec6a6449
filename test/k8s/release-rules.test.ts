import { describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { leftOut, rulesOf } from "./crd-rules.ts";

const stored = { type: "stored" };
const earlier = { type: "release", release: "kubecon-2017-0123456789ab", revision: 7 };
const rollback = { kind: "rollback", source: earlier };
const from = { environment: "staging", release: "kubecon-2017-0123456789ab", revision: 7 };
const adoption = adopting({});
const promotion = { source: { type: "promotion", from } };

const name = "kubecon-2017-ba9876543210";

function request(spec: object = {}): string {
  return JSON.stringify({
    apiVersion: "docc.dev/v1alpha1",
    kind: "Release",
    metadata: { name },
    spec: {
      app: "kubecon-2017",
      environment: "production",
      kind: "deploy",
      source: stored,
      words: {},
      requester: { provider: "slack", team: "T", user: "U" },
      ...spec,
    },
  });
}

function adopting(otherwise: object): { readonly source: object } {
  const adopts = { seen: "0123456789ab", maintainer: "dev@example.com", ...otherwise };
  return { source: { type: "adoption", adopts } };
}

/** What the API server says of a request, nothing stored. */
async function verdict(inside: InNamespace, spec: object): Promise<string> {
  try {
    await inside.ok(["create", "--dry-run=server", "-f", "-"], request(spec));
    return "taken";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

const carries = "inline carries a manifest, slack-file a file, release a release and its revision";
const names = "a rollback names its app and an earlier release";
const restarts = "a restart names its app and changes nothing";
const updates = "an update names its app and what changes";
const promotes = "a promotion is a deploy of a named app from another environment";
const adopts = "an adoption is a deploy of a named app, as it runs";
const deletes = "a deletion names its app and brings nothing along";
const byItself = "docc asks for nothing but rollbacks by itself";
const byDocc = { requester: { provider: "docc", team: "", user: "docc" } };

const fromTerminal = { requester: { provider: "kubernetes", team: "", user: "ci" } };

const attacks: readonly (readonly [name: string, spec: object, message: string])[] = [
  ["a rollback to the stored manifest", { kind: "rollback" }, names],
  ["a deploy of an earlier release", { source: earlier }, names],
  ["a rollback of no app", { ...rollback, app: undefined }, names],
  ["a rollback to another tag", { ...rollback, words: { tag: "2018" } }, names],
  [
    "an earlier release without its revision",
    { ...rollback, source: { ...earlier, revision: undefined } },
    carries,
  ],
  ["a stored manifest with a release", { source: { ...earlier, type: "stored" } }, carries],
  ["a manifest that is not there", { source: { type: "inline" } }, carries],
  ["a file that is not named", { source: { type: "slack-file" } }, carries],
  ["two sources", { source: { type: "inline", manifest: "{}", file: "F1" } }, carries],
  ["a revision below 1", { ...rollback, source: { ...earlier, revision: 0 } }, "revision"],
  ["an update of no app", { kind: "update", words: { scale: "5" }, app: undefined }, updates],
  ["an update that changes nothing", { kind: "update" }, updates],
  [
    "an update with a manifest",
    { kind: "update", words: { scale: "5" }, source: { type: "inline", manifest: "{}" } },
    updates,
  ],
  ["a promotion from nowhere", { source: { type: "promotion" } }, carries],
  ["a stored manifest from elsewhere", { source: { ...stored, from } }, carries],
  ["a promotion of no app", { ...promotion, app: undefined }, promotes],
  ["a restart from elsewhere", { ...promotion, kind: "restart" }, promotes],
  ["a promotion within one environment", { ...promotion, environment: "staging" }, promotes],
  ["a promotion of another tag", { ...promotion, words: { tag: "2018" } }, promotes],
  ["a promotion of another digest", { ...promotion, words: { "kubecon.digest": "a" } }, promotes],
  ["an adoption of nothing", { source: { type: "adoption" } }, carries],
  ["an adoption of what nobody was shown", adopting({ seen: undefined }), "seen: Required value"],
  ["an adoption of whatever is there", adopting({ seen: "" }), "seen in body should match"],
  ["an adoption for nobody", adopting({ maintainer: "" }), "maintainer in body should be at least"],
  ["a stored manifest with what was shown", { source: { ...adoption.source, ...stored } }, carries],
  ["an adoption of no app", { ...adoption, app: undefined }, adopts],
  ["an adoption to another tag", { ...adoption, words: { tag: "2018" } }, adopts],
  ["a restart that takes over", { ...adoption, kind: "restart" }, adopts],
  ["a deploy that docc thought of", byDocc, byItself],
  ["a restart that docc thought of", { kind: "restart", ...byDocc }, byItself],
  ["a restart of no app", { kind: "restart", app: undefined }, restarts],
  ["a restart to another tag", { kind: "restart", words: { tag: "2018" } }, restarts],
  ["a deletion that docc thought of", { kind: "delete", ...byDocc }, byItself],
  ["a deletion of no app", { kind: "delete", app: undefined }, deletes],
  ["a deletion to another tag", { kind: "delete", words: { tag: "2018" } }, deletes],
  [
    "a deletion with a manifest",
    { kind: "delete", source: { type: "inline", manifest: "{}" } },
    deletes,
  ],
  [
    "a person to tell, asked from Slack",
    { tell: "dev@example.com" },
    "only who asks from outside Slack names somebody to tell",
  ],
  [
    "a person to tell by no address",
    { ...fromTerminal, tell: "@channel" },
    "spec.tell in body should match",
  ],
  [
    "a restart with a manifest",
    { kind: "restart", source: { type: "inline", manifest: "{}" } },
    restarts,
  ],
];

describe("the attacks on the Release CRD", () => {
  it("leave out no rule of the request", () => {
    const rules = rulesOf("releases.docc.dev", "spec");
    expect(rules).not.toEqual([]);
    expect(
      leftOut(
        rules,
        attacks.map(([, , message]) => message),
      ),
    ).toEqual([]);
  });
});

const at = "2017-12-06T09:00:00.000Z";
const accepted = { phase: "accepted", transitions: [{ phase: "accepted", at, actor: "U" }] };
const superseded = {
  phase: "superseded",
  finishedAt: at,
  transitions: [...accepted.transitions, { phase: "superseded", at, actor: "U" }],
};

async function patch(inside: InNamespace, status: object) {
  const merge = ["--subresource=status", "--type=merge", "-p", JSON.stringify({ status })];
  return inside.try(["patch", "releases.docc.dev", name, ...merge]);
}

describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);

  describe("the rules of the Release CRD", () => {
    it.each([
      ["a deploy of the stored manifest", {}],
      ["a rollback to an earlier release", rollback],
      ["a rollback at another scale", { ...rollback, words: { scale: "5" } }],
      ["a rollback that docc thought of", { ...rollback, ...byDocc }],
      ["a restart", { kind: "restart" }],
      ["an update", { kind: "update", words: { scale: "5" } }],
      ["a promotion", promotion],
      ["a promotion at another scale", { ...promotion, words: { scale: "5", "env.TAG": "a" } }],
      ["an adoption", adoption],
      ["a person to tell", { ...fromTerminal, tell: "dev@example.com" }],
      ["a deletion", { kind: "delete" }],
    ])("take %s", async (_name, spec) => {
      expect(await verdict(await namespaces.create(), spec)).toBe("taken");
    });

    it.each(attacks)("refuse %s", async (_name, spec, message) => {
      expect(await verdict(await namespaces.create(), spec)).toContain(message);
    });
  });

  describe("a finished release", () => {
    it("takes notes of what was told, and nothing else", async () => {
      const inside = await namespaces.create();
      await inside.ok(["create", "-f", "-"], request());
      for (const status of [accepted, superseded])
        expect((await patch(inside, status)).code).toBe(0);
      const notes = {
        slack: { channel: "C", ts: "1.0", told: [] },
        webhooks: { paging: { through: `${at}/superseded`, gaveUp: 1 } },
      };
      expect(await patch(inside, notes)).toMatchObject({ code: 0, stderr: "" });
      const moved = await patch(inside, { revision: 3 });
      expect(moved.stderr).toContain("only status.slack and status.webhooks may move");
      const hollow = await patch(inside, { webhooks: { paging: { through: null } } });
      expect(hollow.stderr).toContain("through: Required value");
    });

    it("keeps the notes of the other webhooks when one is written", async () => {
      const inside = await namespaces.create();
      await inside.ok(["create", "-f", "-"], request());
      expect((await patch(inside, accepted)).code).toBe(0);
      for (const webhook of ["paging", "chat"]) {
        await patch(inside, { webhooks: { [webhook]: { through: webhook } } });
      }
      const { stdout } = await inside.try(["get", "releases.docc.dev", name, "-o", "json"]);
      expect(JSON.parse(stdout)).toMatchObject({
        status: { webhooks: { paging: { through: "paging" }, chat: { through: "chat" } } },
      });
    });
  });
});
