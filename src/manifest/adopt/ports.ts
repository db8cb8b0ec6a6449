import { portName } from "../objects/names.ts";
import type { Path } from "../problem.ts";
import { isPort } from "../rules/ports.ts";
import { fits } from "./fits.ts";
import { at, isEmpty, type Json, listAt, objectOf, textAt } from "./json.ts";
import { leaveOf, leaveWholeOf, type Part, podPath } from "./part.ts";
import type { Remarks } from "./remarks.ts";
import type { ServicePort } from "./services.ts";

const MOST_PORTS = 50;
const field = ["containers", "any", "ports"];

/** A port on its way into the manifest. */
export interface Port {
  readonly container: string;
  readonly number: number;
  readonly protocol: "TCP" | "UDP";
  readonly name: string | undefined;
  /** Lists that its name is left out. */
  readonly leaveName: () => void;
}

/**
 * The ports of all containers: those that they declare, and those that Services lead to, which a
 * container need not declare. In a pod each number and each name appears once.
 */
export function portsOf(
  parts: readonly Part[],
  services: readonly ServicePort[],
  to: Remarks,
): readonly Port[] {
  const declared = parts.reduce<readonly Port[]>(
    (before, part) => withDeclared(before, part, to),
    [],
  );
  const all = services.reduce((ports, service) => withService(ports, parts[0], service), declared);
  return withDistinctNames(all);
}

function withDeclared(before: readonly Port[], part: Part, to: Remarks): readonly Port[] {
  return listAt(part.value, "ports").reduce<readonly Port[]>((ports, entry, index) => {
    const port = declaredPort(part, entry, ["ports", index], ports, to);
    return port === undefined ? ports : [...ports, port];
  }, before);
}

function declaredPort(
  part: Part,
  entry: Json,
  path: Path,
  before: readonly Port[],
  to: Remarks,
): Port | undefined {
  const leave = (step: string, why: string): void => leaveOf(part, to, [...path, step], why);
  const number = at(entry, "containerPort");
  const protocol = textAt(entry, "protocol") ?? "TCP";
  if (!isPort(number) || !isProtocol(protocol)) {
    leaveWholeOf(part, to, path, "A port is a number from 1 to 65535, of TCP or UDP.");
    return undefined;
  }
  leaveHostPort(part, entry, path, to);
  if (before.some((each) => each.number === number)) {
    leaveWholeOf(part, to, path, `Port ${number} is declared twice, and a manifest has it once.`);
    return undefined;
  }
  if (before.filter((each) => each.container === part.name).length >= MOST_PORTS) {
    leaveWholeOf(part, to, path, `A container has ${MOST_PORTS} ports in a manifest at most.`);
    return undefined;
  }
  const name = textAt(entry, "name") ?? "";
  const isName = fits([...field, 0, "name"], name);
  if (name !== "" && !isName) {
    leave("name", "It cannot name a port in a manifest.");
  }
  return {
    container: part.name,
    number,
    protocol,
    name: isName ? name : undefined,
    leaveName: () => leave("name", "Another port of the pod has this name."),
  };
}

function leaveHostPort(part: Part, entry: Json, path: Path, to: Remarks): void {
  const hostPort = at(entry, "hostPort");
  // With hostNetwork the API server writes it: defaultHostNetworkPorts.
  const isDefault =
    at(part.subject.value, ...podPath, "hostNetwork") === true &&
    hostPort === at(entry, "containerPort");
  if (!isEmpty(hostPort) && hostPort !== 0 && !isDefault) {
    const why = "docc's pods take no ports of their node.";
    leaveOf(part, to, [...path, "hostPort"], why);
  }
}

/** With a port that a Service leads to and no container declares, or a name that only a Service gives. */
function withService(
  ports: readonly Port[],
  first: Part | undefined,
  { target, protocol, name }: ServicePort,
): readonly Port[] {
  const named = name !== undefined && fits([...field, 0, "name"], name) ? name : undefined;
  const known = ports.find(({ number }) => number === target);
  if (known !== undefined) {
    const renamed = { ...known, name: known.name ?? named };
    return ports.map((each) => (each === known ? renamed : each));
  }
  const isFull = ports.filter(({ container }) => container === first?.name).length >= MOST_PORTS;
  return target === undefined || first === undefined || isFull || !isProtocol(protocol)
    ? ports
    : [...ports, { container: first.name, number: target, protocol, name: named, leaveName }];
}

/** What a Service calls its ports is looked at where Services are. */
function leaveName(): void {
  // Nothing to say here.
}

function isProtocol(text: string): text is Port["protocol"] {
  return text === "TCP" || text === "UDP";
}

/** A port without a name is called by its number, which may be another one's name. */
function withDistinctNames(ports: readonly Port[]): readonly Port[] {
  const repeated = ports.find((port, index) =>
    ports.some(
      (other, at) =>
        at !== index &&
        effectiveName(other) === port.name &&
        (other.name === undefined || at < index),
    ),
  );
  if (repeated === undefined) {
    return ports;
  }
  repeated.leaveName();
  return withDistinctNames(
    ports.map((each) => (each === repeated ? { ...each, name: undefined } : each)),
  );
}

function effectiveName({ number, name }: Port): string {
  return portName({ port: number, ...(name === undefined ? {} : { name }) });
}

/**
 * `ports` of one container, by number.
 * @param first the port that docc's readiness asks without `health`: the first that is written
 */
export function portsField(
  ports: readonly Port[],
  container: string,
  first: number | undefined,
): readonly Json[] | undefined {
  const own = ports
    .filter((each) => each.container === container)
    .toSorted((left, right) => rank(left, first) - rank(right, first));
  return own.length === 0 ? undefined : own.map(written);
}

function rank({ number }: Port, first: number | undefined): number {
  return number === first ? 0 : number;
}

function written({ number, name, protocol }: Port): Json {
  const isPlain = name === undefined || name === portName({ port: number });
  return isPlain && protocol === "TCP"
    ? number
    : objectOf({
        port: number,
        name: isPlain ? undefined : name,
        protocol: protocol === "TCP" ? undefined : protocol,
      });
}
