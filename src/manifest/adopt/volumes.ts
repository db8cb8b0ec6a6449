import { quoted } from "../../text/clean.ts";
import { tlsMountRoot } from "../objects/names.ts";
import { fits } from "./fits.ts";
import { at, isEmpty, isObject, type Json, listAt, membersAt, textAt } from "./json.ts";
import { leaveOf, leaveWholeOf, type Part, podPath } from "./part.ts";
import type { Remarks, Subject } from "./remarks.ts";

const MOST_DIRECTORIES = 20;
const field = ["containers", "any", "writable"];
const defaultWritable = "/tmp";

/** Where a volume of a container stands. */
interface Mount {
  readonly value: Json;
  readonly directory: string;
  readonly volume: Json;
}

/** A mount's volume by its name; of a pod's, the first of the name. */
function mountsOf({ value, subject }: Part): readonly Mount[] {
  const volumes = listAt(subject.value, ...podPath, "volumes");
  return listAt(value, "volumeMounts").map((mount) => {
    const name = textAt(mount, "name");
    const volume = volumes.find((each) => textAt(each, "name") === name) ?? null;
    const directory = (textAt(mount, "mountPath") ?? "").replace(/(?<=.)\/+$/u, "");
    return { value: mount, directory, volume };
  });
}

/** A volume without a source is an emptyDir, too: SetDefaults_Volume. */
function isEmptyDirectory(volume: Json): boolean {
  return (
    isObject(volume) &&
    (isObject(at(volume, "emptyDir")) ||
      Object.keys(volume).every((key) => key === "name" || at(volume, key) === null))
  );
}

/** `writable`: the emptyDirs that a container sees; undefined where they are docc's default. */
export function writableField(part: Part, to: Remarks): readonly string[] | undefined {
  const directories = new Set<string>();
  mountsOf(part).forEach(({ directory, volume }, index) => {
    if (!isEmptyDirectory(volume)) {
      return;
    }
    const why = whyNot(directory, directories);
    if (why === undefined) {
      directories.add(directory);
    } else {
      leaveOf(part, to, ["volumeMounts", index], why);
    }
  });
  const [only, ...others] = directories;
  return only === defaultWritable && others.length === 0 ? undefined : [...directories];
}

function whyNot(directory: string, before: ReadonlySet<string>): string | undefined {
  if (!fits([...field, 0], directory)) {
    return `${quoted(directory)} is no directory that a manifest can have.`;
  }
  if (`${directory}/`.startsWith(`${tlsMountRoot}/`)) {
    return `${quoted(directory)} is where docc mounts certificates.`;
  }
  if (before.has(directory)) {
    return `${quoted(directory)} is mounted twice.`;
  }
  return before.size >= MOST_DIRECTORIES
    ? `A container has ${MOST_DIRECTORIES} writable directories at most.`
    : undefined;
}

/** The Secrets that containers see where docc mounts certificates, by the ingress' key. */
export function mountedCertificates(parts: readonly Part[]): ReadonlyMap<string, string> {
  const found = parts.flatMap(mountsOf).flatMap(({ directory, volume }) => {
    const secret = textAt(volume, "secret", "secretName");
    const isCertificate = directory.startsWith(`${tlsMountRoot}/`) && secret !== undefined;
    return isCertificate ? [[directory.slice(tlsMountRoot.length + 1), secret] as const] : [];
  });
  return new Map(found);
}

/**
 * Lists the volumes that docc's Deployment does not have, and what mounts say beyond their directory.
 * @param ours the containers of docc's Deployment, and their volumes
 */
export function leaveVolumes(
  subject: Subject,
  parts: readonly Part[],
  ours: Json,
  to: Remarks,
): void {
  const mounts = parts.flatMap((part) =>
    mountsOf(part).map((mount, index) => ({ ...mount, part, index })),
  );
  listAt(subject.value, ...podPath, "volumes").forEach((volume, index) => {
    const path = [...podPath, "volumes", index];
    const mounted = mounts.filter((mount) => mount.volume === volume);
    if (isEmptyDirectory(volume)) {
      leaveEmptyDirectory(mounted.length, (why) => to.leave(subject, path, why));
    } else if (mounted.length === 0 || !mounted.every((mount) => isOurs(mount, mount.part, ours))) {
      to.leaveWhole(subject, path, strangeVolume(volume));
    }
  });
  for (const mount of mounts) {
    leaveMount(mount, ours, to);
  }
}

function leaveEmptyDirectory(mounts: number, leave: (why: string) => void): void {
  if (mounts === 0) {
    leave("No container that is taken over mounts this directory.");
  }
  if (mounts > 1) {
    leave("It is mounted in several places; docc gives each a directory of its own.");
  }
}

function isOurs({ value, volume }: Mount, part: Part, ours: Json): boolean {
  const docc = listAt(ours, "containers").find((each) => textAt(each, "name") === part.name);
  const path = textAt(value, "mountPath");
  const mount = listAt(docc, "volumeMounts").find((each) => textAt(each, "mountPath") === path);
  const source = listAt(ours, "volumes").find(
    (each) => textAt(each, "name") === textAt(mount, "name"),
  );
  const secret = textAt(source, "secret", "secretName");
  return (
    secret !== undefined && secret === textAt(volume, "secret", "secretName") && isWhole(volume)
  );
}

/** A Secret mounted whole with the usual mode: SetDefaults_SecretVolumeSource. */
function isWhole(volume: Json): boolean {
  return membersAt(volume, "secret").every(
    ([name, value]) =>
      name === "secretName" ||
      isEmpty(value) ||
      value === false ||
      (name === "defaultMode" && value === 0o644),
  );
}

function strangeVolume(volume: Json): string {
  const [kind = "something else"] = membersAt(volume).flatMap(([key, value]) =>
    key === "name" || value === null ? [] : [key],
  );
  const what = quoted(textAt(volume, "name") ?? "");
  return kind === "persistentVolumeClaim"
    ? `The volume ${what} keeps data, and docc is for applications that keep none in their pods.`
    : `The volume ${what} is a ${quoted(kind)}; a manifest has empty directories and certificates alone.`;
}

/** A mount goes with its volume; of one that stays docc says where it is. */
function leaveMount(mount: Mount & { part: Part; index: number }, ours: Json, to: Remarks): void {
  const { part, index, value, volume } = mount;
  const path = ["volumeMounts", index];
  if (volume === null) {
    leaveWholeOf(part, to, path, "The pod has no volume of this name.");
  } else if (!isEmptyDirectory(volume) && !isOurs(mount, part, ours)) {
    to.settle(part.subject, [...part.path, ...path]);
  } else if (at(value, "readOnly") === true && !isCertificateMount(value)) {
    const why = "A manifest says of a directory where it is, and no more.";
    leaveOf(part, to, [...path, "readOnly"], why);
  }
}

function isCertificateMount(mount: Json): boolean {
  return (textAt(mount, "mountPath") ?? "").startsWith(`${tlsMountRoot}/`);
}
