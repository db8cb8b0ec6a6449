import type { Text } from "./bytes.ts";
import { badAnswerError, KubeError, type Operation } from "./errors.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { KubeObject, Stored } from "./objects.ts";
import { isRecord } from "./redact.ts";

/** The JSON of an answer. A cut answer is `too-big`, because half an object is none. */
export function parseAnswer(operation: Operation, answer: Text): unknown {
  if (answer.truncated) {
    throw new KubeError("too-big", `The answer is larger than docc reads: ${operation.name}.`);
  }
  try {
    return JSON.parse(answer.text);
  } catch {
    throw badAnswerError(operation, "something that is not JSON");
  }
}

/**
 * Trusts the API server for the fields of its own schema, but not a proxy's page for an object: an
 * answer without a name and a uid is refused. Items of a list get the kind that they lack there.
 */
export function storedObject<T extends KubeObject>(
  operation: Operation,
  kind: Kind<T>,
  value: unknown,
  options: { readonly keepManagedFields: boolean },
): Stored<T> {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  if (!isRecord(value) || !isRecord(metadata) || !hasIdentity(metadata, kind)) {
    throw badAnswerError(operation, `something that is not a ${kind.kind}`);
  }
  value["apiVersion"] ??= apiVersionOf(kind);
  value["kind"] ??= kind.kind;
  metadata["resourceVersion"] ??= "";
  if (!options.keepManagedFields) {
    delete metadata["managedFields"];
  }
  return value as unknown as Stored<T>;
}

function hasIdentity({ name, uid }: Record<string, unknown>, { isComputed }: Kind): boolean {
  return typeof name === "string" && (isComputed === true || typeof uid === "string");
}

export interface ListAnswer<T extends KubeObject> {
  readonly items: Stored<T>[];
  readonly resourceVersion: string;
  /** Where the next page begins; "" after the last one. */
  readonly continueToken: string;
}

export function storedList<T extends KubeObject>(
  operation: Operation,
  kind: Kind<T>,
  value: unknown,
  options: { readonly keepManagedFields: boolean },
): ListAnswer<T> {
  const items = isRecord(value) ? value["items"] : undefined;
  const metadata = isRecord(value) && isRecord(value["metadata"]) ? value["metadata"] : {};
  const { resourceVersion = kind.isComputed === true ? "" : undefined, continue: token } = metadata;
  if (!Array.isArray(items) || typeof resourceVersion !== "string") {
    throw badAnswerError(operation, `something that is not a list of ${kind.plural}`);
  }
  return {
    items: items.map((item: unknown) => storedObject(operation, kind, item, options)),
    resourceVersion,
    continueToken: typeof token === "string" ? token : "",
  };
}
