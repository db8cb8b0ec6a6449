import type { Clock } from "../../clock.ts";
import type { ImageRegistry } from "../../controller/ports.ts";
import type { Resolution, WantedImage } from "../../release/images.ts";
import { nearestTags } from "../../text/nearest-tags.ts";
import type { Resolve } from "./addresses.ts";
import { credentialsFor } from "./credentials.ts";
import { Expiring } from "./expiring.ts";
import { RegistryFailure } from "./failure.ts";
import { createHttp } from "./http.ts";
import { findDigest } from "./manifests.ts";
import { type Hosts, nameOf, originsOf } from "./origins.ts";
import { openSession, type Session } from "./session.ts";
import { listTags } from "./tags.ts";

export interface RegistryOptions {
  readonly hosts: Hosts;
  /** For all images of one plan together, in milliseconds. */
  readonly timeoutMs: number;
  /** Texts of `.dockerconfigjson`; called only when a registry asks for a login. */
  readonly pullSecrets: () => Promise<readonly string[]>;
  /** The time of the wall: for deadlines, tokens and the cache. */
  readonly clock: Clock;
  /** A pull secret that cannot be read; the registry is asked without it. */
  readonly onError: (error: unknown) => void;
  /** The system's resolver unless given. */
  readonly resolve?: Resolve;
}

/** Long enough for a plan that is made again at once; short, because tags move. */
const freshMs = 5_000;
const mostDigests = 1_000;
const mostTokens = 256;
const mostNearest = 3;

/** Registries as one environment reaches them, over the OCI distribution API. */
export function createImageRegistry(
  options: RegistryOptions,
): ImageRegistry & { close(): Promise<void> } {
  const { clock } = options;
  const origins = originsOf(options.hosts);
  const http = createHttp(origins, options);
  const tokens = new Expiring<string>(clock, mostTokens);
  const digests = new Expiring<string>(clock, mostDigests);

  const sessionFor = (repository: string, plan: PlanTime): Session => {
    const base = origins.baseOf(repository);
    if (base === undefined) throw new RegistryFailure("is no host that docc can ask");
    return openSession({
      http,
      origins,
      tokens,
      base,
      name: nameOf(repository),
      logins: async () => credentialsFor(repository, await plan.secrets()),
      signal: plan.signal,
    });
  };

  const look = async (image: WantedImage, plan: PlanTime): Promise<Resolution> => {
    const reference = image.digest ?? image.tag ?? "";
    const key = `${image.repository} ${reference}`;
    const known = digests.get(key);
    if (known !== undefined) return { state: "found", digest: known };
    const session = sessionFor(image.repository, plan);
    const digest = await orTooLate(findDigest(session, reference), plan);
    if (digest === undefined) return missing(session, image, plan);
    digests.set(key, digest, freshMs);
    return { state: "found", digest };
  };

  return {
    resolve: async (images) => {
      const plan = startPlan(options);
      try {
        return await Promise.all(images.map((image) => look(image, plan).catch(unknown)));
      } finally {
        plan.end();
      }
    },
    close: () => http.close(),
  };
}

/** What all images of one plan share. */
interface PlanTime {
  readonly signal: AbortSignal;
  /** Rejects when the time is up. */
  readonly tooLate: Promise<never>;
  readonly secrets: () => Promise<readonly string[]>;
  readonly end: () => void;
}

function startPlan({ clock, timeoutMs, pullSecrets, onError }: RegistryOptions): PlanTime {
  const abort = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  tooLate.catch(() => undefined);
  const cancel = clock.after(timeoutMs, () => {
    reject(new RegistryFailure("does not answer in time"));
    abort.abort();
  });
  let read: Promise<readonly string[]> | undefined;
  return {
    signal: abort.signal,
    tooLate,
    secrets: () => {
      read ??= pullSecrets().catch((error: unknown) => {
        onError(error);
        return [];
      });
      return read;
    },
    end: () => {
      cancel();
      abort.abort();
    },
  };
}

/** A lookup of a name, or a read of the cluster, cannot be aborted; it is left behind. */
function orTooLate<T>(work: Promise<T>, { tooLate }: PlanTime): Promise<T> {
  work.catch(() => undefined);
  return Promise.race([work, tooLate]);
}

function unknown(error: unknown): Resolution {
  if (!(error instanceof RegistryFailure)) throw error;
  return { state: "unknown", code: error.code, why: error.why };
}

/** The registry has said no already: a list that comes too late or not at all does not change that. */
async function missing(
  session: Session,
  { tag }: WantedImage,
  plan: PlanTime,
): Promise<Resolution> {
  const tags = await orTooLate(listTags(session), plan).catch(() => new Set<string>());
  return {
    state: "missing",
    repositoryExists: tags !== undefined,
    nearest: tag === undefined ? [] : nearestTags(tag, tags ?? [], mostNearest),
  };
}
