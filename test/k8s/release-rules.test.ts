import { describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";

const stored = { type: "stored" };
const earlier = { type: "release", release: "kubecon-2017-0123456789ab", revision: 7 };
const rollback = { kind: "rollback", source: earlier };

/** What the API server says of a request, nothing stored. */
async function verdict(inside: InNamespace, spec: object): Promise<string> {
  const body = {
    apiVersion: "docc.dev/v1alpha1",
    kind: "Release",
    metadata: { name: "kubecon-2017-ba9876543210" },
    spec: {
      app: "kubecon-2017",
      environment: "production",
      kind: "deploy",
      source: stored,
      words: {},
      requester: { provider: "slack", team: "T", user: "U" },
      ...spec,
    },
  };
  try {
    await inside.ok(["create", "--dry-run=server", "-f", "-"], JSON.stringify(body));
    return "taken";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);

  describe("the rules of the Release CRD", () => {
    it.each([
      ["a deploy of the stored manifest", {}],
      ["a rollback to an earlier release", rollback],
      ["a rollback at another scale", { ...rollback, words: { scale: "5" } }],
    ])("take %s", async (_name, spec) => {
      expect(await verdict(await namespaces.create(), spec)).toBe("taken");
    });

    const carries = "release a release and its revision";
    const names = "a rollback names its app and an earlier release";
    it.each([
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
      ["a revision below 1", { ...rollback, source: { ...earlier, revision: 0 } }, "revision"],
    ])("refuse %s", async (_name, spec, message) => {
      expect(await verdict(await namespaces.create(), spec)).toContain(message);
    });
  });
});
