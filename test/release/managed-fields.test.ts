import { describe, expect, it } from "vitest";
import { owned, ownedFields } from "../../src/release/managed-fields.ts";
import type { LiveObject } from "../../src/release/plan.ts";

function object(managedFields: unknown, spec: object = {}): LiveObject {
  const metadata = { name: "web", uid: "u", resourceVersion: "1", managedFields };
  const made = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
  return made;
}

const apply = (fieldsV1: unknown, rest: object = {}) => ({
  manager: "docc",
  operation: "Apply",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...rest,
});

const fixed = { autoscaled: false };

describe("the fields that docc owns", () => {
  it("are those of its applies, and of nobody else's", () => {
    const fields = ownedFields(
      object([
        apply({ "f:spec": { "f:replicas": {} } }),
        apply({ "f:spec": { "f:paused": {} } }, { apiVersion: "apps/v1beta1" }),
        apply({ "f:spec": { "f:a": {} } }, { manager: "helm" }),
        apply({ "f:spec": { "f:b": {} } }, { operation: "Update" }),
        apply({ "f:status": { "f:c": {} } }, { subresource: "status" }),
        "nonsense",
        null,
      ]),
    );
    expect(fields).toEqual({ "f:spec": { "f:replicas": {}, "f:paused": {} } });
  });

  it.each([undefined, null, "x", [], [{}], [apply("x")], [apply({ "f:a": "x" })]])(
    "are read without harm from %j",
    (managed) => {
      const fields = ownedFields(object(managed));
      expect(() => owned(fields, object(managed), fixed)).not.toThrow();
    },
  );

  it("are found by field, by key, by value and by index", () => {
    const spec = {
      ports: [
        { port: 80, protocol: "TCP", nodePort: 30_001 },
        { port: 80, protocol: "UDP", nodePort: 30_002 },
      ],
      finalizers: ["a", "b"],
      list: [1, 2],
      atomic: { any: [1, { thing: true }] },
      other: "not ours",
    };
    const key = 'k:{"port":80,"protocol":"UDP"}';
    const fields = {
      "f:ports": { ".": {}, [key]: { ".": {}, "f:port": {}, "f:nodePort": {} } },
      "f:finalizers": { 'v:"b"': {}, 'v:"gone"': {} },
      "f:list": { "i:1": {} },
      "f:atomic": {},
      "f:missing": { "f:inner": {} },
      "k:broken": {},
    };
    expect(owned(fields, spec, fixed)).toEqual({
      "f:ports": { [key]: { "f:port": 80, "f:nodePort": 30_002 } },
      "f:finalizers": { 'v:"b"': "b", 'v:"gone"': null },
      "f:list": { "i:1": 2 },
      "f:atomic": { any: [1, { thing: true }] },
      "f:missing": { "f:inner": null },
      "k:broken": null,
    });
  });

  it("leave out docc's stamps, and the replicas of an autoscaler", () => {
    const fields = {
      "f:metadata": {
        "f:annotations": {
          "f:docc.dev/release": {},
          "f:kubernetes.io/change-cause": {},
          "f:example.com/a": {},
        },
      },
      "f:spec": { "f:replicas": {}, "f:paused": {} },
    };
    const whole = { metadata: { annotations: {} }, spec: { replicas: 3 } };
    const annotations = { "f:annotations": { "f:example.com/a": null } };
    expect(owned(fields, whole, { autoscaled: true })).toEqual({
      "f:metadata": annotations,
      "f:spec": { "f:paused": null },
    });
    expect(owned(fields, whole, fixed)).toEqual({
      "f:metadata": annotations,
      "f:spec": { "f:paused": null, "f:replicas": 3 },
    });
  });
});
