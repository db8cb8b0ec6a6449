import { appNameOf } from "../release/names.ts";
import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { canonicalManifest, storedManifest } from "../manifest/canonical.ts";
import { changeManifest } from "../manifest/change.ts";
import { hasErrors } from "../manifest/finding.ts";
import type { KubernetesObject } from "../manifest/objects/objects.ts";
import { parseManifest, shareableText } from "../manifest/parse.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { translate } from "../manifest/translate.ts";
import { isBarred, takeoversOf } from "../release/adoption.ts";
import { ageOf } from "../release/age.ts";
import { isDeletion } from "../release/deletion.ts";
import { enter } from "../release/phases.ts";
import { isExposing, takenHost } from "../release/hosts.ts";
import { makePlan, refOf, type Target } from "../release/plan.ts";
import type { Application, Cause, Plan, TakenObject } from "../release/release.ts";
import { releasesOf } from "../release/rollback.ts";
import { undone } from "../release/undoing.ts";
import { cap } from "../text/cap.ts";
import { lowerFirst } from "../text/lower-first.ts";
import { lacking } from "./acting.ts";
import { adoptedBy, notAsSeen, refuseUntakable } from "./adopting.ts";
import type { FreshPlans } from "./fresh-plans.ts";
import { badManifest } from "./bad-manifest.ts";
import { planDeletion } from "./deleting.ts";
import { claim, finish } from "./heads.ts";
import { keptDigests, pinImages } from "./images.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";
import { isPromotion, promotedWanted } from "./promoting.ts";
import { superfluous } from "./pruning.ts";
import { policyFor } from "./rules.ts";
import { isRestart, runningWanted } from "./restarting.ts";
import { earlierWanted, isRollback } from "./returning.ts";
import { type Accepted, refuse, type Step } from "./step.ts";
import { unknownApp } from "./unknown-app.ts";
import { notAdvice, type Wanted } from "./wanted.ts";
import { refuseWithoutNews } from "./without-news.ts";

/** Who waits is woken by the end of the release ahead; this is only the net under that. */
export const waiting: Step = { againMs: 10_000 };

/**
 * From `accepted` to `planned`, or from a plan that does not hold any more to the next one: reads the
 * manifest, waits for its turn, looks its images up, translates, asks the API server what would happen.
 * Changes nothing but docc's own records.
 */
export async function plan(
  release: Accepted,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const { clock } = ports;
  try {
    // Whoever waits for its turn does not fetch its file again and again.
    if (release.spec.app !== undefined && !isFirst(release, release.spec.app, ports))
      return waiting;
    const given = await readManifest(release, env, ports);
    const app = given?.application ?? release.spec.app;
    if (app === undefined) throw new DoccError("internal", "The request names no app.");
    if (!isFirst(release, app, ports)) return waiting;
    const head = await takeTurn(release, app, env, ports);
    if (head === undefined) return waiting;
    const { plan: planned, targets } = isDeletion(release)
      ? { plan: await planDeletion(release, head, env, ports), targets: [] }
      : await planApply(release, given, head, env, ports);
    fresh.remember(release.metadata.name, planned.digest, targets, clock.now());
    const { approvals: _given, ...rest } = release.status;
    const status = { ...rest, app };
    return {
      write: enter(status, "planned", { now: clock.now(), actor: "docc" }, { plan: planned }),
    };
  } catch (error) {
    if (error instanceof Refusal) return refuse(release, error.why, clock.now(), error.app);
    throw error;
  }
}

