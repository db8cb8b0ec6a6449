import { isRecord } from "../manifest/canonical.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import type { LiveObject, Target } from "./plan.ts";

/** An image as a manifest names it: a repository with a tag or a digest. */
export interface WantedImage {
  /** With its registry if any: `registry.example.com/team/app`. */
  readonly repository: string;
  /** Exactly one of the two is given. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** What a registry says about one image. */
export type Resolution =
  /** `sha256:` and 64 hexadecimal digits. */
  | { readonly state: "found"; readonly digest: string }
  | {
      readonly state: "missing";
      /** False when the registry does not have the repository at all. */
      readonly repositoryExists: boolean;
      /** Existing tags that may have been meant, nearest first. */
      readonly nearest: readonly string[];
    }
  | {
      readonly state: "unknown";
      readonly code: "registry-unavailable" | "image-unauthorized";
      /** What goes on after the registry's name: "does not answer in time". */
      readonly why: string;
    };

/** A reference as Kubernetes takes it, in its parts. */
interface Reference {
  /** With its tag, if any: what a person calls the image. */
  readonly name: string;
  readonly tag: string;
  /** Empty when it is not pinned. */
  readonly digest: string;
}

function parse(image: string): Reference {
  const [name = "", digest = ""] = image.split("@", 2);
  const tag = /:(?<tag>[^/:]+)$/u.exec(name)?.groups?.["tag"] ?? "";
  return { name, tag, digest };
}

/**
 * The digests that a Deployment runs its tags by.
 * @returns by image with tag (`registry.example.com/team/app:2017`); what is not pinned is left out
 */
export function runningDigests(deployment: LiveObject | undefined): ReadonlyMap<string, string> {
  const pinned = [...imagesOf(deployment).values()]
    .map(parse)
    .filter(({ tag, digest }) => tag !== "" && digest !== "");
  return new Map(pinned.map(({ name, digest }) => [name, digest]));
}

/** The digests that objects name their images by, by container; what is not pinned is left out. */
export function digestsOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  const made = imagesOf(objects.find(({ kind }) => kind === "Deployment"));
  const parsed = [...made].map(([name, image]) => [name, parse(image).digest] as const);
  return new Map(parsed.filter(([, digest]) => digest !== ""));
}

/** Names of the containers that a plan pins by digest: their image cannot change under its tag. */
export function pinnedContainers(targets: readonly Target[]): ReadonlySet<string> {
  const pinned = deploymentsOf(targets).flatMap(({ desired }) =>
    [...imagesOf(desired)].filter(([, image]) => image.includes("@")),
  );
  return new Set(pinned.map(([name]) => name));
}

/** Tags that mean another image now than the one that runs by the same name, said as risks. */
export function movedTags(targets: readonly Target[]): readonly string[] {
  const risks = deploymentsOf(targets).flatMap(({ desired, live }) => {
    const before = runningDigests(live);
    return [...imagesOf(desired).values()].map(parse).flatMap(({ name, tag, digest }) => {
      const runs = before.get(name);
      const isMoved = runs !== undefined && digest !== "" && runs !== digest;
      return isMoved ? [`tag ${tag} is another image than the one that runs`] : [];
    });
  });
  return [...new Set(risks)];
}

function deploymentsOf(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ desired }) => desired.kind === "Deployment");
}

/** Images by container; of anything but a Deployment none. */
function imagesOf(object: object | undefined): ReadonlyMap<string, string> {
  const containers = at(at(at(at(object, "spec"), "template"), "spec"), "containers");
  const list: readonly unknown[] = Array.isArray(containers) ? containers : [];
  return new Map(
    list.flatMap((each) => {
      const [name, image] = [at(each, "name"), at(each, "image")];
      return typeof name === "string" && typeof image === "string" ? [[name, image]] : [];
    }),
  );
}

function at(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}
