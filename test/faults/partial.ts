import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { kindOf } from "../../src/k8s/kinds.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import { objectsOf } from "../../src/release/plan.ts";
import type { Release } from "../../src/release/release.ts";
import { command, rootSays, say, uploadFile } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";

/** Makes the cluster of a stage refuse to store one kind of object, dry runs apart. */
export interface Refusal {
  start(stage: Stage, kind: string): Promise<void>;
  end(stage: Stage): Promise<void>;
}

/**
 * Fails on object k of n (docs/faults.md): the verdict names what was applied and what was not, and the way on
 * and the way back are both open.
 */
export function partialTest(target: Target, refusal: Refusal, kinds: readonly string[]): void {
  describe.each(kinds)(`fails on object k of n on the ${target.name}: a %s`, (kind) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadFile(stage, { name: "docc.json", content: await manifest(stage, "2016") });
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterEach(() => refusal.end(stage));
    afterAll(() => stage.close(), 60_000);

    it("names applied and not applied, as the cluster has it, and is not silent", async () => {
      const before = await live(stage, await stage.ended(1));
      await refusal.start(stage, kind);
      await uploadFile(stage, { name: "docc.json", content: await manifest(stage, "2017") });
      const release = await stage.ended(2);
      expect(say(release)).toBe("failed: apply-refused");
      const objects = wanted(release);
      const at = objects.findIndex((each) => each.kind === kind);
      const names = objects.map(nameOf);
      const cause = release.status?.verdict?.cause;
      expect(cause?.sentence).toBe(`the cluster refused ${names[at] ?? ""}`);
      const applied = names.slice(0, at).join(", ") || "nothing";
      expect(cause?.evidence.join("\n")).toContain(
        `Applied: ${applied}. Not applied: ${names.slice(at).join(", ")}.`,
      );
      await rootSays(stage, 2, new RegExp(`the cluster refused ${kind}`));
      // What it says is what is.
      const after = await live(stage, release);
      for (const [place, object] of objects.entries()) {
        const key = nameOf(object);
        if (place < at) expect(after.get(key)).toMatchObject({ spec: object.spec });
        else expect(after.get(key)?.metadata.generation).toBe(before.get(key)?.metadata.generation);
      }
    });

    it("is put right by a rollback to what worked, and by the next good deploy", async () => {
      await command(stage, "/docc rollback kubecon-2017");
      const back = await stage.ended(3);
      expect(say(back)).toBe("succeeded");
      expect(back.status?.plan?.to).toBe("2016");
      await holds(stage, back);
      await uploadFile(stage, { name: "docc.json", content: await manifest(stage, "2017") });
      const release = await stage.ended(4);
      expect(say(release)).toBe("succeeded");
      await holds(stage, release);
      const revisions = (await stage.releases()).map(({ status }) => status?.revision);
      expect(revisions.toSorted((a = 0, b = 0) => a - b)).toEqual([1, 2, 3, 4]);
    });
  });
}

/** Every object differs between the two but for the budget, which the second one alone has. */
async function manifest({ domain }: Stage, tag: "2016" | "2017"): Promise<string> {
  const text = await readFile(new URL("../../examples/4-tls.json", import.meta.url), "utf8");
  const [port, scale] = tag === "2016" ? ["8080", "1"] : ["8081", "2"];
  return text
    .replaceAll("8080", port)
    .replace('"image_tag": "2017"', `"image_tag": "${tag}"`)
    .replace('"scheme": "tls"', `"scheme": "tls", "hosts": ["v${tag}.${domain}"]`)
    .replace('"scale": 3', `"scale": ${scale}`);
}

type Live = KubernetesObject & { readonly metadata: { readonly generation?: number } };

function wanted({ status }: Release): readonly KubernetesObject[] {
  return status?.plan === undefined ? [] : objectsOf(status.plan);
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

/** The objects that a release wants, as they are. */
async function live(stage: Stage, release: Release): Promise<ReadonlyMap<string, Live>> {
  const found = new Map<string, Live>();
  for (const object of wanted(release)) {
    const kind = kindOf(object.apiVersion, object.kind);
    if (kind === undefined) throw new Error(`no such kind: ${object.kind}`);
    const { namespace, name } = object.metadata;
    const is = await stage.world.api.find(kind, { namespace, name });
    if (is !== undefined) found.set(nameOf(object), is as unknown as Live);
  }
  return found;
}

async function holds(stage: Stage, release: Release): Promise<void> {
  const is = await live(stage, release);
  for (const object of wanted(release)) {
    expect(is.get(nameOf(object))).toMatchObject({ spec: object.spec });
  }
}
