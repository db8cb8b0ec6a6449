import { isObject } from "./json.ts";
import { bodyOf, type Call, json, type Reply } from "./reply.ts";

const reviews: { readonly [path: string]: { readonly [field: string]: boolean | object } } = {
  "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": { allowed: true },
  "/apis/authorization.k8s.io/v1/subjectaccessreviews": { allowed: true },
  "/apis/authentication.k8s.io/v1/selfsubjectreviews": {
    userInfo: { username: "embedded-admin", groups: ["system:masters", "system:authenticated"] },
  },
};

/** Access reviews: everybody is the administrator of an embedded cluster, which has no RBAC. */
export function review(call: Call): Reply | undefined {
  const status = reviews[call.path];
  if (status === undefined || call.method !== "POST") return undefined;
  const body = bodyOf(call);
  return json(
    { ...(isObject(body) ? body : {}), status: { ...status } as { allowed: boolean } },
    201,
  );
}
