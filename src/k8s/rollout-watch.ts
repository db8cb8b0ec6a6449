import type { Clock } from "../clock.ts";
import type { Observation } from "../release/observation.ts";
import type { KubeApi } from "./api.ts";
import {
  certificates,
  deployments,
  endpointSlices,
  events,
  type Kind,
  pods,
  replicaSets,
} from "./kinds.ts";
import { observationOf, ofRelease, selectorOf, type Subject } from "./look.ts";
import type { KubeObject, Stored } from "./objects.ts";
import { reflect, type Reflector } from "./reflector.ts";

/** A live picture of one app's rollout, kept up to date by watches. */
export interface RolloutWatch {
  /** Undefined until every part has been listed once. */
  observation(): Observation | undefined;
  stop(): Promise<void>;
}

export interface WatchPlace {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of every list and watch that failed; they go on by themselves. */
  readonly onError: (error: Error) => void;
}

/**
 * Watches what one rollout consists of, and nothing else: docc keeps no copy of all pods
 * (facts/kubernetes.md section 5). `onChange` is called after every change and once when complete.
 */
export function followRollout(
  place: WatchPlace,
  subject: Subject,
  onChange: () => void,
): RolloutWatch {
  const { app } = subject;
  const { api, namespace, clock, random, onError } = place;
  const stopping = new AbortController();
  const keep = <T extends KubeObject>(
    kind: Kind<T>,
    selectors: { readonly labelSelector?: string; readonly fieldSelector?: string },
  ): Reflector<Stored<T>> =>
    reflect(api, kind, {
      namespace,
      ...selectors,
      project: (object: Stored<T>) => object,
      onChange,
      onError,
      clock,
      random,
      signal: stopping.signal,
    });
  const mine = { labelSelector: selectorOf(app) };
  const parts = {
    deployments: keep(deployments, { fieldSelector: `metadata.name=${app}` }),
    replicaSets: keep(replicaSets, mine),
    pods: keep(pods, mine),
    events: keep(events, { fieldSelector: "type=Warning" }),
    slices: keep(endpointSlices, { labelSelector: `kubernetes.io/service-name=${app}` }),
  };
  // Only where the app has some: a cluster without cert-manager serves none.
  const issued = subject.certificates.length > 0 ? keep(certificates, mine) : undefined;
  const all = [...Object.values(parts), ...(issued === undefined ? [] : [issued])];
  let complete = false;
  Promise.all(all.map((each) => each.synced())).then(
    () => {
      complete = true;
      onChange();
    },
    () => undefined,
  );

  return {
    observation: () =>
      complete
        ? observationOf({
            deployment: parts.deployments.values()[0],
            replicaSets: parts.replicaSets.values(),
            pods: parts.pods.values(),
            events: parts.events.values(),
            slices: parts.slices.values(),
            certificates: ofRelease(issued?.values() ?? [], subject),
          })
        : undefined,
    stop: async () => {
      stopping.abort();
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}
