import type { KubeApi } from "./api.ts";
import { secrets } from "./kinds.ts";

const key = ".dockerconfigjson";

/**
 * The logins in an environment's pull secrets, as texts of Docker's config.json. A Secret that is not
 * there, or of another type, holds none. The texts are credentials: they go to the registry edge alone.
 * https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export async function readPullSecrets(
  api: KubeApi,
  namespace: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => api.find(secrets, { namespace, name })));
  return found.flatMap((secret) => {
    const encoded = secret?.data?.[key];
    return encoded === undefined ? [] : [Buffer.from(encoded, "base64").toString()];
  });
}
