import { isRecord } from "../manifest/canonical.ts";
import { leastScale } from "../manifest/environment.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { hostsOf, isExposing } from "./hosts.ts";
import { movedTags, pinnedContainers } from "./images.ts";
import type { LiveObject, Target } from "./plan.ts";
import type { PlannedObject } from "./release.ts";

/** What a plan is, as far as it may hurt. */
export interface Risky {
  /** In the environment; undefined before the first deploy. */
  readonly before: Manifest | undefined;
  /** In the environment. */
  readonly after: Manifest;
  readonly targets: readonly Target[];
  readonly prunes: readonly LiveObject[];
  readonly changes: readonly PlannedObject[];
}

/** What may hurt, in words, the most surprising first. */
export function risksOf({ before, after, targets, prunes, changes }: Risky): readonly string[] {
  return [
    ...movedTags(targets),
    ...scaledDown(before, after),
    ...looseTags(after, pinnedContainers(targets)),
    ...unchecked(before, after),
    ...lessSafe(targets),
    ...removals(prunes),
    ...lostHosts(targets),
    ...takeovers(changes),
    ...unseen(changes),
  ];
}

function scaledDown(before: Manifest | undefined, after: Manifest): readonly string[] {
  const [is, was] = [leastScale(after), before === undefined ? undefined : leastScale(before)];
  return [
    ...(was !== undefined && is < was ? [`scales down from ${was} to ${is}`] : []),
    ...(is === 0 ? ["no pod will run"] : []),
  ];
}

function looseTags({ containers }: Manifest, pinned: ReadonlySet<string>): readonly string[] {
  const isLoose = Object.entries(containers).some(
    ([name, { image_tag: tag }]) => tag === "latest" && !pinned.has(name),
  );
  return isLoose ? ["the tag latest can change under the same name"] : [];
}

function unchecked(before: Manifest | undefined, after: Manifest): readonly string[] {
  const names = Object.entries(after.containers).flatMap(([name, { health }]) =>
    health === undefined && before?.containers[name]?.health !== undefined ? [name] : [],
  );
  return names.length === 0 ? [] : [`no health check any more for ${names.join(", ")}`];
}

/** What held a container back and does not any more, as the objects say it: defaults count, too. */
const safeguards: readonly (readonly [
  say: (container: string) => string,
  holds: (container: Readonly<Record<string, unknown>>) => boolean,
])[] = [
  [
    (name) => `no memory limit any more for ${name}`,
    (each) => isThere(each, ["resources", "limits", "memory"]),
  ],
  [
    (name) => `${name} may write to its own file system`,
    (each) => valueAt(each, ["securityContext", "readOnlyRootFilesystem"]) === true,
  ],
  [
    (name) => `${name} may run as root`,
    (each) => valueAt(each, ["securityContext", "runAsNonRoot"]) !== false,
  ],
];

function lessSafe(targets: readonly Target[]): readonly string[] {
  return targets
    .filter(({ desired: { kind } }) => kind === "Deployment")
    .flatMap(({ desired, live, preview }) => {
      const was = containersOf(live);
      return [...containersOf(preview ?? desired)].flatMap(([name, container]) => {
        const old = was.get(name);
        if (old === undefined) return [];
        return safeguards
          .filter(([, holds]) => holds(old) && !holds(container))
          .map(([say]) => say(name));
      });
    });
}

/** Addresses that stop to answer are a risk; what else goes is listed with the changes. */
function removals(prunes: readonly LiveObject[]): readonly string[] {
  return prunes
    .filter(({ kind }) => isExposing({ kind }))
    .map(({ kind, metadata }) => `removes ${kind} ${metadata.name}`);
}

/** Hosts of objects that stay, which nothing of the app answers to any more. */
function lostHosts(targets: readonly Target[]): readonly string[] {
  const kept = new Set(targets.flatMap(({ desired }) => hostsOf(desired)));
  const lost = targets.flatMap(({ live }) => (live === undefined ? [] : hostsOf(live)));
  return [...new Set(lost)]
    .filter((host) => !kept.has(host))
    .map((host) => `${host} does not answer any more`);
}

function takeovers(changes: readonly PlannedObject[]): readonly string[] {
  return changes.flatMap(({ kind, takesOver }) =>
    takesOver.map((field) => `takes ${kind} ${field}`),
  );
}

function unseen(changes: readonly PlannedObject[]): readonly string[] {
  return changes
    .filter(({ previewed }) => previewed === false)
    .map(
      ({ kind, name }) =>
        `${kind} ${name} is not previewed: an admission webhook there allows no dry run`,
    );
}

function containersOf(
  object: object | undefined,
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const found = valueAt(object, ["spec", "template", "spec", "containers"]);
  const list: readonly unknown[] = Array.isArray(found) ? found : [];
  return new Map(
    list.flatMap((each) =>
      isRecord(each) && typeof each["name"] === "string" ? [[each["name"], each]] : [],
    ),
  );
}

function isThere(object: unknown, path: readonly string[]): boolean {
  return valueAt(object, path) !== undefined;
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), object);
}
