import { readManifest } from "../manifest/canonical.ts";
import type { EnvironmentRules } from "../policy/rules.ts";
import { releaseName } from "../release/names.ts";
import { phaseOf } from "../release/phases.ts";
import type { Application, Identity, Release, ReleaseSpec } from "../release/release.ts";
import { earlierThan, releasesOf } from "../release/rollback.ts";
import { cap } from "../text/cap.ts";

/** What docc asks for by itself. */
const itself: Identity = { provider: "docc", team: "", user: "docc" };

/** The CRD's limit. */
const longestReason = 300;

/** What a decision about a follow-up is made of: all of it from the records, nothing from the clock. */
export interface FollowUpInput {
  readonly release: Release;
  readonly head: Application | undefined;
  /** All that are kept; those of other apps do not matter. */
  readonly releases: readonly Release[];
  readonly rules: Pick<EnvironmentRules, "autoRollback"> | undefined;
}

/**
 * The rollback that docc makes by itself after a release that failed: where somebody stopped it, or where
 * the manifest or the environment wants it so. Never where something newer was applied since, never of
 * what somebody deleted (nothing shall be made again behind their back), and by policy only of a deploy:
 * a rollback that fails is for people to look at.
 * @returns undefined when nothing follows. The same records give the same answer, after a crash as well.
 */
export function followUpOf(input: FollowUpInput): ReleaseSpec | undefined {
  const { release, head, releases } = input;
  const { metadata, spec, status } = release;
  const app = status?.app;
  if (app === undefined || phaseOf(release) !== "failed") return undefined;
  if (head?.status?.applied?.release !== metadata.name) return undefined;
  if (status?.verdict?.cause?.code === "deleted-outside") return undefined;
  const because = reasonFor(input);
  const earlier = earlierThan(release, releasesOf(releases, app, spec.environment));
  if (because === undefined || earlier === undefined) return undefined;
  const channel = status?.slack?.channel ?? spec.channel;
  return {
    app,
    environment: spec.environment,
    kind: "rollback",
    source: { type: "release", release: earlier.release, revision: earlier.revision },
    words: {},
    reason: cap(because.reason, longestReason),
    requester: because.requester,
    ...(channel === undefined ? {} : { channel }),
  };
}

/**
 * One name for the follow-up of a release: however often it is made, and by whichever process, it is one.
 * @param hash hex digest
 */
export function followUpName(
  { metadata: { uid }, spec, status }: Release,
  hash: (text: string) => string,
): string {
  return releaseName(status?.app ?? spec.app, hash(`follow-up:${uid}`));
}

function reasonFor({
  release,
  rules,
}: FollowUpInput): (Pick<ReleaseSpec, "requester"> & { readonly reason: string }) | undefined {
  const { spec, status } = release;
  const { stop, plan, revision = 0 } = status ?? {};
  if (stop !== undefined) {
    const why = stop.reason === "" ? "" : `: ${stop.reason}`;
    return { requester: stop.by, reason: `release ${revision} was stopped${why}` };
  }
  const isDeploy = spec.kind === "deploy" || spec.kind === "update";
  if (!isDeploy || plan === undefined) return undefined;
  const own = readManifest(plan.manifest)?.deploy?.auto_rollback;
  if (!(own ?? rules?.autoRollback ?? false)) return undefined;
  const cause = status?.verdict?.cause?.sentence ?? "it failed";
  return { requester: itself, reason: `automatic rollback of release ${revision}: ${cause}` };
}
