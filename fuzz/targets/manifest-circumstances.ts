import type { Words } from "../../src/manifest/change.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { anyText, commonTexts } from "../generators/texts.ts";
import type { Random, Weighted } from "../random.ts";

/** What a manifest's text comes with. */
export interface Circumstances {
  readonly file: string | undefined;
  readonly platform: Platform;
  /** The words of a command that changes the manifest; absent for most. */
  readonly words: Words | undefined;
  /** Whether the rendered YAML is read again: it takes as long as all the rest. */
  readonly rereads: boolean;
}

export function circumstancesOf(random: Random): Circumstances {
  return {
    file: random.weighted(files),
    platform: random.weighted(platforms),
    words: random.chance(0.12) ? wordsFrom(random) : undefined,
    rereads: random.chance(0.03),
  };
}

/** The circumstances for people who look for the cause. */
export function inWords({ file, platform, words }: Circumstances): string {
  const { maxScale, registries = [], ingress } = platform;
  const limits = `maxScale ${maxScale}, profile ${ingress.profile}, registries ${registries.join(" ") || "all"}`;
  return `file ${JSON.stringify(file)}; ${limits}; words ${JSON.stringify(words)}`;
}

const files: Weighted<string | undefined> = [
  [10, undefined],
  [2, "app.yaml"],
  [2, "app.json"],
  [1, "A.JSON"],
  [0.5, "a\n::error::,b%.json"],
  [0.5, "\u202e\u001b[31m.yml"],
];

const platforms: Weighted<Platform> = [
  [8, defaultPlatform],
  [1, { ...defaultPlatform, registries: ["registry.example.com", "localhost:5000"] }],
  [1, { ...defaultPlatform, ingress: { className: "nginx", profile: "plain" }, maxScale: 3 }],
];

const names = [
  "tag",
  "web.tag",
  "kubecon.tag",
  "digest",
  "scale",
  "cpu",
  "memory",
  "env.LOG_LEVEL",
  "env.",
  "in",
  "from",
  "reason",
  ".tag",
  "a.b.tag",
] as const;

function wordsFrom(random: Random): Words {
  const entries = random.times(random.int(1, 4), () => [
    random.chance(0.85) ? random.pick(names) : anyText(random),
    random.chance(0.6) ? random.pick(commonTexts) : anyText(random),
  ]);
  return Object.fromEntries(entries);
}
