import { describe, expect, it } from "vitest";
import { keptDigests, pinImages } from "../../src/controller/images.ts";
import type { Environment, ImagePolicy } from "../../src/controller/ports.ts";
import { Refusal } from "../../src/controller/refusal.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { Container, Manifest } from "../../src/manifest/schema/manifest.ts";
import type { Resolution } from "../../src/release/images.ts";

const image = "registry.example.com/team/app";
const digest = `sha256:${"a".repeat(64)}`;
const running = `sha256:${"b".repeat(64)}`;
const container = (rest: Partial<Container>): Container => ({ image, ports: [], ...rest });

function manifest(containers: Readonly<Record<string, Partial<Container>>>): Manifest {
  return {
    application: "app",
    scale: 1,
    auto_tls: false,
    ingresses: {},
    containers: Object.fromEntries(
      Object.entries(containers).map(([name, rest]) => [name, container(rest)]),
    ),
    maintainer: ["dev@example.com"],
  };
}

/** An environment whose registry says this of its images in order, and that runs tag 1 by digest. */
function environment(answers: readonly Resolution[], resolve: ImagePolicy["resolve"]): Environment {
  const live = {
    spec: { template: { spec: { containers: [{ name: "web", image: `${image}:1@${running}` }] } } },
  };
  const env = {
    name: "production",
    platform: defaultPlatform,
    cluster: { find: () => Promise.resolve(live) },
    images: { registry: { resolve: () => Promise.resolve(answers) }, resolve },
  };
  // Of the cluster only the Deployment that runs is read.
  return env as unknown as Environment;
}

const found: Resolution = { state: "found", digest };
const down: Resolution = {
  state: "unknown",
  code: "registry-unavailable",
  why: "does not answer in time",
};
const locked: Resolution = { ...down, code: "image-unauthorized", why: "does not let docc in" };
const missing = (nearest: readonly string[], repositoryExists = true): Resolution => ({
  state: "missing",
  nearest,
  repositoryExists,
});

async function refusalOf(work: Promise<unknown>): Promise<Refusal["why"]> {
  const error = await work.catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error.why;
  throw new Error("nothing was refused");
}

describe("the images of a plan", () => {
  it("are as the manifest says where registries are never asked", async () => {
    const env = { ...environment([], "prefer"), images: undefined };
    expect(await pinImages(manifest({ web: { image_tag: "1" } }), env)).toEqual({
      digests: new Map(),
      warnings: [],
    });
  });

  it("are pinned by container, but for those that the manifest pins itself", async () => {
    const wanted = manifest({ agent: { image_digest: running }, web: { image_tag: "1" } });
    const env = environment([{ state: "found", digest: running }, found], "require");
    expect(await pinImages(wanted, env)).toEqual({
      digests: new Map([["web", digest]]),
      warnings: [],
    });
  });

  it("are the kept ones whatever their tags mean now, if they are there", async () => {
    const wanted = manifest({ web: { image_tag: "1" } });
    const kept = new Map([["web", running]]);
    const env = environment([{ state: "found", digest: running }], "require");
    expect(await pinImages(wanted, env, kept)).toEqual({ digests: kept, warnings: [] });
    expect(await pinImages(wanted, { ...env, images: undefined }, kept)).toEqual({
      digests: kept,
      warnings: [],
    });
    expect(
      await refusalOf(pinImages(wanted, environment([missing([])], "prefer"), kept)),
    ).toMatchObject({ sentence: `digest ${running} does not exist` });
    expect(await pinImages(wanted, environment([down], "prefer"), kept)).toMatchObject({
      digests: kept,
      warnings: [expect.stringMatching(/; tag 1 stays the image that runs$/) as string],
    });
    const other = new Map([["web", digest]]);
    expect(await pinImages(wanted, environment([down], "prefer"), other)).toMatchObject({
      digests: other,
      warnings: [
        expect.stringMatching(/; digest sha256:a+ is deployed without a look at it$/) as string,
      ],
    });
  });

  it.each([
    [{ scale: "5" }, true],
    [{ "env.LOG": "debug" }, true],
    [{ "agent.tag": "2" }, true],
    [{ tag: "1" }, false],
    [{ "web.tag": "1", scale: "5" }, false],
    [{ digest }, false],
    [{}, false],
  ])("of a stored manifest are kept with the words %j: %s", async (words, isKept) => {
    const wanted = manifest({ web: { image_tag: "1" } });
    const kept = await keptDigests(wanted, words, environment([], "prefer"));
    expect(kept).toEqual(new Map(isKept ? [["web", running]] : []));
  });

  it("are not kept of another tag than the one that runs", async () => {
    const wanted = manifest({ web: { image_tag: "2" } });
    expect(await keptDigests(wanted, { scale: "5" }, environment([], "prefer"))).toEqual(new Map());
  });

  it("stay those that run, or go as they are, while the registry is down", async () => {
    const wanted = manifest({ agent: { image_tag: "2" }, web: { image_tag: "1" } });
    expect(await pinImages(wanted, environment([down, down], "prefer"))).toEqual({
      digests: new Map([["web", running]]),
      warnings: [
        "registry.example.com does not answer in time; tag 2 is deployed without a look at it",
        "registry.example.com does not answer in time; tag 1 stays the image that runs",
      ],
    });
  });

  it.each<[name: string, answer: Resolution, sentence: string, next: string]>([
    [
      "a tag with near ones",
      missing(["2018", "2017"]),
      "tag 2081 does not exist. Nearest: 2018, 2017",
      "",
    ],
    [
      "a tag without",
      missing([]),
      "tag 2081 does not exist",
      "push the image, or name one that exists",
    ],
    [
      "a repository",
      missing([], false),
      "repository registry.example.com/team/app does not exist",
      "push the image, or name one that exists",
    ],
  ])("are refused for %s that is not there, by any policy", async (_name, answer, text, next) => {
    const wanted = manifest({ web: { image_tag: "2081" } });
    for (const resolve of ["prefer", "require"] as const) {
      const why = await refusalOf(pinImages(wanted, environment([answer], resolve)));
      expect(why).toEqual({ code: "image-not-found", sentence: text, next, evidence: [] });
    }
  });

  it("are refused with each container that lacks one", async () => {
    const wanted = manifest({
      agent: { image_tag: "3" },
      db: { image_digest: digest },
      web: { image_tag: "1" },
    });
    const env = environment([missing(["2"]), missing([]), found], "prefer");
    expect(await refusalOf(pinImages(wanted, env))).toMatchObject({
      sentence: "tag 3 of agent does not exist. Nearest: 2",
      evidence: [`digest ${digest} of db does not exist`],
    });
  });

  it.each<[answer: Resolution, next: string]>([
    [down, "deploy again when the registry answers"],
    [locked, "check the pull secrets of the environment"],
  ])("are refused where the registry must be asked: %o", async (answer, next) => {
    const wanted = manifest({ web: { image_tag: "1" } });
    const why = await refusalOf(pinImages(wanted, environment([answer], "require")));
    expect(why).toMatchObject({
      code: answer.state === "unknown" ? answer.code : "",
      next,
      sentence: expect.stringMatching(
        /^registry\.example\.com does not .*, and tag 1 must/,
      ) as string,
    });
  });
});
