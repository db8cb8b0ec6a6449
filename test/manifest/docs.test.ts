import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { deploy } from "../../src/commands/deploy.ts";
import { changeManifest } from "../../src/manifest/change.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { blocks } from "./reference/markdown.ts";
import { remade } from "./reference/page.ts";
import { fields } from "./reference/fields.ts";
import { deployWords, manifestWords } from "./reference/words.ts";

const file = new URL("../../docs/manifest.md", import.meta.url);
if (process.env["UPDATE"] === "1") {
  writeFileSync(file, remade(readFileSync(file, "utf8")));
}
const page = readFileSync(file, "utf8");

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the page adds to its first manifest, put into it. */
function merged(base: unknown, more: unknown): unknown {
  return isRecord(base) && isRecord(more)
    ? Object.fromEntries(
        [...new Set([...Object.keys(base), ...Object.keys(more)])].map((key) => [
          key,
          key in more ? merged(base[key], more[key]) : base[key],
        ]),
      )
    : more;
}

const yaml = blocks(page).filter(({ info }) => info.startsWith("yaml"));
const base = yaml.find(({ info }) => info === "yaml base")?.text ?? "";
const additions = yaml.filter(({ info }) => info === "yaml").map(({ text }) => text);

describe("docs/manifest.md", () => {
  it("has tables made of the schema, the words, the codes and its own blocks (UPDATE=1 writes them)", () => {
    expect(page).toBe(remade(page));
  });

  it("begins with a manifest about which docc has just the advice that it names", () => {
    const { manifest, findings } = parseManifest(base, { platform });
    expect(manifest).toBeDefined();
    expect(findings.map(({ code }) => code)).toEqual(["no-health", "no-memory"]);
  });

  it.each(additions)("may be copied: %s", (text) => {
    const whole = JSON.stringify(merged(parseYaml(base), parseYaml(text)));
    const { findings } = parseManifest(whole, { platform });
    const others = findings.filter(({ code }) => code !== "no-health" && code !== "no-memory");
    expect(others).toEqual([]);
  });

  it("follows its own links", () => {
    const headings = [...page.matchAll(/^#+ (?<title>.+)$/gmu)].map(({ groups }) =>
      (groups?.["title"] ?? "")
        .toLowerCase()
        .replaceAll(/[^\w\s-]/gu, "")
        .replaceAll(/\s/gu, "-"),
    );
    for (const [, target] of page.matchAll(/\]\(#(?<target>[^)]+)\)/gu)) {
      expect(headings).toContain(target);
    }
  });
});

describe("the reference of the manifest", () => {
  it.each(fields().map(({ path, schema }) => [path, schema]))(
    "explains %s in a sentence, and what it becomes",
    (path, schema) => {
      expect(schema.description).toMatch(/^[A-Z].+\.$/u);
      expect(schema.markdownDescription, path).toMatch(/\n\nWhat it becomes: .+\.$/u);
    },
  );

  const words = (text: string) => {
    const [, word = "", value = ""] = /^(?<word>[^=]+)=(?<value>.+)$/u.exec(text) ?? [];
    return changeManifest(base, { [word]: value }, platform);
  };

  it("has every word that changes manifests", () => {
    const [unknown] = words("nothing=1").findings.filter(({ code }) => code === "unknown-word");
    const usages = manifestWords.map(({ usage }) => `${usage}=`);
    expect(unknown?.hint).toBe(`A manifest is changed by ${usages.join(", ")}.`);
  });

  it.each(manifestWords)("has an example of $usage= that does something", ({ example }) => {
    const { manifest } = words(example);
    expect(manifest).toBeDefined();
    expect(manifest).not.toEqual(parseManifest(base, { platform }).manifest);
  });

  it("has the other words of /docc deploy", () => {
    const own = Object.keys(deploy.args.shape).filter((key) => !deploy.positional.includes(key));
    expect(deployWords.map(({ usage }) => usage)).toEqual(own);
  });
});
