import type { Option, Words } from "./words.ts";

/** Options of every word that speaks to docc's home cluster. */
export const homeOptions: Readonly<Record<"namespace" | "context", Option>> = {
  namespace: { values: "NAMESPACE", short: "n" },
  context: { values: "CONTEXT" },
};

/** Where docc's records are, as it was written. */
export interface HomePlace {
  readonly namespace: string;
  readonly context: string | undefined;
}

export function homePlace({ options }: Words): HomePlace {
  return { namespace: options.get("namespace") ?? "docc", context: options.get("context") };
}
