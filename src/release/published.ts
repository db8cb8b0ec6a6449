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
const environment = z.object({
  namespace: z.string(),
  domain: z.string(),
  links: z.record(z.string(), z.string()),
});

/** For people who look by kubectl as well. */
export function publishedText(environments: PublishedEnvironments): string {
  return `${JSON.stringify(Object.fromEntries(environments), undefined, 2)}\n`;
}

/** @returns those that can be read, each by itself; none where nothing is published */
export function readPublished(text: string | undefined): PublishedEnvironments {
  const entries = Object.entries(recordIn(text)).flatMap(([name, given]) => {
    const { data } = environment.safeParse(given);
    return data === undefined ? [] : [[name, data] as const];
  });
  return new Map(entries);
}

function recordIn(text = "{}"): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return {};
  }
}
