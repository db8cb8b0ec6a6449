import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { changeManifest, type Words } from "../../src/manifest/change.ts";
import type { Finding } from "../../src/manifest/finding.ts";
import { type Parsed, parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { manifests, type Written } from "./arbitrary.ts";

const yaml = (text: string): string => `application: shop
maintainer: shop@corp.example.com
${text}`;
const one = (fields: string, rest = ""): string =>
  yaml(
    `containers:\n  web: {image: r.example.com/web, image_tag: v1, memory: 512Mi, ${fields}}\n${rest}`,
  );
const digest = `sha256:${"0".repeat(64)}`;

const short = ({ code, line, message, hint }: Finding): string =>
  `${code} ${line} ${message} ${hint}`.trim();

describe("a word", () => {
  it.each<[name: string, before: string, words: Words, after: string]>([
    ["sets the tag", one(""), { tag: "v2" }, one("").replace("v1", "v2")],
    [
      "sets the tag in place of a digest",
      one("").replace("image_tag: v1", `image_digest: ${digest}`),
      { tag: "v2" },
      one("").replace("v1", "v2"),
    ],
    [
      "sets the digest in place of a tag",
      one(""),
      { digest },
      one("").replace("image_tag: v1", `image_digest: "${digest}"`),
    ],
    ["sets the scale", one(""), { scale: "7" }, one("", "scale: 7")],
    ["sets the scale to none", one("", "scale: 3"), { scale: "0" }, one("", "scale: 0")],
    ["sets a range", one("", "scale: 3"), { scale: "2..9" }, one("", "scale: {min: 2, max: 9}")],
    [
      "sets the ends of a range, and keeps its target",
      one("", "scale: {min: 1, max: 3, cpu: 50}"),
      { scale: "2..9" },
      one("", "scale: {min: 2, max: 9, cpu: 50}"),
    ],
    [
      "sets the scale of the environment where that says it",
      one("", "scale: 2\nenvironments: {production: {scale: 3}}"),
      { scale: "4" },
      one("", "scale: 2\nenvironments: {production: {scale: 4}}"),
    ],
    [
      "sets the range of the environment, and keeps what that says of it",
      one("", "scale: {min: 1, max: 2}\nenvironments: {production: {scale: {max: 3, cpu: 50}}}"),
      { scale: "2..4" },
      one(
        "",
        "scale: {min: 1, max: 2}\nenvironments: {production: {scale: {min: 2, max: 4, cpu: 50}}}",
      ),
    ],
    [
      "leaves other environments alone",
      one("", "environments: {staging: {scale: 3, cpu: 1}}"),
      { scale: "4", cpu: "2" },
      one('cpu: "2"', "scale: 4\nenvironments: {staging: {scale: 3, cpu: 1}}"),
    ],
    ["sets cpu", one("cpu: 1"), { cpu: "250m" }, one("cpu: 250m")],
    ["sets memory", one(""), { memory: "1Gi" }, one("").replace("512Mi", "1Gi")],
    [
      "sets memory of the environment, in its short form",
      one("", "environments: {production: {memory: 2Gi}}"),
      { memory: "1Gi" },
      one("", "environments: {production: {memory: 1Gi}}"),
    ],
    [
      "sets cpu of the environment, in its long form before its short one",
      one("", "environments: {production: {cpu: 1, containers: {web: {cpu: 2}}}}"),
      { cpu: "3" },
      one("", 'environments: {production: {cpu: 1, containers: {web: {cpu: "3"}}}}'),
    ],
    ["sets a variable", one(""), { "env.A": "x=y" }, one('env: {A: "x=y"}')],
    ["sets a variable to nothing", one("env: {A: x}"), { "env.A": "" }, one('env: {A: ""}')],
    ["keeps a number text", one("env: {A: x}"), { "env.A": "1.10" }, one('env: {A: "1.10"}')],
    [
      "sets a variable in place of one from a Secret",
      one("env: {A: {secret: s, key: k}, B: y}"),
      { "env.A": "x" },
      one("env: {A: x, B: y}"),
    ],
    [
      "sets a variable of the environment where that says it, and of all where it does not",
      one("env: {A: x, B: x}", "environments: {production: {env: {A: y}}}"),
      { "env.A": "z", "env.B": "z" },
      one("env: {A: x, B: z}", "environments: {production: {env: {A: z}}}"),
    ],
    [
      "sets variables that are called like words",
      one(""),
      { "env.tag": "a", "env.cpu": "b", "env.memory": "c", "env.digest": "d" },
      one("env: {tag: a, cpu: b, memory: c, digest: d}"),
    ],
    [
      "about a container that is called env",
      one("").replace("web:", "env:"),
      { "env.tag": "v2", "env.env.tag": "a" },
      one("env: {tag: a}").replace("web:", "env:").replace("v1", "v2"),
    ],
    [
      "sets several things at once",
      one("", "scale: 3"),
      { tag: "v2", scale: "4", cpu: "1", memory: "1Gi", "env.A": "x" },
      one('cpu: "1", env: {A: x}', "scale: 4").replace("v1", "v2").replace("512Mi", "1Gi"),
    ],
  ])("%s", (_name, before, words, after) => {
    const changed = changeManifest(before, words, platform);
    const expected = parseManifest(after, { platform });
    expect(expected.manifest).toBeDefined();
    expect(changed.manifest).toEqual(expected.manifest);
    expect(reasons(changed)).toEqual(reasons(expected));
  });

  it.each<[name: string, text: string, words: Words, findings: readonly string[]]>([
    [
      "a tag and a digest, once",
      one(""),
      { tag: "v2", digest },
      ["ambiguous-word 0 tag= and digest= exclude each other. Keep the one that you mean."],
    ],
    [
      "one thing in two ways",
      one(""),
      { "env.A": "x", "web.env.A": "y" },
      ["ambiguous-word 0 env.A= and web.env.A= both set containers.web.env.A. Say it once."],
    ],
    [
      "a range with its ends in the wrong order",
      one(""),
      { scale: "9..2" },
      ["out-of-range 0 A min of 9 is more than the max of 2. Swap them, or change one."],
    ],
    [
      "a range that is none",
      one(""),
      { scale: "2-9" },
      [
        'wrong-type 0 scale="2-9" is no whole number. Write scale=3, or scale=2..10 for an autoscaler.',
      ],
    ],
    [
      "an amount without its unit, and says which",
      one(""),
      { memory: "512m" },
      ['bad-quantity 0 "512m" is no amount of memory. Did you mean "512Mi"?'],
    ],
    [
      "a bad name of a variable",
      one(""),
      { "env.A-B": "x", "env.": "y" },
      [
        'bad-name 0 "A-B" cannot name a variable. Use letters, digits and _, at most 128, and no digit first.',
        'bad-name 0 "" cannot name a variable. Use letters, digits and _, at most 128, and no digit first.',
      ],
    ],
    [
      "a container that is not there",
      one(""),
      { "wbe.cpu": "1" },
      ['no-such-container 0 There is no container "wbe". Did you mean web.cpu=?'],
    ],
    [
      "a word that nearly is one",
      one(""),
      { "evn.A": "x" },
      [
        'unknown-word 0 "evn.A=" changes nothing in a manifest. A manifest is changed by tag=, digest=, scale=, cpu=, memory=, env.NAME=.',
      ],
    ],
  ])("is refused that gives %s", (_name, text, words, findings) => {
    const { manifest, findings: told } = changeManifest(text, words, platform);
    expect(manifest).toBeUndefined();
    expect(told.map(short)).toEqual(findings);
  });

  it("shows no value of a variable that it refuses", () => {
    const { findings } = changeManifest(one(""), { "env.TOKEN": "s3cr3t\0" }, platform);
    expect(findings.map(({ code }) => code)).toEqual(["bad-value"]);
    expect(JSON.stringify(findings)).not.toContain("s3cr3t");
  });

  it("names a few of many containers, in one line", () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `c${index}: {}`);
    const text = yaml(`containers: {"\\e[31m\\n": {}, ${names.join(", ")}}\n`);
    const [ambiguous] = changeManifest(text, { tag: "v2" }, platform).findings;
    expect(ambiguous?.hint).toBe(
      "Say .tag= or c0.tag= or c1.tag= or c2.tag= or c3.tag= or c4.tag= or c5.tag= or c6.tag= or c7.tag= or c8.tag= and 991 more",
    );
  });
});

