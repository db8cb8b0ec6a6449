import { quoted } from "../../text/clean.ts";
import { isPort } from "../rules/ports.ts";
import { leaveRest } from "./fields.ts";
import { at, isEmpty, type Json, listAt, numberAt, textAt } from "./json.ts";
import { leaveMetadata } from "./metadata.ts";
import { serviceFields } from "./other-fields.ts";
import { type Part, portNamed } from "./part.ts";
import { nameOf, type Remarks, type Subject } from "./remarks.ts";

/** A port of a Service and the port of a container that it leads to. */
export interface ServicePort {
  readonly service: string;
  readonly name: string | undefined;
  readonly port: number;
  /** Undefined where no container declares the name that it gives. */
  readonly target: number | undefined;
  readonly protocol: string;
}

/**
 * The Services of an application, the one first that docc's single Service takes the place of: that of
 * the application's name, else the first.
 */
export function inOrder(services: readonly Subject[], application: string): readonly Subject[] {
  const isMain = ({ value }: Subject): boolean => nameOf(value) === application;
  return services.toSorted((left, right) => Number(isMain(right)) - Number(isMain(left)));
}

export function servicePorts(
  services: readonly Subject[],
  parts: readonly Part[],
): readonly ServicePort[] {
  return services.flatMap(({ value }) =>
    listAt(value, "spec", "ports").flatMap((entry) => {
      const port = numberAt(entry, "port");
      return port === undefined
        ? []
        : [
            {
              service: nameOf(value) ?? "",
              name: textAt(entry, "name"),
              port,
              target: targetOf(entry, parts),
              protocol: textAt(entry, "protocol") ?? "TCP",
            },
          ];
    }),
  );
}

/** A number, a name of a container's port, or the Service's own number: SetDefaults_Service. */
function targetOf(entry: Json, parts: readonly Part[]): number | undefined {
  const given = at(entry, "targetPort");
  if (typeof given === "string" && given !== "") {
    return parts.map((part) => portNamed(part, given)).find((each) => each !== undefined);
  }
  const target = isEmpty(given) || given === 0 ? at(entry, "port") : given;
  return isPort(target) ? target : undefined;
}

/** The port of a container behind a Service's port, given by number or name as in a backend. */
export function behind(
  ports: readonly ServicePort[],
  service: string,
  given: Json,
): number | undefined {
  const found = ports.find(
    (each) => each.service === service && (each.port === given || each.name === given),
  );
  return found?.protocol === "TCP" ? found.target : undefined;
}

/**
 * Lists what docc's single Service does not do for the callers of these.
 * @param ours docc's Service; null where the application has no ports
 */
export function leaveServices(
  services: readonly Subject[],
  parts: readonly Part[],
  ours: Json,
  to: Remarks,
): void {
  const [main, ...others] = services;
  if (main === undefined) {
    return;
  }
  if (ours === null) {
    to.leaveWhole(main, [], "docc makes a Service for the ports of containers, and there is none.");
  } else {
    leaveService(main, parts, ours, to);
  }
  for (const other of others) {
    const why = "docc makes one Service, with the ports of all containers.";
    to.leaveWhole(other, [], why);
  }
}

function leaveService(subject: Subject, parts: readonly Part[], ours: Json, to: Remarks): void {
  leaveRest(subject, serviceFields, ours, to);
  leaveMetadata(subject, ["metadata"], { ours: at(ours, "metadata") }, to);
  const name = nameOf(ours) ?? "";
  if (nameOf(subject.value) !== name) {
    const why = `docc's Service is called ${quoted(name)}: its callers need that name.`;
    to.leave(subject, ["metadata", "name"], why);
  }
  if (at(subject.value, "spec", "clusterIP") === "None") {
    const why = "docc's Service has an address, and its name does not resolve to pods.";
    to.leave(subject, ["spec", "clusterIP"], why);
  }
  listAt(subject.value, "spec", "ports").forEach((entry, index) => {
    leavePort(entry, ours, parts, (step, why) =>
      to.leave(subject, ["spec", "ports", index, ...step], why),
    );
  });
}

function leavePort(
  entry: Json,
  ours: Json,
  parts: readonly Part[],
  leave: (step: readonly string[], why: string) => void,
): void {
  const target = targetOf(entry, parts);
  const protocol = textAt(entry, "protocol") ?? "TCP";
  const docc = listAt(ours, "spec", "ports").find(
    (each) => at(each, "targetPort") === target && at(each, "protocol") === protocol,
  );
  if (docc === undefined) {
    leave([], "It leads to no port that a container has in the manifest.");
    return;
  }
  if (at(entry, "port") !== at(docc, "port")) {
    const [was, is] = [numberAt(entry, "port"), numberAt(docc, "port")];
    leave(["port"], `docc's Service answers at the container's own port: ${is} and not ${was}.`);
  }
  const name = textAt(entry, "name") ?? "";
  if (name !== "" && name !== at(docc, "name")) {
    leave(
      ["name"],
      `The port is called ${quoted(textAt(docc, "name") ?? "")}, as the container's.`,
    );
  }
}
