import { appNameOf } from "../release/names.ts";
import { DoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import { storedManifest } from "../manifest/canonical.ts";
import { decide, type Decided, type Decision, type Standing } from "../policy/decide.ts";
import { samePerson } from "../release/people.ts";
import { accept } from "../release/phases.ts";
import type { Application, Identity, Release } from "../release/release.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { liveOwnership, mayDeploy, owns, policyNow } from "./rules.ts";

export type DecidingPorts = Pick<
  ControllerPorts,
  "records" | "cache" | "environments" | "organisation" | "directory" | "people" | "clock"
>;

const mostTries = 5;

/**
 * Weighs a decision by what is stored now, and writes what it does: one conditional write, on whichever
 * replica it comes in. Of two at once the second is weighed again.
 * @throws DoccError `not-found`, `conflict`, `unavailable`
 */
export async function decideOn(
  name: string,
  decision: Decision,
  ports: DecidingPorts,
): Promise<Decided> {
  for (let tries = 1; ; tries += 1) {
    const release = await ports.records.findRelease(name);
    if (release === undefined) {
      throw new DoccError("not-found", "There is no such release any more.");
    }
    const standing = await standingOf(release, decision, ports);
    const now = ports.clock.now();
    const ruling = decide(release, decision, standing, now);
    if ("refused" in ruling) return ruling;
    // A status begins at accepted, and the controller may not have come to it yet.
    const isFirst = release.status === undefined;
    try {
      const status = isFirst ? accept(release, { now }) : ruling.write;
      const written = await ports.records.writeStatus(release, status);
      ports.cache.remember(written);
      if (!isFirst) return { status };
    } catch (error) {
      if (!isKubeError(error, "conflict")) throw error;
      if (tries >= mostTries) {
        throw new DoccError("conflict", "The release moves too fast to decide on it.", {
          hint: "Please try again.",
        });
      }
    }
  }
}

async function standingOf(
  release: Release,
  { by }: Decision,
  ports: DecidingPorts,
): Promise<Standing> {
  const { people } = ports;
  const { environment } = release.spec;
  const env = ports.environments.get(environment);
  if (env === undefined) {
    return { isApprover: false, isTold: false, isOwner: false, mayDeploy: false, people };
  }
  const app = appNameOf(release);
  const head = app === undefined ? undefined : ports.cache.application(app, environment);
  const live = head === undefined ? undefined : liveOwnership(head);
  const [isApprover, told, isOwner, deploys] = await Promise.all([
    mayApprove(by, release, env, head, ports),
    isTold(by, release, ports),
    owns(by, live, ports),
    mayDeploy(by, env, live, ports),
  ]);
  return { isApprover, isTold: told, isOwner, mayDeploy: deploys, people };
}

/** Whether a request names this person to be told: somebody they asked by, such as a pipeline, made it. */
async function isTold(
  person: Identity,
  { spec: { tell } }: Release,
  { directory }: Pick<DecidingPorts, "directory">,
): Promise<boolean> {
  return tell !== undefined && directory.isAmong(person, [tell, `kubernetes:${tell}`]);
}

/** Entitled by the rules as they were when the plan was made, and as they are now. */
export async function mayApprove(
  person: Identity,
  { spec, status }: Release,
  env: Environment,
  head: Application | undefined,
  ports: Pick<DecidingPorts, "organisation" | "directory">,
): Promise<boolean> {
  const plan = status?.plan;
  if (plan === undefined || plan.policy.approvals === 0) return false;
  const today = await policyNow(spec, env, head, storedManifest(plan.manifest), ports);
  const [then, now] = await Promise.all([
    ports.directory.isAmong(person, plan.policy.approvers),
    ports.directory.isAmong(person, today.approvers),
  ]);
  return then && now;
}

/** Whether a release waits for this very person: who may approve it, but for who asked where that counts. */
export async function isAskedNow(
  person: Identity,
  release: Release,
  ports: DecidingPorts,
): Promise<boolean> {
  const { spec, status } = release;
  const env = ports.environments.get(spec.environment);
  if (env === undefined || status?.app === undefined) return false;
  const isOwn =
    samePerson(spec.requester, person, ports.people) || (await isTold(person, release, ports));
  if (isOwn && status.plan?.policy.self !== true) return false;
  const head = ports.cache.application(status.app, spec.environment);
  return mayApprove(person, release, env, head, ports);
}
