import type { CommandAnswer, CommandRecord, CommandSpec } from "../release/command-record.ts";
import type { DecisionAnswer, DecisionRecord, DecisionSpec } from "../release/decision-record.ts";
import { readManifest } from "../manifest/canonical.ts";
import type {
  Application,
  AppliedRelease,
  ApplicationStatus,
  ObjectMeta,
  Release,
  ReleaseSpec,
  ReleaseStatus,
  SlackThread,
  WebhookNote,
} from "../release/release.ts";
import type { KubeApi, Replacement } from "./api.ts";
import { createOnce } from "./create-once.ts";
import { isKubeError, KubeError } from "./errors.ts";
import { applications, apiVersionOf, commands, decisions, type Kind, releases } from "./kinds.ts";
import type { OpaqueObject, Stored } from "./objects.ts";

/**
 * docc's records in its home cluster. Every status write is conditional on the resourceVersion that
 * was read, so that of two writers one learns that it was late: KubeError `conflict`.
 */
export interface Records {
  /** The durable accept: one write. False when a release of this name is stored already. */
  createRelease(name: string, spec: ReleaseSpec): Promise<boolean>;
  findRelease(name: string): Promise<Release | undefined>;
  /** @throws KubeError `conflict` when the release moved since it was read */
  writeStatus(release: Release, status: ReleaseStatus): Promise<Release>;
  /**
   * Where it is told moves apart from what it is: the write holds whatever else has moved since
   * `release` was read, but not when its thread has.
   * @throws KubeError `conflict` when somebody else tells it meanwhile
   */
  writeThread(release: Release, thread: SlackThread): Promise<Release>;
  /** How far one webhook has come: no resourceVersion, only this field; the others' notes stay. */
  writeWebhook(name: string, webhook: string, note: WebhookNote): Promise<Release>;
  deleteRelease(release: Release): Promise<void>;
  /**
   * Whether the API server binds who decides, or commands, to who asks (deploy/policy): nothing is stored. A server
   * that lets docc do so for somebody else would let anybody.
   */
  isIdentityBound(what: keyof typeof forgeries): Promise<boolean>;
  /** Answers a decision. @throws KubeError `conflict` when it is answered already */
  answerDecision(decision: DecisionRecord, answer: DecisionAnswer): Promise<DecisionRecord>;
  /** Answers a command. @throws KubeError `conflict` when it is answered already */
  answerCommand(command: CommandRecord, answer: CommandAnswer): Promise<CommandRecord>;
  /** The head of an app, made when it is not there yet. */
  application(name: string, spec: Application["spec"]): Promise<Application>;
  /** @throws KubeError `conflict` when the head moved since it was read */
  writeApplication(application: Application, status: ApplicationStatus): Promise<Application>;
}

const somebodyElse = { provider: "kubernetes", team: "", user: "somebody-else" } as const;

/** In somebody else's name; the policies in deploy/ refuse each with these words. */
const forgeries = {
  decision: {
    kind: decisions,
    spec: {
      release: "none",
      digest: `sha256:${"0".repeat(64)}`,
      verdict: "reject",
      by: somebodyElse,
    } satisfies DecisionSpec,
    boundBy: "whoever decides is whoever asks",
  },
  command: {
    kind: commands,
    spec: { text: "config", by: somebodyElse } satisfies CommandSpec,
    boundBy: "whoever commands is whoever asks",
  },
} as const;

export function createRecords(api: KubeApi, namespace: string): Records {
  const releaseKind = { apiVersion: apiVersionOf(releases), kind: releases.kind };
  const applicationKind = { apiVersion: apiVersionOf(applications), kind: applications.kind };
  const answer = async (
    kind: Kind<OpaqueObject>,
    { metadata, spec }: { readonly metadata: ObjectMeta; readonly spec: object },
    status: object,
  ): Promise<Stored<OpaqueObject>> => {
    const made = { apiVersion: apiVersionOf(kind), kind: kind.kind };
    const object = { ...made, metadata: kept(metadata), spec, status };
    return api.replace(kind, object, { subresource: "status" });
  };

  const makeApplication = async (name: string, spec: Application["spec"]): Promise<void> => {
    try {
      await api.create(applications, { ...applicationKind, metadata: { name, namespace }, spec });
    } catch (error) {
      if (!(error instanceof KubeError && error.kind === "already-exists")) throw error;
    }
  };

  const note = async (name: string, status: Partial<ReleaseStatus>): Promise<Release> =>
    asRelease(
      await api.patch(releases, { namespace, name }, { status }, { subresource: "status" }),
    );

  return {
    // With all patience: an acknowledgement whose time is over promises nothing, and the truth is told later.
    createRelease: (name, spec) => {
      const object = { ...releaseKind, metadata: { name, namespace }, spec };
      return createOnce(api, releases, object, { lane: "accept" });
    },
    findRelease: async (name) => {
      const found = await api.find(releases, { namespace, name });
      return found === undefined ? undefined : asRelease(found);
    },
    writeStatus: async ({ metadata, spec }, status) =>
      asRelease(
        await api.replace(
          releases,
          { ...releaseKind, metadata: kept(metadata), spec, status },
          { subresource: "status" },
        ),
      ),
    writeThread: (release, slack) => swapThread(api, release, slack),
    writeWebhook: (name, webhook, settled) => note(name, { webhooks: { [webhook]: settled } }),
    deleteRelease: ({ metadata: { name, uid } }) =>
      api.delete(releases, { namespace, name }, { uid }),
    isIdentityBound: async (what) => {
      const { kind, spec, boundBy } = forgeries[what];
      const metadata = { name: "docc-forges-a-name", namespace };
      const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, spec };
      try {
        await api.create(kind, object, { dryRun: true });
        return false;
      } catch (error) {
        // Without the right to try, nothing is known.
        if (isKubeError(error, "forbidden")) return error.message.includes(boundBy);
        throw error;
      }
    },
    answerDecision: async (decision, said) => asDecision(await answer(decisions, decision, said)),
    answerCommand: async (command, said) => asCommand(await answer(commands, command, said)),
    application: async (name, spec) => {
      const found = await api.find(applications, { namespace, name });
      if (found !== undefined) return asApplication(found);
      await makeApplication(name, spec);
      return asApplication(await api.get(applications, { namespace, name }));
    },
    writeApplication: async ({ metadata, spec }, status) =>
      asApplication(
        await api.replace(
          applications,
          { ...applicationKind, metadata: kept(metadata), spec, status },
          { subresource: "status" },
        ),
      ),
  };
}

