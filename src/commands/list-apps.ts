import { readManifest } from "../manifest/canonical.ts";
import { inEnvironment } from "../manifest/environment.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { tagOf } from "../release/plan.ts";
import type { Application, AppliedRelease } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import { compare } from "../text/compare.ts";
import type { Ports } from "./ports.ts";

/** One app of the list, as the records alone know it. All texts are single, clean, capped lines. */
export interface ListedApp {
  readonly app: string;
  readonly environment: string;
  /** `2017`; or `2017 -> 2018` while 2018 is applied and 2017 is what succeeded last. */
  readonly tag: string;
  /** The tags behind the name of the first image: `kubecon:2017`, or `kubecon:2017 -> 2018`. */
  readonly image: string;
  /** `3`, or `2..10` where an autoscaler decides. */
  readonly scale: string;
  readonly revision: string;
  /** Name of the Release that is applied. */
  readonly release: string;
  /** Of what succeeded last, as everywhere else; before the first success, of what is applied. */
  readonly maintainers: readonly string[];
  readonly team: string | undefined;
}

/** Columns of the list, in their order. */
export const columnNames = [
  "App",
  "Environment",
  "Health",
  "Image",
  "Scale",
  "Revision",
  "Maintainer",
  "Age",
] as const;

const widest = {
  environment: 63,
  health: 24,
  tag: 40,
  /** The name alone, and all of it. */
  imageName: 24,
  image: 65,
  scale: 22,
  maintainers: 40,
  age: 8,
} as const;

/** @returns undefined for an app of which nothing has been applied */
export function listedApp({ spec, status }: Application): ListedApp | undefined {
  const applied = status?.applied;
  if (applied === undefined) return undefined;
  const runs = readRelease(applied, spec.environment);
  const lasts =
    status?.current === undefined ? runs : readRelease(status.current, spec.environment);
  const isChanging = lasts.tag !== runs.tag && lasts.tag !== "";
  return {
    app: spec.app,
    environment: spec.environment,
    tag: line(isChanging ? `${lasts.tag} -> ${runs.tag}` : runs.tag, widest.tag),
    image: imageOf(lasts, runs),
    scale: line(runs.scale, widest.scale),
    revision: String(applied.revision),
    release: applied.release,
    maintainers: lasts.maintainers,
    team: lasts.team,
  };
}

/** What runs and, while another is applied, what that is; its name once where it stays. */
function imageOf(lasts: Read, runs: Read): string {
  const [from, to] = [imageWith(lasts), imageWith(runs)];
  if (from === to || lasts.tag === "") return line(to, widest.image);
  const then = lasts.image === runs.image ? runs.tag : to;
  return line(`${from} -> ${then}`, widest.image);
}

/** As an image is written; a digest stands behind an at. */
function imageWith({ image, tag }: Read): string {
  if (image === "" || tag === "") return tag;
  return `${image}${tag.startsWith("sha256:") ? "@" : ":"}${tag}`;
}

/**
 * Reads each record once: a thousand manifests are not parsed again for every list. Records are replaced, never
 * changed, and what is replaced is forgotten with its record.
 */
export function rememberedApps(): typeof listedApp {
  const known = new WeakMap<Application, { readonly listed: ListedApp | undefined }>();
  return (application) => {
    const found = known.get(application) ?? { listed: listedApp(application) };
    known.set(application, found);
    return found.listed;
  };
}

/** Those of which something is applied, in an order that stays from page to page. */
export function listedApps(
  { list, listed }: Pick<Ports["apps"], "list" | "listed">,
  environment?: string,
): readonly ListedApp[] {
  return list(environment)
    .flatMap((application) => listed(application) ?? [])
    .toSorted((a, b) => compare(a.app, b.app) || compare(a.environment, b.environment));
}

/** Its row, with what was asked; before it was asked, with room for whatever the answer is. */
export function rowOf(
  listed: ListedApp,
  asked?: { readonly health: string; readonly age: string },
): readonly string[] {
  return [
    listed.app,
    line(listed.environment, widest.environment),
    asked === undefined ? "x".repeat(widest.health) : cap(asked.health, widest.health),
    listed.image,
    listed.scale,
    listed.revision,
    line(listed.maintainers.join(", "), widest.maintainers),
    asked === undefined ? "x".repeat(widest.age) : cap(asked.age, widest.age),
  ];
}

interface Read {
  readonly tag: string;
  /** Its last word alone, of the first container. */
  readonly image: string;
  readonly scale: string;
  readonly maintainers: readonly string[];
  readonly team: string | undefined;
}

const unreadable: Read = { tag: "", image: "", scale: "", maintainers: [], team: undefined };

/** One record that somebody has spoilt spoils its own row, not the list. */
function readRelease({ manifest: text }: AppliedRelease, environment: string): Read {
  const manifest = readManifest(text);
  if (manifest === undefined) return unreadable;
  try {
    const { scale, maintainer, team } = inEnvironment(manifest, environment);
    return {
      tag: tagOf(manifest),
      image: line(shortImage(manifest), widest.imageName),
      scale: typeof scale === "number" ? String(scale) : `${scale.min}..${scale.max}`,
      maintainers: maintainer.map(oneLine),
      team: typeof team === "string" ? oneLine(team) : undefined,
    };
  } catch {
    return unreadable;
  }
}

function shortImage({ containers }: Manifest): string {
  const [image = ""] = Object.values(containers).map((each) => each.image);
  return image.slice(image.lastIndexOf("/") + 1);
}

function line(text: string, max: number): string {
  return cap(oneLine(text), max);
}