/** One word of every kind, about a container of a manifest. */
const wordFor = (manifest: Written): fc.Arbitrary<Step> => {
  const container = fc.constantFrom(...Object.keys(manifest.containers));
  const value = fc.oneof(
    fc.constantFrom("v2", "500m", "2", "1Gi", "512m", "", "-", digest, "on", "$(A)"),
    fc.string(),
  );
  const kind = fc.constantFrom("tag", "digest", "cpu", "memory", "env");
  const variable = fc.constantFrom("A", "tag", "PATH", "_", "1A", "DB_PASSWORD");
  const scale = fc.oneof(
    fc.nat(120).map((count) => ({ kind: "scale", word: "scale", value: String(count) })),
    fc
      .tuple(fc.nat(30), fc.nat(30))
      .map(([min, max]) => ({ kind: "scale", word: "scale", value: `${min}..${max}` })),
  );
  return fc.oneof(
    { arbitrary: scale, weight: 1 },
    {
      arbitrary: fc.tuple(kind, container, variable, value, fc.boolean()).map(stepOf(manifest)),
      weight: 5,
    },
  );
};

interface Step {
  readonly kind: string;
  readonly word: string;
  readonly value: string;
  readonly container?: string;
  readonly variable?: string;
}

const stepOf =
  (manifest: Written) =>
  ([kind, container, variable, value, isShort]: [
    string,
    string,
    string,
    string,
    boolean,
  ]): Step => {
    const name = kind === "env" ? `env.${variable}` : kind;
    const isOnly = Object.keys(manifest.containers).length === 1 && container !== "env";
    return {
      kind,
      word: isShort && isOnly ? name : `${container}.${name}`,
      value,
      container,
      variable,
    };
  };

