import { quoted } from "../../text/clean.ts";
import { madeName } from "../made-name.ts";
import type { Platform } from "../platform.ts";
import { envField, wordsField } from "./env.ts";
import { fitsKey } from "./fits.ts";
import { imageFields } from "./image.ts";
import { type JsonObject, listAt, objectOf, textAt } from "./json.ts";
import { leaveOf, type Part, podPath } from "./part.ts";
import { type Port, portsField } from "./ports.ts";
import { healthOf } from "./probes.ts";
import type { Remarks, Subject } from "./remarks.ts";
import { resourceFields } from "./resources.ts";
import { securityFields } from "./security.ts";
import { writableField } from "./volumes.ts";

const MOST_CONTAINERS = 10;
const LONGEST_NAME = 63;

/** The containers of a Deployment's pods, each under a name that a manifest can have. */
export function partsOf(subject: Subject, to: Remarks): readonly Part[] {
  const containers = listAt(subject.value, ...podPath, "containers");
  return containers.reduce<readonly Part[]>((parts, value, index) => {
    const path = [...podPath, "containers", index];
    if (parts.length >= MOST_CONTAINERS) {
      to.leaveWhole(subject, path, `A manifest has ${MOST_CONTAINERS} containers at most.`);
      return parts;
    }
    const given = textAt(value, "name") ?? "";
    const name = freeName(
      given,
      parts.map((each) => each.name),
    );
    const part = { name, value, subject, path };
    if (name !== given) {
      leaveOf(part, to, ["name"], `A manifest cannot have this name here: it is ${quoted(name)}.`);
    }
    return [...parts, part];
  }, []);
}

function freeName(given: string, taken: readonly string[]): string {
  const isFree = (name: string): boolean => fitsKey(["containers"], name) && !taken.includes(name);
  const made = madeName(given, LONGEST_NAME - 3, "app");
  // One more number than there are names is free.
  const numbered = Array.from({ length: taken.length + 1 }, (_, index) => `${made}-${index + 2}`);
  return [given, made, ...numbered].find(isFree) ?? made;
}

/** A container as a manifest says it. */
export function containerField(
  part: Part,
  ports: readonly Port[],
  platform: Platform,
  to: Remarks,
): JsonObject {
  const tcpPorts = ports
    .filter(({ container, protocol }) => container === part.name && protocol === "TCP")
    .map(({ number }) => number)
    .toSorted((left, right) => left - right);
  const { health, first } = healthOf(part, tcpPorts, to);
  const image = textAt(part.value, "image") ?? "";
  return objectOf({
    ...imageFields(image, part.subject, [...part.path, "image"], to),
    ports: portsField(ports, part.name, first),
    command: wordsField(part, "command", to),
    args: wordsField(part, "args", to),
    env: envField(part, to),
    ...resourceFields(part, platform, to),
    health,
    writable: writableField(part, to),
    ...securityFields(part, platform, to),
  });
}
