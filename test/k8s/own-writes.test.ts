import { describe, expect, it } from "vitest";
import { OwnWrites } from "../../src/k8s/own-writes.ts";

const record = (resourceVersion: string, uid = "first") => ({
  metadata: {
    name: "shop",
    namespace: "docc",
    uid,
    resourceVersion,
    creationTimestamp: "2017-12-06T10:00:00Z",
  },
});
const modified = (value: ReturnType<typeof record>) =>
  ({ type: "modified", key: "docc/shop", value, previous: value }) as const;
const deleted = (value: ReturnType<typeof record>) =>
  ({ type: "deleted", key: "docc/shop", value }) as const;

describe("what this process wrote", () => {
  it("counts until the watch has told of it, or of something newer", () => {
    const own = new OwnWrites<ReturnType<typeof record>>();
    own.remember(record("5"), record("4"));
    own.heard(modified(record("4")));
    expect(own.newest("shop")).toEqual(record("5"));
    own.heard(modified(record("6")));
    expect(own.newest("shop")).toBeUndefined();
  });

  it("does not hide what the watch has told before the answer came", () => {
    const own = new OwnWrites<ReturnType<typeof record>>();
    own.remember(record("5"), record("6"));
    expect(own.newest("shop")).toBeUndefined();
  });

  it("is forgotten with its deletion, also when that is heard of before the answer to the write", () => {
    const own = new OwnWrites<ReturnType<typeof record>>();
    own.remember(record("5"), record("4"));
    own.heard(deleted(record("5")));
    expect(own.newest("shop")).toBeUndefined();
    own.remember(record("6"), undefined);
    expect(own.newest("shop")).toBeUndefined();
    // Another one of that name is another one.
    own.remember(record("7", "second"), undefined);
    expect(own.newest("shop")).toEqual(record("7", "second"));
  });
});