interface Data {
  [key: string]: unknown;
}

/** The same change by hand, in the data as it was written. */
function edited(manifest: Written, { kind, value, container = "", variable = "" }: Step): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy of plain data, to change
  const data = JSON.parse(JSON.stringify(manifest)) as Data;
  const base = container === "" ? data : inside(inside(data, "containers"), container);
  const differing = data["environments"] as Record<string, Data> | undefined;
  const own = differing?.["production"];
  const long = (own?.["containers"] as Record<string, Data> | undefined)?.[container];
  const isOnly = Object.keys(manifest.containers).length === 1;
  const places = [long, isOnly ? own : undefined, base].filter((each) => each !== undefined);
  switch (kind) {
    case "tag":
      delete base["image_digest"];
      base["image_tag"] = value;
      break;
    case "digest":
      delete base["image_tag"];
      base["image_digest"] = value;
      break;
    case "scale": {
      const at = own?.["scale"] === undefined ? data : own;
      const before = at["scale"];
      const [min = "", max] = value.split("..");
      at["scale"] =
        max === undefined
          ? Number(min)
          : { ...(typeof before === "object" ? before : {}), min: Number(min), max: Number(max) };
      break;
    }
    case "env": {
      const said = places.find((each) => Object.hasOwn((each["env"] ?? {}) as object, variable));
      inside(said ?? base, "env")[variable] = value;
      break;
    }
    default:
      (places.find((each) => each[kind] !== undefined) ?? base)[kind] = value;
  }
  return data;
}

function inside(data: Data, key: string): Data {
  data[key] ??= {};
  return data[key] as Data;
}

const reasons = ({ findings }: Parsed): readonly string[] =>
  findings.map(({ code, path, message }) => `${code} ${path} ${message}`).toSorted();

describe("changeManifest", () => {
  const changes = manifests.chain((manifest) => fc.tuple(fc.constant(manifest), wordFor(manifest)));

  it("of any word equals a parse of the text edited by hand", () => {
    fc.assert(
      fc.property(changes, ([manifest, step]) => {
        const changed = changeManifest(
          JSON.stringify(manifest),
          { [step.word]: step.value },
          platform,
        );
        const byHand = parseManifest(JSON.stringify(edited(manifest, step)), { platform });
        expect(changed.manifest).toEqual(byHand.manifest);
        expect(reasons(changed)).toEqual(reasons(byHand));
      }),
      { numRuns: 150 },
    );
  });

  it("does the same to YAML and to a checked manifest, and the second time nothing more", () => {
    fc.assert(
      fc.property(changes, ([manifest, step]) => {
        const words = { [step.word]: step.value };
        const changed = changeManifest(JSON.stringify(manifest), words, platform);
        const ofYaml = changeManifest(stringify(manifest, { blockQuote: false }), words, platform);
        expect(ofYaml.manifest).toEqual(changed.manifest);

        const { manifest: checked } = parseManifest(JSON.stringify(manifest), { platform });
        expect(checked && changeManifest(checked, words, platform).manifest).toEqual(
          changed.manifest,
        );
        if (changed.manifest !== undefined) {
          expect(changeManifest(changed.manifest, words, platform).manifest).toEqual(
            changed.manifest,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
