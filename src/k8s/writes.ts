import { DoccError } from "../errors.ts";
import { parseAnswer, storedObject } from "./answers.ts";
import type { KubeApi, WriteOptions } from "./api.ts";
import type { Call } from "./calls.ts";
import type { Operation } from "./errors.ts";
import { apiVersionOf, describe, type Kind, kindOf, pathOf, type Place } from "./kinds.ts";
import type { KubeObject, Ref, Stored } from "./objects.ts";
import { secretsIn } from "./redact.ts";
import type { HttpRequest } from "./transport.ts";

type Writes = Pick<KubeApi, "create" | "replace" | "apply" | "patch" | "delete">;

export function createWrites(call: Call): Writes {
  return {
    create: async (kind, object, options) =>
      write(call, kind, collectionOf(object.metadata), create, typed(kind, object), options),
    replace: async (kind, object, options) => {
      if (object.metadata.resourceVersion === "") {
        throw new DoccError("bad-input", "A replacement needs the resource version that was read.");
      }
      const place = placeOf(object.metadata, options?.subresource);
      return write(call, kind, place, replace, typed(kind, object), options);
    },
    apply: async (object, options) =>
      write(
        call,
        knownKind(object),
        placeOf(object.metadata, options.subresource),
        apply,
        object,
        options,
      ),
    patch: async (kind, ref, patch, options) =>
      write(call, kind, placeOf(ref, options?.subresource), merge, patch, options),
    delete: async (kind, ref, options = {}) => {
      const { uid, resourceVersion, propagationPolicy, dryRun, as } = options;
      const operation = { name: `delete ${describe(kind, ref)}`, writes: dryRun !== true };
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid, resourceVersion },
        propagationPolicy,
        dryRun: dryRun === true ? ["All"] : undefined,
      };
      await call({ operation, method: "DELETE", path: pathOf(kind, ref), body, as }, options);
    },
  };
}

/** How a verb travels. */
type Verb = Pick<HttpRequest, "method" | "contentType"> & { readonly name: string };

const create: Verb = { name: "create", method: "POST" };
const replace: Verb = { name: "replace", method: "PUT" };
/** JSON is YAML: https://yaml.org/spec/1.2.2/#12-yaml-history */
const apply: Verb = { name: "apply", method: "PATCH", contentType: "application/apply-patch+yaml" };
const merge: Verb = { name: "patch", method: "PATCH", contentType: "application/merge-patch+json" };

async function write<T extends KubeObject>(
  call: Call,
  kind: Kind<T>,
  place: Place,
  verb: Verb,
  body: unknown,
  options: WriteOptions & { readonly force?: boolean } = {},
): Promise<Stored<T>> {
  const operation: Operation = {
    name: `${verb.name} ${describe(kind, place)}`,
    writes: options.dryRun !== true,
    secrets: () => secretsIn(body),
  };
  const query = {
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation ?? "Strict",
    force: options.force,
    dryRun: options.dryRun === true ? "All" : undefined,
  };
  const { method, contentType } = verb;
  const request = {
    operation,
    method,
    contentType,
    path: pathOf(kind, place),
    query,
    body,
    as: options.as,
  };
  const answer = parseAnswer(operation, await call(request, options));
  return storedObject(operation, kind, answer, { keepManagedFields: true });
}

/** The object with the kind that the API server wants to read in it. */
function typed<T extends KubeObject>(kind: Kind<T>, object: T): T {
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

function knownKind<T extends KubeObject>({ apiVersion = "", kind = "none" }: T): Kind<T> {
  const known = kindOf(apiVersion, kind);
  if (known === undefined) {
    throw new DoccError("bad-input", `docc applies no objects of kind ${kind}.`);
  }
  return known as Kind<T>;
}

function collectionOf(metadata: KubeObject["metadata"]): Place {
  return metadata?.namespace === undefined ? {} : { namespace: metadata.namespace };
}

function placeOf(metadata: KubeObject["metadata"] | Ref, subresource?: string): Place {
  if (metadata?.name === undefined) {
    throw new DoccError("bad-input", "The object has no name.");
  }
  const { name, namespace } = metadata;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
