import type { Path } from "../problem.ts";
import { isPort } from "../rules/ports.ts";
import { at, type Json, listAt, textAt } from "./json.ts";
import type { Remarks, Subject } from "./remarks.ts";

/** Where the pod of a Deployment stands. */
export const podPath = ["spec", "template", "spec"] as const;

/** A container of a live Deployment. */
export interface Part {
  /** Its name in the manifest. */
  readonly name: string;
  readonly value: Json;
  /** The Deployment. */
  readonly subject: Subject;
  /** Where it stands in the Deployment. */
  readonly path: Path;
}

/** Lists something of a container. */
export function leaveOf({ subject, path }: Part, to: Remarks, below: Path, why: string): void {
  to.leave(subject, [...path, ...below], why);
}

/** The same with all that is in it. */
export function leaveWholeOf({ subject, path }: Part, to: Remarks, below: Path, why: string): void {
  to.leaveWhole(subject, [...path, ...below], why);
}

/** The port that a container declares under a name. */
export function portNamed({ value }: Part, name: string): number | undefined {
  const found = listAt(value, "ports").find((port) => textAt(port, "name") === name);
  const port = at(found, "containerPort");
  return isPort(port) ? port : undefined;
}
