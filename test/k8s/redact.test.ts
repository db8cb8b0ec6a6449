import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutValues, hide, secretsIn } from "../../src/k8s/redact.ts";

describe("cutValues", () => {
  it.each([
    [
      "a quoted string",
      'spec.x: Invalid value: "hunter2": must be a number',
      "spec.x: Invalid value: must be a number",
    ],
    ["escapes", String.raw`a: Invalid value: "say \"hunter2\": x": no`, "a: Invalid value: no"],
    [
      "a number",
      "spec.replicas: Invalid value: -5: must be 0 or more",
      "spec.replicas: Invalid value: must be 0 or more",
    ],
    [
      "a struct",
      'a: Invalid value: v1.EnvVar{Name:"A", Value:"hunter2: x"}: may not be both',
      "a: Invalid value: may not be both",
    ],
    [
      "JSON",
      'a: Invalid value: {"b":"hunter2","c":[1,2]}: field is immutable',
      "a: Invalid value: field is immutable",
    ],
    ["a struct that never ends", 'a: Invalid value: {"b":"hunter2: x', "a: Invalid value"],
    ["a string that never ends", 'a: Invalid value: "hunter2: x', "a: Invalid value"],
    [
      "several errors",
      '[a: Invalid value: "hunter2": no, b: Required value, c: Duplicate value: "hunter2"]',
      "[a: Invalid value: no, b: Required value, c: Duplicate value]",
    ],
    [
      "what a set allows stays",
      'a: Unsupported value: "hunter2": supported values: "Always", "Never"',
      'a: Unsupported value: supported values: "Always", "Never"',
    ],
    [
      "raw values of typed patches, to the end",
      "failed to create typed patch object (web/a; apps/v1, Kind=Deployment): .spec.env: expected list, got &{map[A:hunter2\n  .b: c]}",
      "failed to create typed patch object (web/a; apps/v1, Kind=Deployment): .spec.env: expected list, got another type",
    ],
    ["nothing else", 'deployments.apps "web" not found', 'deployments.apps "web" not found'],
  ])("cuts %s", (_what, message, expected) => {
    expect(cutValues(message)).toBe(expected);
  });

  it("lets no part of any quoted value through", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (value) => {
        const message = `a: Invalid value: ${JSON.stringify(value)}: must be good`;
        expect(cutValues(message)).toBe("a: Invalid value: must be good");
      }),
    );
  });
});

describe("secretsIn", () => {
  it("finds values of environment variables at any depth, and a Secret's data in both forms", () => {
    const pod = { spec: { containers: [{ env: [{ name: "TOKEN", value: "hunter2" }] }] } };
    const secret = { kind: "Secret", data: { a: "aHVudGVyMw==" }, stringData: { b: "hunter4" } };
    const found = secretsIn({ items: [pod, secret] });
    expect([...found]).toEqual(
      expect.arrayContaining(["hunter2", "aHVudGVyMw==", "hunter3", "hunter4"]),
    );
  });

  it("leaves names, images and short values alone", () => {
    const env = [
      { name: "LEVEL", value: "on" },
      { name: "FROM", valueFrom: {} },
    ];
    expect(secretsIn({ spec: { containers: [{ name: "app", image: "x:1", env }] } }).size).toBe(0);
  });
});

describe("hide", () => {
  it("replaces a secret as it is and as JSON would write it", () => {
    const text = String.raw`a"b\c and a\"b\\c`;
    expect(hide(text, new Set([String.raw`a"b\c`]))).toBe("… and …");
  });

  it("replaces the longest first", () => {
    expect(hide("hunter2-long", new Set(["hunter2", "hunter2-long"]))).toBe("…");
  });
});
