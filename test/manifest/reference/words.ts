import { code, table } from "./markdown.ts";

/** A `key=value` word, with one that works on {@link sample}. */
export interface Word {
  readonly usage: string;
  readonly meaning: string;
  readonly example: string;
}

/** Words that change the manifest: src/manifest/words.ts. */
export const manifestWords: readonly Word[] = [
  {
    usage: "tag",
    meaning: "`image_tag`; an `image_digest` goes.",
    example: "tag=2018",
  },
  {
    usage: "digest",
    meaning: "`image_digest`; an `image_tag` goes.",
    example: `digest=sha256:${"0".repeat(64)}`,
  },
  {
    usage: "scale",
    meaning: "`scale`: a number, or a range for an autoscaler.",
    example: "scale=2..10",
  },
  { usage: "cpu", meaning: "`cpu` of the container.", example: "cpu=500m" },
  { usage: "memory", meaning: "`memory` of the container.", example: "memory=1Gi" },
  {
    usage: "env.NAME",
    meaning: "The variable NAME, as text.",
    example: "env.LOG_LEVEL=debug",
  },
];

/** Words that say where and why, of `/docc deploy` itself: src/commands/deploy.ts. */
export const deployWords: readonly Word[] = [
  { usage: "in", meaning: "The environment it goes to.", example: "in=staging" },
  {
    usage: "from",
    meaning: "What succeeded last in another environment, with its very images; no manifest then.",
    example: "from=staging",
  },
  {
    usage: "reason",
    meaning: "Why, in a few words; shown with the release.",
    example: 'reason="new schedule"',
  },
  {
    usage: "emergency",
    meaning: "Why approval, freezes and locks cannot wait; for those whom the operator lets.",
    example: 'emergency="the shop is down"',
  },
];

export function wordTable(): string {
  const rows = [...manifestWords, ...deployWords].map(({ usage, meaning, example }) => [
    code(`${usage}=`),
    meaning,
    code(example.replace(/0{64}/u, "...")),
  ]);
  return table(["word", "sets", "example"], rows);
}
