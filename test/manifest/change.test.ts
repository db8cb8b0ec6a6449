import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changeManifest } from "../../src/manifest/change.ts";
import type { Finding } from "../../src/manifest/finding.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";

/** The last slide's, saying also what nobody needs to be warned of. */
const text = readFileSync("examples/4-tls.json", "utf8").replace(
  '"image":',
  '"memory": "512Mi", "health": {"path": "/healthz"}, "image":',
);
const two = `application: shop
maintainer: shop@corp.example.com
containers:
  web: {image: r.example.com/web, image_tag: v1}
  worker: {image: r.example.com/worker, image_tag: v1}
`;

const short = ({ code, line, column, message, hint }: Finding): string =>
  `${code} ${line}:${column} ${message} ${hint}`.trim();

describe("changeManifest", () => {
  it("sets the tag of the only container", () => {
    const { manifest, findings } = changeManifest(text, { tag: "2018" }, platform);
    expect(findings).toEqual([]);
    expect(manifest?.containers["kubecon"]?.image_tag).toBe("2018");
    expect(manifest?.scale).toBe(3);
  });

  it("sets one container's tag and the scale", () => {
    const { manifest } = changeManifest(two, { "worker.tag": "v2", scale: "5" }, platform);
    expect(manifest?.containers["worker"]?.image_tag).toBe("v2");
    expect(manifest?.containers["web"]?.image_tag).toBe("v1");
    expect(manifest?.scale).toBe(5);
  });

  it("changes a checked manifest as it changes its text", () => {
    const { manifest } = parseManifest(text, { platform });
    expect(manifest).toBeDefined();
    for (const words of [{}, { tag: "2018" }, { scale: "0" }, { tag: "-" }, { nonsense: "1" }]) {
      const ofText = changeManifest(text, words, platform);
      expect(manifest && changeManifest(manifest, words, platform)).toEqual(ofText);
    }
  });

  it("leaves the given manifest alone", () => {
    const { manifest } = parseManifest(text, { platform });
    const before = JSON.stringify(manifest);
    changeManifest(manifest ?? text, { tag: "2018", scale: "7" }, platform);
    expect(JSON.stringify(manifest)).toBe(before);
  });

  it("can mend what was wrong in the text", () => {
    const broken = text.replace('"2017"', "2017");
    expect(changeManifest(broken, {}, platform).findings.map(({ code }) => code)).toEqual([
      "wrong-type",
    ]);
    expect(changeManifest(broken, { tag: "2018" }, platform).findings).toEqual([]);
  });

  it("keeps the places of what the words did not change", () => {
    const { findings } = changeManifest(`${two}scale: x\n`, { "web.tag": "v2" }, platform);
    expect(findings.map(({ code, line, column }) => [code, line, column])).toEqual([
      ["wrong-type", 6, 8],
    ]);
  });

  it.each([
    [
      text,
      { tga: "1" },
      'unknown-word 0:0 "tga=" changes nothing in a manifest. Did you mean tag=?',
    ],
    [
      text,
      { env: "1" },
      'unknown-word 0:0 "env=" changes nothing in a manifest. A manifest is changed by tag=, digest=, scale=, cpu=, memory=, env.NAME=.',
    ],
    [
      text,
      { "kubcon.tag": "1" },
      'no-such-container 0:0 There is no container "kubcon". Did you mean kubecon.tag=?',
    ],
    [
      two,
      { tag: "v2" },
      "ambiguous-word 0:0 tag= could mean several containers. Say web.tag= or worker.tag=",
    ],
    [
      text,
      { tag: "1", "kubecon.tag": "2" },
      "ambiguous-word 0:0 tag= and kubecon.tag= both set containers.kubecon.image_tag. Say it once.",
    ],
    [
      text,
      { scale: "-1" },
      'wrong-type 0:0 scale="-1" is no whole number. Write scale=3, or scale=2..10 for an autoscaler.',
    ],
    [
      text,
      { scale: "3.0" },
      'wrong-type 0:0 scale="3.0" is no whole number. Write scale=3, or scale=2..10 for an autoscaler.',
    ],
    [
      text,
      { scale: "" },
      'wrong-type 0:0 scale="" is no whole number. Write scale=3, or scale=2..10 for an autoscaler.',
    ],
    [
      text,
      { scale: "101" },
      "out-of-range 0:0 A scale of 101 is more than this platform allows. Give 100 at most, or ask the operator.",
    ],
    [
      text,
      { tag: "" },
      'bad-tag 0:0 "" is not an image tag. A tag has letters, digits, _, . and -, at most 128, and does not start with . or -.',
    ],
    [
      "application: a\nmaintainer: a@b.example\ncontainers: []\n",
      { tag: "1" },
      "no-such-container 0:0 tag= has no container to change.",
    ],
  ])("refuses in %# with one clear sentence", (source, words, expected) => {
    const { manifest, findings } = changeManifest(source, words, platform);
    expect(manifest).toBeUndefined();
    expect(findings.filter(({ line }) => line === 0).map(short)).toEqual([expected]);
  });

  it.each([
    "__proto__",
    "constructor",
    "__proto__.tag",
    "constructor.tag",
    "toString.tag",
    ".tag",
    "",
  ])("refuses the word %j", (word) => {
    const words = Object.fromEntries([[word, "1"]]);
    const { manifest, findings } = changeManifest(text, words, platform);
    expect(manifest).toBeUndefined();
    expect(findings).toHaveLength(1);
  });

  it("says only what is wrong with a text that cannot be read", () => {
    const { findings } = changeManifest("{", { tag: "1" }, platform);
    expect(findings.map(({ code }) => code)).toEqual(["not-parsable"]);
  });
});
