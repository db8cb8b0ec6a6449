import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { createAuditStore } from "../../src/k8s/audit-store.ts";
import { connect } from "../../src/k8s/connection.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { rulesOf } from "../k8s/crd-rules.ts";
import { chainOf, record } from "./records.ts";

const unchanging = "an audit record never changes";
const sealedOnce = "a sealed segment never changes";
const numbered = "a segment is named by its number";

describe("the attacks on the CRDs of the audit log", () => {
  it("leave no rule out", () => {
    expect(rulesOf("auditrecords.docc.dev")).toEqual([unchanging]);
    expect(rulesOf("auditsegments.docc.dev")).toEqual([sealedOnce, numbered].toSorted());
  });
});

/** Attacks with an administrator's kubectl: docc's rights are fewer. */
describeOnRealCluster("on the real control plane", ({ kubeconfigPath, ...cluster }) => {
  const namespaces = namespacesOf({ kubeconfigPath, ...cluster });
  const connection = connect({ kubeconfigPath, clock: systemClock });
  const [segment] = chainOf([[record("a"), record("b")]]);
  let inside: InNamespace;
  beforeAll(async () => {
    inside = await namespaces.create();
    const store = createAuditStore(createApi(connection), inside.namespace);
    await store.createRecord(record("a", { reason: "too late", words: ["tag=2018"] }));
    if (segment !== undefined) await store.createSegment(segment);
  });
  afterAll(() => connection.close());

  const patch = (kind: string, name: string, type: string, body: unknown) =>
    inside.try(["patch", kind, name, `--type=${type}`, "-p", JSON.stringify(body)]);

  describe("an audit record", () => {
    it.each([
      ["merge", { spec: { outcome: "not-allowed" } }],
      ["merge", { spec: { who: { user: "USOMEBODY" } } }],
      ["merge", { spec: { reason: null } }],
      ["merge", { spec: { app: "shop" } }],
      ["json", [{ op: "add", path: "/spec/words/-", value: "scale=5" }]],
      ["json", [{ op: "replace", path: "/spec/time", value: "2017-12-07T09:00:00.000Z" }]],
    ])("never changes: %s %j", async (type, body) => {
      const { code, stderr } = await patch("auditrecords.docc.dev", "a", type, body);
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toContain(unchanging);
    });

    it.each([
      ["nobody as who acted", { who: { provider: "slack", team: "T", user: "" } }, "spec.who.user"],
      ["no time", { time: "yesterday" }, "spec.time"],
      ["a type that nobody knows", { type: "joke" }, "spec.type"],
      ["a reason without end", { reason: "r".repeat(301) }, "spec.reason"],
      ["more words than a command has", { words: Array(61).fill("w") }, "spec.words"],
    ])("refuses %s", async (_name, spec, field) => {
      const { name, ...rest } = record("c");
      const body = {
        apiVersion: "docc.dev/v1alpha1",
        kind: "AuditRecord",
        metadata: { name },
        spec: { ...rest, ...spec },
      };
      await expect(inside.ok(["create", "-f", "-"], JSON.stringify(body))).rejects.toThrow(field);
    });
  });

  describe("a sealed segment", () => {
    it.each([
      ["merge", { spec: { records: ["{}"] } }],
      ["merge", { spec: { previous: `sha256:${"1".repeat(64)}` } }],
      ["json", [{ op: "remove", path: "/spec/records/1" }]],
    ])("never changes: %s %j", async (type, body) => {
      const { code, stderr } = await patch(
        "auditsegments.docc.dev",
        "segment-00000001",
        type,
        body,
      );
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toContain(sealedOnce);
    });

    it.each([
      ["of a number that is not its name's", "segment-00000003", { number: 2 }],
      ["of a name that is no number", "segment-2", { number: 2 }],
      ["of another name", "annex-00000002", { number: 2 }],
    ])("cannot be made %s", async (_name, name, more) => {
      const body = {
        apiVersion: "docc.dev/v1alpha1",
        kind: "AuditSegment",
        metadata: { name },
        spec: { ...segment, ...more },
      };
      await expect(inside.ok(["create", "-f", "-"], JSON.stringify(body))).rejects.toThrow(
        numbered,
      );
    });

    it("shows its number and hash to kubectl", async () => {
      const table = await inside.ok(["get", "auditsegments.docc.dev"]);
      expect(table).toContain("segment-00000001   1        2017-12-06T09:00:00.000Z   sha256:");
      expect(await inside.ok(["get", "auditrecords.docc.dev"])).toMatch(
        /a +2017-12-06T09:00:00\.000Z +UDEVELOPER +deploy/,
      );
    });
  });
});
