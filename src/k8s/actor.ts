import { DoccError } from "../errors.ts";

/** For whom something is done, as far as the API server shall know. */
export interface ActorParts {
  /** User name at the API server. */
  readonly user: string;
  readonly groups: readonly string[];
  /** What the audit log shall know besides, by keys such as `docc.dev/slack-user`. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Printable ASCII without space at the ends: it goes into headers as it is. */
const sound = /^[\x21-\x7e]([\x20-\x7e]{0,251}[\x21-\x7e])?$/;

/**
 * Somebody for whom docc acts, by impersonation. There is one way to make one, and it refuses everything
 * empty: an empty Impersonate-User is no impersonation to the API server, and would be done with docc's own
 * rights. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export class Actor {
  readonly #parts: ActorParts;

  private constructor(parts: ActorParts) {
    this.#parts = parts;
  }

  /** @throws DoccError `not-allowed` for a name that is empty, or that the cluster itself goes by */
  static of(parts: ActorParts): Actor {
    const { user, groups, extra } = parts;
    const texts = [user, ...groups, ...Object.keys(extra), ...Object.values(extra)];
    const isOfSystem = isReserved(user) || groups.some((group) => prefix.test(group));
    if (!texts.every((text) => sound.test(text)) || isOfSystem) {
      throw new DoccError("not-allowed", "docc does not know for whom it acts, and does nothing.", {
        hint: "An operator has to look at `impersonate` and `people` in docc.yaml.",
      });
    }
    return new Actor({ user, groups: [...groups], extra: { ...extra } });
  }

  get user(): string {
    return this.#parts.user;
  }

  /** Header fields of a request; whatever is not an Actor has none and throws. */
  headers(): Readonly<Record<string, string | string[]>> {
    const { user, groups, extra } = this.#parts;
    const extras = Object.entries(extra).map(([key, value]) => [
      `Impersonate-Extra-${encodeURIComponent(key)}`,
      value,
    ]);
    return {
      "Impersonate-User": user,
      ...(groups.length === 0 ? {} : { "Impersonate-Group": [...groups] }),
      ...(Object.fromEntries(extras) as Record<string, string>),
    };
  }
}

const prefix = /^system:/i;

/** CI goes by a service account; whatever else begins like that is a part of the cluster. */
function isReserved(user: string): boolean {
  return prefix.test(user) && !/^system:serviceaccount:[^:]+:[^:]+$/.test(user);
}
