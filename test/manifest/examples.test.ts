import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { renderYaml } from "../../src/manifest/render.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import { translate } from "../../src/manifest/translate.ts";
import { urlsOf } from "../../src/manifest/urls.ts";

/** The talk's four manifests are its own; the rest are for people to copy. */
const talk = globSync("examples/*.json").toSorted();
const examples = globSync("examples/*.yaml").toSorted();

const staging: Platform = {
  ...defaultPlatform,
  environment: "staging",
  environments: ["staging", "production"],
  namespace: "staging",
  domain: "staging.example.com",
};

function read(file: string, platform: Platform = defaultPlatform) {
  return parseManifest(readFileSync(file, "utf8"), { file, platform });
}

function manifestOf(file: string): Manifest {
  const { manifest, findings } = read(file);
  if (manifest === undefined) {
    throw new Error(JSON.stringify(findings));
  }
  return manifest;
}

const codes = (findings: readonly Finding[]): readonly string[] => findings.map(({ code }) => code);

describe("the examples", () => {
  it("are the talk's, in its order, and one for each thing that people ask for", () => {
    expect([...talk, ...examples].map((file) => file.replace("examples/", ""))).toEqual([
      "1-application.json",
      "2-service.json",
      "3-ingress.json",
      "4-tls.json",
      "environments.yaml",
      "tls.yaml",
      "two-containers.yaml",
      "web.yaml",
      "worker.yaml",
    ]);
  });

  it.each(talk)("%s is valid, and docc has advice at most", (file) => {
    const advice = ["no-health", "no-memory"];
    expect(codes(read(file).findings).filter((code) => !advice.includes(code))).toEqual([]);
  });

  it.each(examples)("%s is valid, and docc has nothing to say about it", (file) => {
    expect(read(file)).toEqual({ findings: [], manifest: manifestOf(file) });
  });

  it.each(examples)("%s tells editors where its schema is, and people what it is for", (file) => {
    const [schema, , about] = readFileSync(file, "utf8").split("\n");
    expect(schema).toBe("# yaml-language-server: $schema=../manifest.schema.json");
    expect(about).toMatch(/^# [A-Z]/u);
  });

  it.each(examples)("%s becomes the objects of its golden file", async (file) => {
    const name = file.replace(/^examples\/(?<name>.+)\.yaml$/u, "$<name>");
    const objects = translate(manifestOf(file), defaultPlatform);
    await expect(renderYaml(objects)).toMatchFileSnapshot(`examples/golden/${name}.objects.yaml`);
  });

  it("environments.yaml becomes something else in staging", async () => {
    const manifest = manifestOf("examples/environments.yaml");
    expect(read("examples/environments.yaml", staging)).toEqual({ findings: [], manifest });
    await expect(renderYaml(translate(manifest, staging))).toMatchFileSnapshot(
      "examples/golden/environments-staging.objects.yaml",
    );
    expect(urlsOf(manifest, staging)).toEqual(["https://ledger.staging.example.com"]);
    expect(urlsOf(manifest, defaultPlatform)).toEqual([
      "https://accounts.example.com",
      "https://ledger.example.com",
    ]);
  });
});