/** The plan of what shall run, and what the cluster has of it. */
async function planApply(
  release: Accepted,
  given: Manifest | undefined,
  head: Application,
  env: Environment,
  ports: ControllerPorts,
): Promise<{ readonly plan: Plan; readonly targets: readonly Target[] }> {
  const { clock } = ports;
  const { app } = head.spec;
  const adopted = await adoptedBy(release, env, head, ports);
  const brought = adopted?.manifest ?? given;
  const takes = adopted?.takes ?? [];
  const { manifest, objects, before, warnings } = await wanted(release, env, brought, head, ports);
  await refuseUntakable(objects, takes, app, env);
  const [targets, prunes, policy] = await Promise.all([
    examine(objects, app, env, takes),
    superfluous(objects, head, env),
    policyFor(release, env, head, manifest, ports),
    refuseTakenHosts(objects, app, env),
  ]);
  const made = makePlan(
    {
      number: (release.status.plan?.number ?? 0) + 1,
      manifest,
      manifestText: canonicalManifest(manifest),
      before,
      targets,
      prunes,
      spec: release.spec,
      warnings,
      takes,
      takeovers: takeoversOf(targets, app),
      undone:
        brought === undefined && !isPromotion(release) ? [] : whatItUndoes(manifest, head, ports),
      policy,
      expiresAt: policy.approvals > 0 ? clock.now() + env.rules.approval.expires : undefined,
      now: clock.now(),
    },
    ports.hash,
  );
  refuseWithoutNews(made, release, head);
  return { plan: made, targets };
}

/**
 * Oldest first: what was asked last is what stays. docc's own acceptance tells by the millisecond, the
 * creation only by the second; a name parts what is left. A follow-up goes past those that wait: the release
 * that it follows has made it the one in flight.
 */
export function isFirst(release: Accepted, app: string, { cache }: ControllerPorts): boolean {
  const { environment } = release.spec;
  const holder = cache.application(app, environment)?.status?.inFlight;
  if (holder === release.metadata.name) return true;
  return !cache.releases().some(
    (other) =>
      other.spec.environment === environment &&
      appNameOf(other) === app &&
      other.status?.finishedAt === undefined &&
      // Who waits for people lets the others pass: its plan is looked at again when they have said yes.
      other.status?.phase !== "awaiting-approval" &&
      ageOf(other) < ageOf(release),
  );
}

/** @returns the head when this release may act now; undefined when another one does */
export async function takeTurn(
  { metadata: { name } }: Accepted,
  app: string,
  env: Environment,
  { records, cache }: ControllerPorts,
): Promise<Application | undefined> {
  const guess = cache.application(app, env.name);
  let head = await claim(records, app, env.name, name, { guess });
  const holder = head.status?.inFlight;
  if (
    holder !== undefined &&
    holder !== name &&
    (await records.findRelease(holder)) === undefined
  ) {
    // Somebody deleted the record of the release in flight: nobody else would ever let go. One that has ended
    // and holds on is looked at by the controller: its follow-up goes first.
    await finish(records, app, env.name, holder, { succeeded: false });
    head = await claim(records, app, env.name, name);
  }
  cache.rememberApplication(head);
  return head.status?.inFlight === name ? head : undefined;
}

/** The manifest that came with the request; undefined when it is to be found elsewhere. */
async function readManifest(
  { spec }: Accepted,
  { platform }: Environment,
  { files }: ControllerPorts,
): Promise<Manifest | undefined> {
  const { source } = spec;
  if (source.type !== "inline" && source.type !== "slack-file") return undefined;
  const { text, name } =
    source.type === "slack-file"
      ? await fetchFile(source.file, files)
      : { text: source.manifest, name: "the manifest" };
  const { manifest, findings } = parseManifest(text, { file: name, platform });
  if (manifest === undefined) {
    throw new Refusal(badManifest(name, findings, shareableText(text, name)), spec.app);
  }
  if (spec.app !== undefined && spec.app !== manifest.application) {
    const sentence = `${name} is for ${manifest.application}, and the request for ${spec.app}`;
    throw new Refusal(cause("bad-manifest", sentence, "name the same app in both"), spec.app);
  }
  return manifest;
}

async function fetchFile(
  file: string,
  files: ControllerPorts["files"],
): Promise<{ readonly text: Uint8Array; readonly name: string }> {
  try {
    return await files.read(file);
  } catch (error) {
    if (
      !(error instanceof DoccError) ||
      error.reason === "unavailable" ||
      error.reason === "timeout"
    ) {
      throw error;
    }
    throw new Refusal(cause("file-refused", lowerFirst(error.message), error.hint ?? ""));
  }
}

/** What shall run, and what its plan tells of it. */
function wanted(
  release: Accepted,
  env: Environment,
  given: Manifest | undefined,
  head: Application,
  ports: ControllerPorts,
): Promise<Wanted> {
  if (isRollback(release)) return earlierWanted(release, env, head, ports);
  if (isPromotion(release)) return promotedWanted(release, env, head, ports);
  if (isRestart(release)) return runningWanted(env, head, ports);
  return manifestWanted(release, env, given, head);
}

