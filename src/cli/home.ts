import { quoted } from "../text/clean.ts";
import { type Option, usageError, type Words } from "./words.ts";

/** Options of every word that speaks to docc's home cluster. */
export const homeOptions: Readonly<Record<"namespace" | "context", Option>> = {
  namespace: {
    values: "NAMESPACE",
    short: "n",
    about: "docc's own namespace, docc unless told",
  },
  context: { values: "CONTEXT", about: "context of the kubeconfig; the current one unless told" },
};

/** Of every word that asks the cluster where applications are. */
export const appContextOption: Option = {
  values: "CONTEXT",
  about: "context of the apps' cluster; that of the records unless told",
};

/** Of every word that has a name typed before it does anything. */
export const yesOption: Option = {
  values: [],
  short: "y",
  about: "go ahead, and have no name typed",
};

export const usualNamespace = "docc";

/** Where docc's records are, as it was written. */
export interface HomePlace {
  readonly namespace: string;
  readonly context: string | undefined;
}

export function homePlace({ options }: Words): HomePlace {
  return { namespace: namespaceIn(options) ?? usualNamespace, context: options.get("context") };
}

/** @throws DoccError `bad-input` for what no namespace can be called */
export function namespaceIn(options: Words["options"]): string | undefined {
  const given = options.get("namespace");
  if (given === undefined || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/u.test(given)) return given;
  throw usageError(
    `${quoted(given)} is no name of a namespace: at most 63 small letters, digits and hyphens.`,
    "Write -n NAMESPACE, such as -n docc.",
  );
}
