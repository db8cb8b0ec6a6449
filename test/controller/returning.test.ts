import { describe, expect, it } from "vitest";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import { Refusal } from "../../src/controller/refusal.ts";
import { earlierWanted, type Rollback } from "../../src/controller/returning.ts";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import type { Scale } from "../../src/manifest/schema/scale.ts";
import { translate } from "../../src/manifest/translate.ts";
import type { Resolution } from "../../src/release/images.ts";
import type { Application, Release } from "../../src/release/release.ts";
import { planned, release } from "../release/releases.ts";

const digest = `sha256:${"a".repeat(64)}`;

function manifest(tag: string, scale: Scale): Manifest {
  return {
    application: "kubecon-2017",
    scale,
    auto_tls: false,
    ingresses: {},
    containers: {
      web: { image: "registry.example.com/shop", image_tag: tag, ports: [8080] },
    },
    maintainer: ["dev@example.com"],
  };
}

/** Revision 7 as it was made: tag 2016 by its digest, at a scale. */
function earlier(scale: Scale, status: Partial<Release["status"]> = {}): Release {
  const made = manifest("2016", scale);
  const objects = translate(made, defaultPlatform, new Map([["web", digest]]));
  return release({
    phase: "succeeded",
    app: "kubecon-2017",
    revision: 7,
    plan: planned([], { manifest: canonicalManifest(made), objects: JSON.stringify(objects) }),
    transitions: [],
    ...status,
  });
}

function head(scale: Scale): Application {
  const { metadata } = release();
  const text = canonicalManifest(manifest("2018", scale));
  return {
    metadata,
    spec: { app: "kubecon-2017", environment: "production" },
    status: {
      nextRevision: 9,
      inventory: [],
      applied: { release: "r8", revision: 8, manifest: text },
      current: { release: "r7", revision: 7, manifest: text },
    },
  };
}

function rollback(words: Readonly<Record<string, string>> = {}): Rollback {
  const source = { type: "release", release: "r7", revision: 7 } as const;
  const status = { phase: "accepted", transitions: [] } as const;
  const { spec, ...rest } = release(status, { kind: "rollback", words });
  return { ...rest, spec: { ...spec, source }, status };
}

interface Circumstances {
  readonly was?: Scale;
  readonly today?: Scale;
  readonly words?: Readonly<Record<string, string>>;
  readonly platform?: Partial<Platform>;
  readonly record?: Release | undefined;
  readonly image?: Resolution;
}

function want(given: Circumstances): ReturnType<typeof earlierWanted> {
  const { was = 3, today = 3, words = {}, platform = {}, image } = given;
  const record = "record" in given ? given.record : earlier(was);
  const asked: unknown[] = [];
  const env = {
    name: "production",
    platform: { ...defaultPlatform, ...platform },
    cluster: { find: () => Promise.resolve(undefined) },
    images:
      image === undefined
        ? undefined
        : {
            resolve: "prefer",
            registry: {
              resolve: (images: readonly unknown[]) => {
                asked.push(...images);
                expect(asked).toEqual([
                  { repository: "registry.example.com/shop", tag: undefined, digest },
                ]);
                return Promise.resolve([image]);
              },
            },
          },
  } as unknown as Environment;
  const ports = {
    records: { findRelease: () => Promise.resolve(record) },
  } as unknown as ControllerPorts;
  return earlierWanted(rollback(words), env, head(today), ports);
}

async function refusalOf(given: Circumstances): Promise<Refusal["why"]> {
  const error = await want(given).catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error.why;
  throw new Error("nothing was refused");
}

const fixed = (replicas: number) => ({ kind: "Deployment", spec: { replicas } });
const budget = { kind: "PodDisruptionBudget" };
const autoscaler = (minReplicas: number, maxReplicas: number) => ({
  kind: "HorizontalPodAutoscaler",
  spec: { minReplicas, maxReplicas },
});

