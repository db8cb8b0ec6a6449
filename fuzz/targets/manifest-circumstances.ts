import type { Words } from "../../src/manifest/change.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { anyText, commonTexts } from "../generators/texts.ts";
import type { Random, Weighted } from "../random.ts";

/** What a manifest's text comes with. */
export interface Circumstances {
  readonly file: string | undefined;
  /** The platform, and its name in {@link platforms}. */
  readonly platform: Platform;
  readonly platformName: string;
  /** The words of a command that changes the manifest; absent for most. */
  readonly words: Words | undefined;
  /** Whether the rendered YAML is read again: it takes as long as all the rest. */
  readonly rereads: boolean;
}

export function circumstancesOf(random: Random): Circumstances {
  const [platformName, platform] = random.chance(0.6)
    ? (["default", defaultPlatform] as const)
    : random.pick(Object.entries(platforms));
  return {
    file: random.weighted(files),
    platform,
    platformName,
    words: random.chance(0.12) ? wordsFrom(random) : undefined,
    rereads: random.chance(0.03),
  };
}

/** The circumstances for people who look for the cause. */
export function inWords({ file, platformName, words }: Circumstances): string {
  return `file ${JSON.stringify(file)}; platform ${platformName}; words ${JSON.stringify(words)}`;
}

const files: Weighted<string | undefined> = [
  [10, undefined],
  [2, "app.yaml"],
  [2, "app.json"],
  [1, "A.JSON"],
  [0.5, "a\n::error::,b%.json"],
  [0.5, "\u202e\u001b[31m.yml"],
];

/** What operators decide otherwise. */
const platforms: Readonly<Record<string, Platform>> = {
  limited: {
    ...defaultPlatform,
    registries: ["registry.example.com", "localhost:5000"],
    environments: ["production", "staging"],
    domains: ["corp.example.com"],
    teamDomains: { payments: ["pay.example.com"] },
    maxScale: 3,
  },
  plain: {
    ...defaultPlatform,
    environment: "staging",
    ingress: { className: "nginx", profile: "plain" },
    defaults: { readOnly: false },
  },
  gateway: { ...defaultPlatform, gateway: { name: "web", namespace: "edge" } },
  generous: { ...defaultPlatform, allowRoot: true, maxScale: 1_000, pullSecrets: ["registry"] },
};

const names = [
  "tag",
  "web.tag",
  "kubecon.tag",
  "digest",
  "scale",
  "cpu",
  "memory",
  "env.LOG_LEVEL",
  "web.env.LOG_LEVEL",
  "env.",
  "web.cpu",
  ".tag",
  "a.b.tag",
] as const;

function wordsFrom(random: Random): Words {
  const entries = random.times(random.int(1, 4), () => [
    random.chance(0.85) ? random.pick(names) : anyText(random),
    random.chance(0.6) ? random.pick([...commonTexts, "3", "2..5"]) : anyText(random),
  ]);
  return Object.fromEntries(entries);
}
