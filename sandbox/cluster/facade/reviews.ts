import { isObject, type JsonObject } from "./json.ts";
import { bodyOf, type Call, contentTypeOf, json, type Reply } from "./reply.ts";

interface Review {
  readonly kind: string;
  readonly status: JsonObject;
}

const allowed: JsonObject = { allowed: true };

const reviews: { readonly [path: string]: Review } = {
  "authorization.k8s.io/v1/selfsubjectaccessreviews": {
    kind: "SelfSubjectAccessReview",
    status: allowed,
  },
  "authorization.k8s.io/v1/subjectaccessreviews": { kind: "SubjectAccessReview", status: allowed },
  "authentication.k8s.io/v1/selfsubjectreviews": {
    kind: "SelfSubjectReview",
    status: {
      userInfo: { username: "embedded-admin", groups: ["system:masters", "system:authenticated"] },
    },
  },
};

/**
 * Access reviews: everybody is the administrator of an embedded cluster, which has no RBAC. What was
 * asked does not matter, so that kubectl may ask in protobuf.
 */
export function review(call: Call): Reply | undefined {
  const found = reviews[call.path.replace(/^\/apis\//, "")];
  if (found === undefined || call.method !== "POST") return undefined;
  const { kind, status } = found;
  const asked = contentTypeOf(call).includes("protobuf") ? undefined : bodyOf(call);
  const apiVersion = call.path.split("/").slice(2, 4).join("/");
  return json({ ...(isObject(asked) ? asked : {}), apiVersion, kind, metadata: {}, status }, 201);
}
