import type { KubeApi } from "./api.ts";
import type { CallOptions } from "./calls.ts";
import { isAmbiguous, isKubeError } from "./errors.ts";
import type { Kind } from "./kinds.ts";
import type { OpaqueObject } from "./objects.ts";

/** What is stored, under a name that is its caller's alone. */
interface Created {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

/**
 * Creates a record, and looks it up where only the answer may be lost: who reads its name knows that it is stored.
 * @returns false when one of this name was there before
 * @throws KubeError of the write where nothing is stored, of the look where nobody can tell
 */
export async function createOnce(
  api: Pick<KubeApi, "create" | "find">,
  kind: Kind<OpaqueObject>,
  object: OpaqueObject & Created,
  options: CallOptions = {},
): Promise<boolean> {
  try {
    await api.create(kind, object, options);
    return true;
  } catch (error) {
    if (isKubeError(error, "already-exists")) return false;
    if (!isAmbiguous(error)) throw error;
    const { namespace, name } = object.metadata;
    const found = await api.find(kind, { namespace, name }, options);
    if (found === undefined) throw error;
    return true;
  }
}
