import { isKubeError } from "../k8s/errors.ts";
import type { Records } from "../k8s/records.ts";
import { applicationName } from "../release/names.ts";
import type { Application, ApplicationStatus, ObjectRef } from "../release/release.ts";

const empty: ApplicationStatus = { nextRevision: 1, inventory: [] };
const mostTries = 5;

/** Reads the head of an app, changes it by compare-and-swap, and reads again when somebody was first. */
async function swap(
  records: Records,
  app: string,
  environment: string,
  change: (status: ApplicationStatus) => ApplicationStatus | undefined,
): Promise<Application> {
  const name = applicationName(app, environment);
  for (let tries = 1; ; tries += 1) {
    const head = await records.application(name, { app, environment });
    const next = change(head.status ?? empty);
    if (next === undefined) return head;
    try {
      return await records.writeApplication(head, next);
    } catch (error) {
      if (tries >= mostTries || !isKubeError(error, "conflict")) throw error;
    }
  }
}

/**
 * Makes a release the only one that may act on its app, if no other is.
 * @returns the head: `status.inFlight` says who acts
 */
export function claim(
  records: Records,
  app: string,
  environment: string,
  release: string,
): Promise<Application> {
  return swap(records, app, environment, (status) =>
    status.inFlight === undefined ? { ...status, inFlight: release } : undefined,
  );
}

/** Gives a release its revision and notes what it is about to make; the same release gets the same. */
export function begin(
  records: Records,
  app: string,
  environment: string,
  about: {
    readonly release: string;
    readonly manifest: string;
    readonly inventory: readonly ObjectRef[];
  },
): Promise<Application> {
  return swap(records, app, environment, (status) => {
    if (status.applied?.release === about.release) return undefined;
    const { release, manifest } = about;
    return {
      ...status,
      applied: { release, manifest, revision: status.nextRevision },
      nextRevision: status.nextRevision + 1,
      inventory: union(status.inventory, about.inventory),
    };
  });
}

/** Lets the next release go ahead; a success becomes what a rollback returns to. */
export function finish(
  records: Records,
  app: string,
  environment: string,
  release: string,
  succeeded: boolean,
): Promise<Application> {
  return swap(records, app, environment, ({ inFlight, ...status }) => {
    if (inFlight !== release) return undefined;
    const { applied } = status;
    const isCurrent = succeeded && applied?.release === release;
    return isCurrent ? { ...status, current: applied } : status;
  });
}

function union(known: readonly ObjectRef[], added: readonly ObjectRef[]): readonly ObjectRef[] {
  const keyOf = ({ apiVersion, kind, namespace, name }: ObjectRef): string =>
    [apiVersion, kind, namespace, name].join("/");
  return [...new Map([...known, ...added].map((ref) => [keyOf(ref), ref])).values()];
}
