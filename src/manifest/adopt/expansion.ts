/**
 * `$(NAME)` and `$$` in `command`, `args`, probes' commands and values of `env`, as Kubernetes reads
 * them: k8s.io/kubernetes, third_party/forked/golang/expansion, Expand. Of a name that it does not
 * know it leaves the text as it is, so `$(date)` reaches a shell.
 */
const expression = /\$(?:\$|\((?<name>[^)]*)\))/gu;

/** Variables that Kubernetes itself adds for the Services of a namespace: "enableServiceLinks". */
const ofServices = /^[A-Z][A-Z0-9_]*_(?:SERVICE_HOST|SERVICE_PORT|PORT)(?:_[A-Z0-9_]+)?$/u;
/** What a variable out of `envFrom` may be called. */
const anyVariable = /^[-._A-Za-z][-._A-Za-z0-9]*$/u;

/** The variables that a container may fill in. */
export interface Variables {
  readonly names: ReadonlySet<string>;
  /** Whether whole Secrets or ConfigMaps give more, of which nothing is known here. */
  readonly hasMore: boolean;
}

export interface Expanded {
  /** What the process gets; a variable stands as it was written. */
  readonly text: string;
  /** Whether a variable is filled in. */
  readonly hasVariable: boolean;
}

export function expanded(written: string, variables: Variables): Expanded {
  const names = [...written.matchAll(expression)].map(({ groups }) => groups?.["name"]);
  return {
    text: written.replaceAll(expression, (found) => (found === "$$" ? "$" : found)),
    hasVariable: names.some((name) => name !== undefined && isFilledIn(name, variables)),
  };
}

function isFilledIn(name: string, { names, hasMore }: Variables): boolean {
  return names.has(name) || ofServices.test(name) || (hasMore && anyVariable.test(name));
}