describe("what a rollback wants", () => {
  it.each<[string, Scale, Scale, Readonly<Record<string, string>>, readonly object[]]>([
    ["as many copies as today", 3, 5, {}, [budget, fixed(5)]],
    ["one copy without a budget", 3, 1, {}, [fixed(1)]],
    ["a budget that it had none of", 1, 2, {}, [budget, fixed(2)]],
    ["today's autoscaler", 3, { min: 2, max: 9 }, {}, [budget, {}, autoscaler(2, 9)]],
    ["no autoscaler of then", { min: 2, max: 9 }, 4, {}, [budget, fixed(4)]],
    ["no copy where none runs", 3, 0, {}, [fixed(0)]],
    ["the scale that is asked for", 3, 5, { scale: "2" }, [budget, fixed(2)]],
    ["the range that is asked for", 3, 5, { scale: "1..4" }, [budget, {}, autoscaler(1, 4)]],
    ["the number asked for", 3, { min: 2, max: 9 }, { scale: "1" }, [fixed(1)]],
  ])("is %s", async (_name, was, today, words, expected) => {
    const { objects } = await want({ was, today, words });
    const scaling = objects.filter(({ kind }) => kind !== "Service");
    expect(scaling).toMatchObject(expected);
    expect(scaling).toHaveLength(expected.length);
    const isFixed = expected.some((each) => "kind" in each && each.kind === "Deployment");
    const deployment = objects.find(({ kind }) => kind === "Deployment");
    expect(JSON.stringify(deployment).includes('"replicas"')).toBe(isFixed);
  });

  it("is the earlier image by its digest, and the manifest that goes with it", async () => {
    const wanted = await want({ was: 3, today: 5 });
    expect(JSON.stringify(wanted.objects)).toContain(`registry.example.com/shop:2016@${digest}`);
    expect(wanted.manifest).toEqual(manifest("2016", 5));
    expect(wanted.before).toEqual(manifest("2018", 5));
  });

  it("says which scale stays, where it is another one", async () => {
    const said = async (given: Circumstances) =>
      (await want(given)).warnings.filter((each) => each.includes("scale"));
    expect(await said({ was: 3, today: { min: 2, max: 9 } })).toEqual([
      "the scale stays 2..9, as today; revision 7 had 3",
    ]);
    expect(await said({ was: 3, today: 3 })).toEqual([]);
    expect(await said({ was: 3, today: 5, words: { scale: "4" } })).toEqual([]);
  });

  it("looks whether its image is there still, by the digest", async () => {
    const found = await want({ image: { state: "found", digest } });
    expect(found.warnings).toEqual([]);
    const gone = { state: "missing", repositoryExists: true, nearest: [] } as const;
    expect((await refusalOf({ image: gone })).code).toBe("image-not-found");
  });
});

describe("a rollback is refused", () => {
  it.each<[string, Circumstances, string, string]>([
    ["when the record is gone", { record: undefined }, "no-such-revision", "not there any more"],
    [
      "when the record is another revision's",
      { record: earlier(3, { revision: 8 }) },
      "no-such-revision",
      "not there any more",
    ],
    [
      "when the record is another app's",
      { record: earlier(3, { app: "web" }) },
      "no-such-revision",
      "not there any more",
    ],
    [
      "to what never succeeded",
      { record: earlier(3, { phase: "failed" }) },
      "no-such-revision",
      "revision 7 never succeeded",
    ],
    [
      "to what ran in another namespace",
      { platform: { namespace: "elsewhere" } },
      "no-such-revision",
      "ran in another namespace",
    ],
    [
      "by a registry that is not allowed any more",
      { platform: { registries: ["registry.corp.example.com"] } },
      "bad-manifest",
      "the manifest of revision 7 has 1 error",
    ],
    [
      "at a scale beyond today's limit",
      { words: { scale: "50" }, platform: { maxScale: 10 } },
      "bad-manifest",
      "the manifest of revision 7 has 1 error",
    ],
  ])("%s", async (_name, given, code, sentence) => {
    const why = await refusalOf(given);
    expect(why.code).toBe(code);
    expect(why.sentence).toContain(sentence);
  });
});
