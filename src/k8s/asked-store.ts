import type { ObjectMeta } from "../release/release.ts";
import type { KubeApi } from "./api.ts";
import { isAbsence } from "./errors.ts";
import { commands, decisions, type Kind } from "./kinds.ts";
import type { OpaqueObject } from "./objects.ts";
import { asCommand, asDecision } from "./records.ts";

const kinds = [
  { kind: decisions, project: asDecision },
  { kind: commands, project: asCommand },
] as const;

/** A record that came from outside Slack, and when docc answered it. */
export interface Asked {
  readonly kind: Kind<OpaqueObject>;
  readonly metadata: ObjectMeta;
  readonly status?: { readonly at: string };
}

/** What came from outside Slack, whether or not it is answered. */
export interface AskedStore {
  /** A kind that is not there, or that docc may not list, has none. */
  all(): Promise<readonly Asked[]>;
  delete(asked: Asked): Promise<void>;
}

export function createAskedStore(api: KubeApi, namespace: string): AskedStore {
  const list = async ({ kind, project }: (typeof kinds)[number]): Promise<readonly Asked[]> => {
    try {
      const { items } = await api.listAll(kind, { namespace });
      return items.map((object) => ({ kind, ...project(object) }));
    } catch (error) {
      if (isAbsence(error)) return [];
      throw error;
    }
  };
  return {
    all: async () => (await Promise.all(kinds.map(list))).flat(),
    delete: ({ kind, metadata: { name, uid } }) => api.delete(kind, { namespace, name }, { uid }),
  };
}
