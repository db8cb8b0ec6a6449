import type { Clock } from "../../../src/clock.ts";
import type { LogBook } from "../logs.ts";
import type { Catalogue } from "./definitions.ts";
import { deletedStatus } from "./deletion.ts";
import { isObject, type Json, type JsonObject, type KubeObject } from "./json.ts";
import { staticPage } from "./pages.ts";
import { jsonPatch, mergePatch, strategicMergePatch } from "./patch.ts";
import { logRequest } from "./podlogs.ts";
import { list, selection } from "./query.ts";
import {
  bodyOf,
  type Call,
  contentTypeOf,
  failure,
  fieldManagerOf,
  json,
  type Reply,
  text,
} from "./reply.ts";
import type { Rest, Target, WriteOptions, Written } from "./rest.ts";
import { review } from "./reviews.ts";
import { type Route, routeOf } from "./route.ts";
import { fromScale, scaleOf } from "./scale.ts";
import { formOf, type Shape, shapeList, shapeObject } from "./shape.ts";
import { ApiError, invalid } from "./status.ts";
import type { Store } from "./store.ts";
import { Watch } from "./watch.ts";

export interface Parts {
  readonly store: Store;
  readonly rest: Rest;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logs: LogBook;
  /** Open watches, so that they can be dropped all at once. */
  readonly watches: Set<Watch>;
}

const methodNotAllowed = (): ApiError =>
  new ApiError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );

/** Answers one request; every failure becomes a Status. */
export async function answer(call: Call, parts: Parts): Promise<Reply> {
  try {
    const page = staticPage(call, parts.catalogue) ?? review(call);
    if (page !== undefined) return page;
    const route = routeOf(call.path, parts.catalogue);
    return route === undefined
      ? text("404 page not found\n", 404)
      : await resourceReply(call, route, parts);
  } catch (error) {
    if (error instanceof ApiError) return failure(error);
    const message = error instanceof Error ? error.message : "unknown failure";
    return failure(new ApiError("InternalError", `Internal error occurred: ${message}`));
  }
}

