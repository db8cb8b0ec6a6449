import type { Field } from "./fields.ts";

export const text: Field = { said: "string" };
export const number: Field = { said: "number" };
export const any: Field = { said: "any" };

/** Labels, annotations and owners: metadata.ts. The rest is what the API server keeps. */
const metadata: Field = {
  members: {
    name: text,
    namespace: text,
    labels: { said: "object" },
    annotations: { said: "object" },
    ownerReferences: { said: "list" },
    uid: any,
    resourceVersion: any,
    generation: any,
    creationTimestamp: any,
    managedFields: any,
    selfLink: any,
    generateName: any,
    finalizers: { why: "Whoever set this finalizer acts before the object can be deleted." },
    deletionTimestamp: { why: "It is being deleted." },
    deletionGracePeriodSeconds: any,
  },
};

/** An object with these fields of its spec. */
export function objectFields(spec: Readonly<Record<string, Field>>): Field {
  return {
    members: { apiVersion: text, kind: text, status: any, metadata, spec: { members: spec } },
  };
}
