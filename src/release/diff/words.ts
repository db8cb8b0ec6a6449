import type { Difference, Step } from "./fields.ts";

/** What a changed field is called, and how much it matters: 0 comes first. */
export interface Named {
  readonly label: string;
  readonly rank: number;
}

/** By the end of the field's path, inside the container or the object. What matters first. */
const ranks: readonly (readonly [RegExp, number])[] = [
  [/^(container .*: )?image$/u, 0],
  [/^(replicas|minReplicas|maxReplicas|metrics)\b/u, 1],
  [/^container .*: (env|envFrom)\b/u, 2],
  [/^container .*: (command|args)\b/u, 3],
  [/^(container .*: )?ports\b/u, 4],
  [/^container .*: resources\b/u, 5],
  [/^container .*: (startup|readiness|liveness)Probe\b/u, 6],
  [/^(rules|tls|hostnames|listeners|dnsNames|ingressClassName)\b/u, 7],
  [/^(container .*: |pod )?securityContext\b/u, 8],
  [/^(pod )?label app\.kubernetes\.io\/version$/u, 12],
  [/^(pod )?(label|annotation) /u, 11],
];
/** Of a field that the table does not name. */
const otherwise = 9;
/** Fields up to this rank say what a new object is. */
export const lastOfWhatMatters = 8;

/** `container kubecon: image`, `replicas`, `rules[a.example.com].http.paths[/].backend.service.name`. */
export function nameOf({ path }: Pick<Difference, "path">): Named {
  const label = labelOf(path);
  return { label, rank: ranks.find(([pattern]) => pattern.test(label))?.[1] ?? otherwise };
}

function labelOf(path: readonly Step[]): string {
  const inTemplate = startsWith(path, ["spec", "template"]);
  const rest = inTemplate ? path.slice(2) : path;
  const [first, second, third, ...more] = rest;
  const of = inTemplate ? "pod " : "";
  if (first === "metadata" && (second === "labels" || second === "annotations")) {
    const what = second === "labels" ? "label" : "annotation";
    return third === undefined ? `${of}${second}` : `${of}${what} ${say([third, ...more])}`;
  }
  if (inTemplate && first === "spec" && second === "containers" && typeof third === "object") {
    const inside = say(variable(more));
    return inside === "" ? `container ${third.element}` : `container ${third.element}: ${inside}`;
  }
  return `${of}${say(first === "spec" ? rest.slice(1) : rest)}`;
}

/** Of a variable only its name is told. */
function variable(path: readonly Step[]): readonly Step[] {
  const [first, second] = path;
  return first === "env" && typeof second === "object" ? [`env ${second.element}`] : path;
}

function startsWith(path: readonly Step[], start: readonly string[]): boolean {
  return start.every((step, at) => path[at] === step);
}

function say(path: readonly Step[]): string {
  return path
    .map((step, at) =>
      typeof step === "object" ? `[${step.element}]` : at === 0 ? step : `.${step}`,
    )
    .join("");
}
