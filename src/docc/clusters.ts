import { systemClock } from "../clock.ts";
import type { DoccOptions } from "../docc.ts";
import { createApi, type KubeApi } from "../k8s/api.ts";
import { connect, type Connection } from "../k8s/connection.ts";

export interface Clusters {
  /** The API of a context of the kubeconfig, undefined: the current one. For what every replica does. */
  readonly at: (context: string | undefined) => KubeApi;
  /** The same, for what only the leader does: its writes leave only while `mayWrite` does not throw. */
  readonly led: (context: string | undefined) => KubeApi;
  /** A connection that is shared with nobody; each attempt of a request has `requestTimeoutMs`. */
  readonly apart: (context: string | undefined, requestTimeoutMs: number) => KubeApi;
  readonly close: () => Promise<void>;
}

interface Door {
  readonly at: KubeApi;
  readonly led: KubeApi;
}

/** One connection for each context, however many environments share it. */
export function openClusters(
  { kubeconfig, random }: Pick<DoccOptions, "kubeconfig" | "random">,
  mayWrite: () => void,
): Clusters {
  const connections: Connection[] = [];
  const doors = new Map<string, Door>();
  const open = (context: string | undefined, requestTimeoutMs?: number): Connection => {
    const connection = connect({
      ...(kubeconfig.path === undefined ? {} : { kubeconfigPath: kubeconfig.path }),
      ...(kubeconfig.text === undefined ? {} : { kubeconfigText: kubeconfig.text }),
      ...(context === undefined ? {} : { context }),
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
      clock: systemClock,
      random,
    });
    connections.push(connection);
    return connection;
  };
  const door = (context: string | undefined): Door => {
    const key = context ?? "";
    const known = doors.get(key);
    if (known !== undefined) return known;
    const connection = open(context);
    const made = { at: createApi(connection), led: createApi(connection, { mayWrite }) };
    doors.set(key, made);
    return made;
  };
  return {
    at: (context) => door(context).at,
    led: (context) => door(context).led,
    apart: (context, requestTimeoutMs) => createApi(open(context, requestTimeoutMs)),
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
