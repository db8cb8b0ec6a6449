import type { Clock } from "../clock.ts";
import type { ObjectMeta } from "../release/release.ts";
import type { KubeApi } from "./api.ts";
import { isAbsence } from "./errors.ts";
import type { Kind } from "./kinds.ts";
import type { OpaqueObject, Stored } from "./objects.ts";
import { reflect } from "./reflector.ts";

/** A local copy of the records of one kind that came from outside Slack. */
export interface AskedCache<Asked> {
  get(name: string): Asked | undefined;
  /** Whether it was there already, and had no answer, when the copy was first made. */
  wasThere(name: string): boolean;
  stop(): Promise<void>;
}

export function openAskedCache<
  Asked extends { readonly metadata: ObjectMeta; readonly status?: unknown },
>(options: {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly kind: Kind<OpaqueObject>;
  readonly project: (object: Stored<OpaqueObject>) => Asked;
  readonly onAsked: (name: string) => void;
  /** Hears of every list and watch that failed, but of one and the same absence once; they go on by themselves. */
  readonly onError: (error: Error) => void;
}): AskedCache<Asked> {
  const { api, kind, namespace, clock, random, project } = options;
  let isAbsent = false;
  let isListed = false;
  const first = new Set<string>();
  const copy = reflect(api, kind, {
    namespace,
    clock,
    random,
    project,
    onChange: ({ value }) => {
      isAbsent = false;
      if (!isListed && value.status === undefined) first.add(value.metadata.name);
      options.onAsked(value.metadata.name);
    },
    onError: (error) => {
      // An installation from before there was the kind goes on without it.
      if (!isAbsent || !isAbsence(error)) options.onError(error);
      isAbsent = isAbsence(error);
    },
  });
  void copy.synced().then(
    () => (isListed = true),
    () => undefined,
  );
  return {
    get: (name) => copy.get(`${namespace}/${name}`),
    wasThere: (name) => first.has(name),
    stop: () => copy.stop(),
  };
}