/** The stored or given manifest with the words of the request applied, by today's translation. */
async function manifestWanted(
  { spec }: Accepted,
  env: Environment,
  given: Manifest | undefined,
  head: Application,
): Promise<Wanted> {
  const { platform } = env;
  const { current, applied, deleted } = head.status ?? {};
  const base = given ?? manifestOf(applied);
  if (base === undefined) throw unknownApp(head);
  const { manifest, findings } = changeManifest(base, spec.words, platform);
  if (manifest === undefined || hasErrors(findings)) {
    throw new Refusal(badManifest("the request", findings), head.spec.app);
  }
  const kept = given === undefined ? await keptDigests(manifest, spec.words, env) : undefined;
  const images = await pinImages(manifest, env, kept);
  return {
    manifest,
    objects: translate(manifest, platform, images.digests),
    // After a deletion it is a first deploy.
    before: deleted === undefined ? manifestOf(current ?? applied) : undefined,
    warnings: [...notAdvice(findings), ...images.warnings],
  };
}

function manifestOf(applied: { readonly manifest: string } | undefined): Manifest | undefined {
  return applied === undefined ? undefined : storedManifest(applied.manifest);
}

/** What a manifest that came along, by hand or from another environment, undoes of what words have changed before it. */
function whatItUndoes(
  after: Manifest,
  { spec: { app, environment }, status }: Application,
  { cache, clock }: ControllerPorts,
): readonly string[] {
  const releases = releasesOf(cache.releases(), app, environment);
  const before = manifestOf(status?.applied);
  return undone({ before, after, environment, releases, now: clock.now() });
}

export function examine(
  objects: readonly KubernetesObject[],
  app: string,
  env: Environment,
  takes: readonly TakenObject[],
): Promise<readonly Target[]> {
  return Promise.all(
    objects.map(async (desired) => {
      const previewing = previewOrRefuse(desired, app, env);
      // Heard below, unless the object is somebody else's: a dry run over theirs may fail by what is in it.
      previewing.catch(() => undefined);
      const live = await env.cluster.find(refOf(desired));
      if (isBarred(live, app, takes)) {
        const { kind, metadata } = desired;
        const isNamed = takes.some((each) => each.kind === kind && each.name === metadata.name);
        throw new Refusal(isNamed ? notAsSeen(desired, env.name) : notOurs(desired, env.name), app);
      }
      const preview = await previewing;
      return { desired, live, preview: preview.object, conflicts: preview.conflicts };
    }),
  );
}

/** Two applications that answer to one host would take each other's traffic. */
export async function refuseTakenHosts(
  objects: readonly KubernetesObject[],
  app: string,
  { cluster }: Environment,
): Promise<void> {
  if (!objects.some(isExposing)) return;
  const taken = takenHost(objects, app, await cluster.hosts());
  if (taken === undefined) return;
  const { host, kind, namespace, name } = taken;
  throw new Refusal(
    cause(
      "host-taken",
      `${host} is served by ${kind} ${name} in ${namespace} already`,
      "choose another host, or remove it there",
    ),
    app,
  );
}

async function previewOrRefuse(
  desired: KubernetesObject,
  app: string,
  env: Environment,
): ReturnType<Environment["cluster"]["preview"]> {
  try {
    return await env.cluster.preview(desired);
  } catch (error) {
    if (!isKubeError(error, "invalid", "forbidden", "not-served", "not-found", "too-big"))
      throw error;
    const what = `${desired.kind} ${desired.metadata.name}`;
    throw new Refusal(
      lacking(error, env) ?? {
        code: "plan-refused",
        sentence: `the cluster does not accept ${what}`,
        evidence: [cap(error.message, 1_000)],
        next: error.hint ?? "",
      },
      app,
    );
  }
}

function notOurs({ kind, metadata: { name } }: KubernetesObject, environment: string): Cause {
  return cause(
    "not-ours",
    `${kind} ${name} exists, and docc did not make it for this app`,
    `choose another name, take it over by /docc init from=deployment/NAME in=${environment}, or remove it`,
  );
}
