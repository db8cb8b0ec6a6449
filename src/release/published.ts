import { z } from "zod";

/**
 * What docc says of an environment to everybody who may read its records: what a terminal cannot know, because it
 * stands in docc.yaml. Slack shows all of it to anybody.
 */
export interface PublishedEnvironment {
  /** Of the applications. */
  readonly namespace: string;
  /** Below which docc names hosts. */
  readonly domain: string;
  /** The operator's links by name, unfilled: `https://grafana.example.com/d/{app}`. */
  readonly links: Readonly<Record<string, string>>;
}

/** By the environment's name. */
export type PublishedEnvironments = ReadonlyMap<string, PublishedEnvironment>;

/** The ConfigMap in docc's own namespace that they stand in, and its only key. */
export const publishedName = "docc-environments";
export const publishedKey = "environments.json";

/** Whoever wrote it may be another docc, older or newer: what it says more is passed over. */
const shape = z.record(
  z.string(),
  z.object({
    namespace: z.string(),
    domain: z.string(),
    links: z.record(z.string(), z.string()),
  }),
);

/** For people who look by kubectl as well. */
export function publishedText(environments: PublishedEnvironments): string {
  return `${JSON.stringify(Object.fromEntries(environments), undefined, 2)}\n`;
}

/** @returns none where nothing is published, or nothing that can be read */
export function readPublished(text: string | undefined): PublishedEnvironments {
  try {
    return new Map(Object.entries(shape.parse(JSON.parse(text ?? "{}"))));
  } catch {
    return new Map();
  }
}
