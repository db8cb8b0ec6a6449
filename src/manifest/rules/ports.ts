import { quoted } from "../../text/clean.ts";
import { nearest } from "../../text/nearest.ts";
import { portName } from "../objects/names.ts";
import { type Path, pathText, type Problem } from "../problem.ts";
import { isObject, type Json, nodeAt, type Tree } from "../reading/tree.ts";
import { few } from "./few.ts";
import { fieldsOf, itemsAt, namesAt } from "./places.ts";

/** A port that a container lists. */
interface ListedPort {
  readonly container: string;
  readonly port: number;
  readonly isTcp: boolean;
  /** Its name in Services; undefined where that was refused. */
  readonly name: string | undefined;
  /** Where the number stands, and where the name does that it has or gets by its number. */
  readonly portPath: Path;
  readonly namePath: Path;
}

/** The ports of all containers, in order; what is no port is the schema's to refuse. */
function listedPorts(root: Tree): readonly ListedPort[] {
  return namesAt(root, ["containers"]).flatMap((container) =>
    itemsAt(root, ["containers", container, "ports"]).flatMap(({ value, path }) => {
      const { port = null, name, protocol } = isObject(value) ? value : { port: value };
      if (!isPort(port)) {
        return [];
      }
      const portPath = isObject(value) ? [...path, "port"] : path;
      const namePath = name === undefined ? portPath : [...path, "name"];
      const isTcp = protocol !== "UDP";
      return [{ container, port, isTcp, name: nameOf(port, name), portPath, namePath }];
    }),
  );
}

function nameOf(port: number, name: Json | undefined): string | undefined {
  if (name === undefined) {
    return portName({ port });
  }
  return typeof name === "string" ? name : undefined;
}

/** The containers of a pod share one network: a port, and the name of one, appears once. */
export function duplicatePorts(root: Tree): readonly Problem[] {
  const listed = listedPorts(root);
  return [
    ...repeated(
      listed,
      ({ port }) => port,
      ({ portPath }) => portPath,
      (port, before) => ({
        code: "duplicate-port",
        message: `Port ${port} is listed already, as ${pathText(before)}.`,
        hint: "The containers of a pod share one network: each needs ports of its own.",
      }),
    ),
    ...repeated(
      listed,
      ({ name }) => name,
      ({ namePath }) => namePath,
      (name, before) => ({
        code: "duplicate-name",
        message: `${quoted(name)} names a port already, ${pathText(before)}.`,
        hint: "Give each port of the pod a name of its own.",
      }),
    ),
  ];
}

function repeated<Key extends string | number>(
  listed: readonly ListedPort[],
  keyOf: (port: ListedPort) => Key | undefined,
  placeOf: (port: ListedPort) => Path,
  say: (key: Key, before: Path) => Pick<Problem, "code" | "message" | "hint">,
): readonly Problem[] {
  const first = new Map<Key, ListedPort>();
  return listed.flatMap((each) => {
    const key = keyOf(each);
    const before = key === undefined ? undefined : first.get(key);
    if (key === undefined || before === undefined) {
      if (key !== undefined) first.set(key, each);
      return [];
    }
    // Two equal ports have equal names by themselves; that is said once.
    const isFollowing = before.port === each.port && typeof key === "string";
    return isFollowing ? [] : [{ ...say(key, placeOf(before)), path: placeOf(each) }];
  });
}

/** Ingresses lead to a TCP port that a container lists. */
export function ingressPorts(root: Tree): readonly Problem[] {
  if (!arePortsReadable(root)) {
    return [];
  }
  const listed = listedPorts(root);
  const ports = listed.filter(({ isTcp }) => isTcp).map(({ port }) => port);
  return fieldsOf(root, ["ingresses"], "container_port").flatMap(({ value, path }) => {
    if (!isPort(value) || ports.includes(value)) {
      return [];
    }
    const other = listed.find(({ port }) => port === value);
    const said = other === undefined ? unlisted(value, ports) : speaksUdp(other);
    return [{ code: "no-such-port" as const, ...said, path }];
  });
}

type Said = Pick<Problem, "message" | "hint">;

function unlisted(port: number, ports: readonly number[]): Said {
  const hint = portHint(String(port), ports.map(String));
  return { message: `No container lists port ${port}.`, hint };
}

function speaksUdp({ port, portPath }: ListedPort): Said {
  return {
    message: `Port ${port} speaks UDP, and an ingress leads to TCP only.`,
    hint: `Lead it to a TCP port, or change ${pathText(portPath.slice(0, -1))}.`,
  };
}

function arePortsReadable(root: Tree): boolean {
  const containers = nodeAt(root, ["containers"]);
  return (
    isObject(containers?.value ?? null) &&
    [...(containers?.children.values() ?? [])].every(hasReadablePorts)
  );
}

/** Where a list of ports was refused, the port that somebody wants may be the refused one. */
function hasReadablePorts(container: Tree): boolean {
  const ports = container.children.get("ports")?.value ?? [];
  return isObject(container.value) && Array.isArray(ports) && ports.every(isReadablePort);
}

function isReadablePort(written: Json): boolean {
  const { port = null, protocol = "TCP" } = isObject(written) ? written : { port: written };
  return isPort(port) && (protocol === "TCP" || protocol === "UDP");
}

function portHint(port: string, ports: readonly string[]): string {
  if (ports.length === 0) {
    return `Add "ports": [${port}] to the container that listens on it.`;
  }
  const meant = ports.length === 1 ? ports[0] : nearest(port, ports);
  return meant === undefined ? `The ports are ${few(ports)}.` : `Did you mean ${meant}?`;
}

export function isPort(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** Whether a container lists a TCP port; true where that cannot be told. */
export function hasTcpPort(root: Tree, container: string): boolean {
  const node = nodeAt(root, ["containers", container]);
  return (
    (node !== undefined && !hasReadablePorts(node)) ||
    listedPorts(root).some((each) => each.container === container && each.isTcp)
  );
}
