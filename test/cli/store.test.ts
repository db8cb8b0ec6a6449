import { describe, expect, it } from "vitest";
import { storeAll, type Wish } from "../../src/cli/store.ts";
import { Unanswered } from "../../src/cli/unanswered.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { KubeError, type KubeErrorKind } from "../../src/k8s/errors.ts";
import { release } from "../release/releases.ts";

const { spec } = release();
const wish = (name: string): Wish => ({ name, spec });

/** What a cluster says of one release: nothing wrong, unless told. */
interface Says {
  readonly create?: KubeErrorKind;
  readonly find?: KubeErrorKind | "none";
}

const failed = (kind: KubeErrorKind) => new KubeError(kind, `it says ${kind}`, { writes: true });

function store(says: Readonly<Record<string, Says>>, hasKey = false) {
  const stored = (name: string) => ({
    metadata: { name, namespace: "docc", uid: "u", resourceVersion: "1" },
    spec,
  });
  const api = {
    create: (_kind: unknown, { metadata: { name } }: { metadata: { name: string } }) => {
      const wrong = says[name]?.create;
      return wrong === undefined ? Promise.resolve(stored(name)) : Promise.reject(failed(wrong));
    },
    find: (_kind: unknown, { name }: { name: string }) => {
      const wrong = says[name]?.find;
      if (wrong === "none") return Promise.resolve(undefined);
      return wrong === undefined ? Promise.resolve(stored(name)) : Promise.reject(failed(wrong));
    },
  } as unknown as KubeApi;
  return storeAll({ api, namespace: "docc", hasKey }, Object.keys(says).map(wish));
}

describe("storing releases", () => {
  it("is done when only the answer was lost, or it is there already", async () => {
    const fates = await store({ a: { create: "timeout" }, b: { create: "already-exists" } });
    expect(fates).toMatchObject([
      { release: { metadata: { name: "a" } } },
      { release: { metadata: { name: "b" } } },
    ]);
  });

  it("fails with the write's own error where surely nothing is stored", async () => {
    await expect(store({ a: { create: "forbidden" } })).rejects.toMatchObject({
      kind: "forbidden",
    });
    await expect(store({ a: { create: "timeout", find: "none" } })).rejects.toMatchObject({
      kind: "timeout",
    });
    const both = store({ a: { create: "invalid" }, b: { create: "forbidden" } });
    await expect(both).rejects.toMatchObject({ kind: "invalid" });
  });

  it("does not know what came of a write whose answer was lost, and that cannot be looked up", async () => {
    const [fate] = await store({ a: { create: "unavailable", find: "unavailable" } });
    expect(fate).toMatchObject({ wish: wish("a") });
    const unsure = fate !== undefined && "unsure" in fate ? fate.unsure : undefined;
    expect(unsure).toBeInstanceOf(Unanswered);
    expect(unsure).toMatchObject({
      message: "Nobody can tell now whether the release a is stored.",
      hint: "Look before you ask again: kubectl get release a -n docc",
    });
  });

  it("knows that one is stored which cannot be read", async () => {
    expect(await store({ a: { find: "forbidden" } })).toMatchObject([
      { unsure: { message: "The release a is stored and goes on, but cannot be read now." } },
    ]);
  });

  it("says to sign in again to whom the cluster does not know, and what a key is good for", async () => {
    expect(await store({ a: { find: "unauthorized" } }, true)).toMatchObject([
      {
        unsure: {
          hint: "Sign in again. Look later: kubectl get release a -n docc. The same command again, with the same --key, asks for nothing new.",
        },
      },
    ]);
  });

  it("tells of each of several, and hides none behind another's failure", async () => {
    expect(await store({ a: { create: "invalid" }, b: {} })).toMatchObject([
      { failed: { kind: "invalid" } },
      { release: { metadata: { name: "b" } } },
    ]);
    expect(await store({ a: { create: "invalid" }, b: { find: "forbidden" } })).toMatchObject([
      { failed: { kind: "invalid" } },
      { unsure: { reason: "timeout" }, wish: wish("b") },
    ]);
  });
});