const mostTries = 5;

async function swapThread(api: KubeApi, read: Release, slack: SlackThread): Promise<Release> {
  const { namespace, name } = read.metadata;
  let base = read;
  for (let tries = 1; ; tries += 1) {
    const { resourceVersion } = base.metadata;
    // A merge patch leaves what it does not name.
    const whole = { ...slack, posting: slack.posting ?? null };
    const patch = { metadata: { resourceVersion }, status: { slack: whole } };
    try {
      return asRelease(
        await api.patch(releases, { namespace, name }, patch, { subresource: "status" }),
      );
    } catch (error) {
      if (tries >= mostTries || !isKubeError(error, "conflict")) throw error;
      base = asRelease(await api.get(releases, { namespace, name }));
      const now = base.status?.slack;
      // An answer of ours was lost: it is written already.
      if (isSameThread(now, slack)) return base;
      if (base.metadata.uid !== read.metadata.uid || !isSameThread(now, read.status?.slack)) {
        throw error;
      }
    }
  }
}

function isSameThread(a: SlackThread | undefined, b: SlackThread | undefined): boolean {
  return plainThread(a) === plainThread(b);
}

function plainThread(thread: SlackThread | undefined): string {
  if (thread === undefined) return "";
  const { channel, ts, posting, told, direct = [] } = thread;
  return JSON.stringify([
    channel,
    ts,
    posting === true,
    told,
    direct.map((each) => [each.channel, each.ts]),
  ]);
}

function kept(meta: ObjectMeta): Replacement<OpaqueObject>["metadata"] {
  const { name, namespace, uid, resourceVersion } = meta;
  return { name, namespace, uid, resourceVersion };
}

/**
 * The API server has checked these objects against the CRDs in deploy/crds, whose fields a test
 * ties to src/release/release.ts: this is where JSON becomes a record.
 */
export function asRelease(object: Stored<OpaqueObject>): Release {
  return {
    metadata: metaOf(object),
    spec: object.spec as ReleaseSpec,
    ...statusOf<ReleaseStatus>(object.status),
  };
}

export function asApplication(object: Stored<OpaqueObject>): Application {
  const { status } = statusOf<ApplicationStatus>(object.status);
  return {
    metadata: metaOf(object),
    spec: object.spec as Application["spec"],
    ...(status === undefined ? {} : { status: readable(status) }),
  };
}

/** Whether a head lost something on its way into docc. */
export function isSpoilt({ status }: Stored<OpaqueObject>, head: Application): boolean {
  const { applied, current, deleted } = (status ?? {}) as Partial<ApplicationStatus>;
  const { status: kept } = head;
  return (
    (applied !== undefined && kept?.applied === undefined) ||
    (current !== undefined && kept?.current === undefined) ||
    (deleted !== undefined && kept?.deleted === undefined)
  );
}

/**
 * Without the manifests that somebody has spoilt: everything about every app reads heads. Such an app is one whose
 * manifest docc does not know, and the next deploy brings it.
 */
function readable({ applied, current, deleted, ...rest }: ApplicationStatus): ApplicationStatus {
  const isWhole = (each: AppliedRelease | undefined): each is AppliedRelease =>
    each !== undefined && readManifest(each.manifest) !== undefined;
  return {
    ...rest,
    ...(isWhole(applied) ? { applied } : {}),
    ...(isWhole(current) ? { current } : {}),
    ...(isWhole(deleted) ? { deleted } : {}),
  };
}

export function asDecision(object: Stored<OpaqueObject>): DecisionRecord {
  return {
    metadata: metaOf(object),
    spec: object.spec as DecisionSpec,
    ...statusOf<DecisionAnswer>(object.status),
  };
}

export function asCommand(object: Stored<OpaqueObject>): CommandRecord {
  return {
    metadata: metaOf(object),
    spec: object.spec as CommandSpec,
    ...statusOf<CommandAnswer>(object.status),
  };
}

function statusOf<Status>(status: unknown): { readonly status?: Status } {
  return status === undefined ? {} : { status: status as Status };
}

function metaOf({ metadata }: Stored<OpaqueObject>): ObjectMeta {
  const { name, namespace = "", uid, resourceVersion, creationTimestamp = "" } = metadata;
  return { name, namespace, uid, resourceVersion, creationTimestamp };
}