async function resourceReply(call: Call, route: Route, parts: Parts): Promise<Reply> {
  const { resource, namespace, name, subresource } = route;
  if (name === undefined) return collection(call, route, parts);
  if (subresource === "log") return podLog(call, route, parts);
  if (subresource === "eviction" && call.method === "POST") {
    await parts.rest.delete({ resource, namespace, name, subresource: undefined }, {}, false);
    return json(
      { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
      201,
    );
  }
  if (subresource === "scale" && resource.hasScale) return scale(call, { ...route, name }, parts);
  if (subresource !== undefined && !(subresource === "status" && resource.hasStatus)) {
    throw new ApiError("NotFound", "the server could not find the requested resource");
  }
  const target = {
    resource,
    namespace,
    name,
    subresource: subresource === "status" ? subresource : undefined,
  } as const;
  return single(call, target, parts);
}

const shapeFor = (
  call: Call,
  route: { readonly resource: Shape["resource"] },
  { clock }: Parts,
): Shape => ({
  resource: route.resource,
  form: formOf(call.headers.accept),
  include: call.query.get("includeObject") ?? "Metadata",
  now: clock.now(),
});

async function collection(call: Call, route: Route, parts: Parts): Promise<Reply> {
  const { resource, namespace } = route;
  const { store, rest } = parts;
  switch (call.method) {
    case "GET": {
      const watching = call.query.get("watch");
      if (watching === "true" || watching === "1") return watch(call, route, parts);
      return json(
        shapeList(await list(store, resource, namespace, call.query), shapeFor(call, route, parts)),
      );
    }
    case "POST": {
      if (resource.namespaced && namespace === undefined) throw methodNotAllowed();
      const object = await rest.create(resource, namespace, bodyOf(call) ?? null, optionsOf(call));
      return json(shapeObject(object, shapeFor(call, route, parts)), 201);
    }
    case "DELETE":
      return deleteCollection(call, route, parts);
    default:
      throw methodNotAllowed();
  }
}

async function deleteCollection(call: Call, route: Route, parts: Parts): Promise<Reply> {
  const { resource, namespace } = route;
  const listing = await list(parts.store, resource, namespace, call.query);
  for (const { metadata } of listing.items) {
    const target = {
      resource,
      namespace: metadata.namespace,
      name: metadata.name,
      subresource: undefined,
    };
    await parts.rest.delete(target, bodyOf(call), optionsOf(call).dryRun);
  }
  return json(shapeList(listing, { ...shapeFor(call, route, parts), form: "object" }));
}

function watch(call: Call, { resource, namespace, name }: Route, parts: Parts): Reply {
  const { query } = call;
  if (name !== undefined) query.set("fieldSelector", `metadata.name=${name}`);
  selection(resource, query);
  const shape = shapeFor(call, { resource }, parts);
  return {
    kind: "stream",
    type: "application/json",
    run: (stream) => {
      const opened = new Watch(
        parts.store,
        parts.clock,
        { resource, namespace, query },
        {
          event: (type, object) =>
            stream.write(`${JSON.stringify({ type, object: shaped(type, object, shape) })}\n`),
          end: () => {
            parts.watches.delete(opened);
            stream.end();
          },
        },
      );
      parts.watches.add(opened);
      stream.onClose(() => opened.stop());
      void opened.start();
    },
  };
}

function shaped(type: string, object: JsonObject, shape: Shape): JsonObject {
  return type === "ERROR" || type === "BOOKMARK"
    ? object
    : shapeObject(object as KubeObject, shape);
}

async function single(call: Call, target: Target, parts: Parts): Promise<Reply> {
  const { rest } = parts;
  const options = optionsOf(call);
  const shape = shapeFor(call, target, parts);
  const written = ({ object, created }: Written): Reply =>
    json(shapeObject(object, shape), created ? 201 : 200);
  switch (call.method) {
    case "GET":
      if (call.query.get("watch") === "true") return watch(call, target, parts);
      return json(shapeObject(await rest.get(target), shape));
    case "PUT":
      return written(await rest.update(target, bodyOf(call) ?? null, options));
    case "PATCH":
      return written(await patched(call, target, rest, options));
    case "DELETE": {
      const { metadata } = await rest.get(target);
      const body = deleteOptions(call);
      const left = await rest.delete(target, body, options.dryRun || dryRunOf(body));
      return json(left ?? deletedStatus(target.resource, metadata));
    }
    default:
      throw methodNotAllowed();
  }
}

/** Options of a delete come in the body, or the query, or both. */
function deleteOptions(call: Call): JsonObject {
  const body = bodyOf(call);
  const grace = call.query.get("gracePeriodSeconds");
  const policy = call.query.get("propagationPolicy");
  return {
    ...(isObject(body) ? body : {}),
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}

const dryRunOf = (body: JsonObject): boolean =>
  Array.isArray(body["dryRun"]) && body["dryRun"].includes("All");

async function patched(
  call: Call,
  target: Target,
  rest: Rest,
  options: WriteOptions,
): Promise<Written> {
  const body = bodyOf(call) ?? null;
  const force = call.query.get("force") === "true";
  const type = contentTypeOf(call);
  if (type === "application/apply-patch+yaml") {
    if (!call.query.get("fieldManager"))
      throw patchOption("fieldManager", "Required value: is required for apply patch");
    return rest.apply(target, body, { ...options, force });
  }
  if (call.query.has("force"))
    throw patchOption("force", "Forbidden: may not be specified for non-apply patch");
  return rest.patch(target, (live) => patchBy(type, live, body, target), options);
}

function patchBy(type: string, live: JsonObject, body: Json, { resource }: Target): Json {
  switch (type) {
    case "application/merge-patch+json":
      return mergePatch(live, body);
    case "application/json-patch+json":
      return jsonPatch(live, body);
    case "application/strategic-merge-patch+json":
      if (resource.builtin) return strategicMergePatch(live, body, resource.structure);
      break;
    default:
  }
  const strategic = resource.builtin ? ["application/strategic-merge-patch+json"] : [];
  const accepted = [
    "application/json-patch+json",
    "application/merge-patch+json",
    ...strategic,
    "application/apply-patch+yaml",
  ];
  const why = "the body of the request was in an unknown format - accepted media types include";
  throw new ApiError("UnsupportedMediaType", `${why}: ${accepted.join(", ")}`);
}

const patchOption = (field: string, message: string): ApiError =>
  invalid({ group: "meta.k8s.io", plural: "", kind: "PatchOptions" }, "", [
    {
      reason: message.startsWith("Required") ? "FieldValueRequired" : "FieldValueForbidden",
      message,
      field,
    },
  ]);

function optionsOf(call: Call): WriteOptions {
  return { fieldManager: fieldManagerOf(call), dryRun: call.query.get("dryRun") === "All" };
}

async function scale(
  call: Call,
  route: Route & { readonly name: string },
  { rest }: Parts,
): Promise<Reply> {
  const target = { ...route, subresource: "scale" } as const;
  const options = optionsOf(call);
  switch (call.method) {
    case "GET":
      return json(scaleOf(await rest.get(target)));
    case "PUT":
    case "PATCH": {
      const body = bodyOf(call) ?? null;
      const change = (live: KubeObject): Json => {
        const before = scaleOf(live);
        const after =
          call.method === "PUT" ? body : patchBy(contentTypeOf(call), before, body, target);
        return fromScale(live, after);
      };
      return json(scaleOf((await rest.patch(target, change, options)).object));
    }
    default:
      throw methodNotAllowed();
  }
}

async function podLog(
  call: Call,
  { resource, namespace, name = "" }: Route,
  parts: Parts,
): Promise<Reply> {
  if (call.method !== "GET" || resource.group !== "" || resource.kind !== "Pod")
    throw methodNotAllowed();
  const pod = await parts.rest.get({ resource, namespace, name, subresource: undefined });
  const wanted = logRequest(pod, call.query, parts.clock.now());
  const printed = wanted.lines(parts.logs).map(wanted.print).join("");
  if (!wanted.follow) return text(printed);
  return {
    kind: "stream",
    type: "text/plain",
    run: (stream) => {
      if (printed !== "") stream.write(printed);
      const stop = parts.logs.follow(wanted.containerId, {
        line: (line) => stream.write(wanted.print(line)),
        end: () => stream.end(),
      });
      stream.onClose(stop);
    },
  };
}
