import { DoccError } from "../errors.ts";
import type { Adoptable } from "../manifest/adopt/asked.ts";
import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import type { KubeApi } from "./api.ts";
import type { CallOptions } from "./calls.ts";
import { isKubeError } from "./errors.ts";
import {
  certificates,
  deployments,
  horizontalPodAutoscalers,
  httpRoutes,
  ingresses,
  type Kind,
  listenerSets,
  podDisruptionBudgets,
  services,
  tlsRoutes,
} from "./kinds.ts";

/** Kinds of which something may belong to a Deployment. */
const around: readonly Kind[] = [
  services,
  ingresses,
  httpRoutes,
  tlsRoutes,
  listenerSets,
  horizontalPodAutoscalers,
  podDisruptionBudgets,
  certificates,
];

/**
 * Reads a Deployment and what is around it.
 * @throws DoccError `not-found` with the nearest name, `not-allowed`, or a KubeError
 */
export async function readAdoptable(
  api: KubeApi,
  namespace: string,
  name: string,
  options: CallOptions = {},
): Promise<Adoptable> {
  const deployment = await find(api, namespace, name, options);
  const lists = await Promise.all(around.map((kind) => list(api, kind, namespace, options)));
  return {
    deployment,
    objects: lists.flatMap((items) => items ?? []),
    unread: around.filter((_, index) => lists[index] === undefined).map(({ kind }) => kind),
  };
}

async function find(
  api: KubeApi,
  namespace: string,
  name: string,
  options: CallOptions,
): Promise<unknown> {
  try {
    const found = await api.find(deployments, { namespace, name }, options);
    if (found !== undefined) {
      return found;
    }
  } catch (error) {
    throw isKubeError(error, "forbidden") ? notAllowed(namespace) : error;
  }
  throw await notFound(api, namespace, name, options);
}

function notAllowed(namespace: string): DoccError {
  return new DoccError(
    "not-allowed",
    `You may not read Deployments in the namespace ${quoted(namespace)}.`,
    { hint: "Ask for the role view there, or give another --context." },
  );
}

async function notFound(
  api: KubeApi,
  namespace: string,
  name: string,
  options: CallOptions,
): Promise<DoccError> {
  const all = await list(api, deployments, namespace, options);
  const names = all?.flatMap(({ metadata }) => metadata?.name ?? []) ?? [];
  const meant = nearest(name, names);
  const where = all?.length === 0 ? "The namespace has none at all: is it another one, -n?" : "";
  const hint = meant === undefined ? where : `Did you mean ${quoted(meant)}?`;
  return new DoccError(
    "not-found",
    `There is no Deployment ${quoted(name)} in the namespace ${quoted(namespace)}.`,
    { hint: hint === "" ? "`kubectl get deployments` lists them." : hint },
  );
}

/** None of a kind that is not served; undefined of one that may not be listed. */
async function list(api: KubeApi, kind: Kind, namespace: string, options: CallOptions) {
  try {
    return (await api.listAll(kind, { ...options, namespace })).items;
  } catch (error) {
    if (isKubeError(error, "not-served")) return [];
    if (isKubeError(error, "forbidden")) return undefined;
    throw error;
  }
}
