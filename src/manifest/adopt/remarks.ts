import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { type Path, pathText } from "../problem.ts";
import { type Json, textAt } from "./json.ts";

/** Something of a live object that the manifest does not say. */
export interface NotExpressed {
  /** The object and the place in it: `Deployment/web spec.template.spec.nodeSelector`. */
  readonly path: string;
  /** One plain sentence, safe to show. */
  readonly why: string;
}

/** A live object under its name for people. */
export interface Subject {
  readonly title: string;
  readonly value: Json;
}

const LONGEST_NAME = 80;

export function subjectOf(value: Json): Subject {
  return { title: `${shown(textAt(value, "kind"))}/${shown(nameOf(value))}`, value };
}

export function nameOf(object: Json): string | undefined {
  return textAt(object, "metadata", "name");
}

/** Whether docc made an object. */
export function isOfDocc({ value }: Subject): boolean {
  return textAt(value, "metadata", "labels", "app.kubernetes.io/managed-by") === "docc";
}

function shown(name: string | undefined): string {
  return cap(oneLine(name ?? ""), LONGEST_NAME) || "?";
}

interface Left {
  readonly title: string;
  readonly path: Path;
  readonly shown: NotExpressed;
}

/** The Deployment first. */
function inOrder(left: Left, right: Left): number {
  const rank = ({ title }: Left): string => `${title.startsWith("Deployment/") ? 0 : 1}${title}`;
  return compare(rank(left), rank(right)) || comparePaths(left.path, right.path);
}

function comparePaths(left: Path, right: Path): number {
  const at = left.findIndex((step, index) => step !== right[index]);
  const [mine, other] = [left[at], right[at]];
  return at === -1 || mine === undefined || other === undefined
    ? left.length - right.length
    : compare(mine, other);
}

function compare(left: string | number, right: string | number): number {
  if (typeof left === "number" && typeof right === "number") {
    return left - right;
  }
  return left === right ? 0 : String(left) < String(right) ? -1 : 1;
}

/** What is to be said about an adoption, collected on the way. */
export class Remarks {
  readonly #left = new Map<string, Left>();
  /** Places of which nothing more is to be said. */
  readonly #settled = new Set<string>();
  readonly #notes = new Set<string>();

  /** Lists that something is left out with all that is in it. */
  leaveWhole(subject: Subject, path: Path, why: string): void {
    this.leave(subject, path, why);
    this.settle(subject, path);
  }

  /** Keeps what is in something out of the list: it is listed elsewhere that it is left out. */
  settle({ title }: Subject, path: Path): void {
    this.#settled.add(JSON.stringify([title, ...path]));
  }

  /** Lists what the manifest does not say; the same once. */
  leave({ title }: Subject, path: Path, why: string): void {
    const place = path.length === 0 ? title : `${title} ${pathText(path)}`;
    this.#left.set(`${place}\n${why}`, { title, path, shown: { path: place, why } });
  }

  /** A sentence about what will be otherwise under docc. */
  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  /** Object by object, and in each as its fields stand in the order of their names. */
  get notExpressed(): readonly NotExpressed[] {
    return [...this.#left.values()]
      .filter((each) => !this.#isSettled(each))
      .toSorted(inOrder)
      .map(({ shown }) => shown);
  }

  #isSettled({ title, path }: Left): boolean {
    return path.some((_, index) =>
      this.#settled.has(JSON.stringify([title, ...path.slice(0, index)])),
    );
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }
}
