import { canonicalJson, storedManifest } from "../manifest/canonical.ts";
import { isEnough } from "../policy/decide.ts";
import { takesOf } from "../release/adoption.ts";
import { enter } from "../release/phases.ts";
import { samePerson } from "../release/people.ts";
import { digestOf, objectsOf } from "../release/plan.ts";
import type { Application } from "../release/release.ts";
import { type Planned, startApplying } from "./applying.ts";
import { mayApprove } from "./deciding.ts";
import { removals } from "./deleting.ts";
import type { FreshPlans } from "./fresh-plans.ts";
import { finish } from "./heads.ts";
import { examine, isFirst, plan, refuseTakenHosts, takeTurn, waiting } from "./planning.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import { policyNow, refuseUnlessWelcome } from "./rules.ts";
import { expire, refuse, type Step } from "./step.ts";

/** How often the rules are looked at while people are asked. */
const lookMs = 30_000;

/**
 * From `planned` on: to those who must say yes, or, where nobody is asked, to applying. A plan of this very
 * process, made moments ago, holds; any other one is compared with what is there now.
 */
export async function goOn(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const { release, plan: made } = planned;
  const now = ports.clock.now();
  if (made.policy.approvals > 0) {
    const write = enter(release.status, "awaiting-approval", { now, actor: "docc" });
    return { write };
  }
  const head = ports.cache.application(planned.app, env.name);
  const isFresh =
    head?.status?.inFlight === release.metadata.name &&
    fresh.has(release.metadata.name, made.digest, now);
  return isFresh
    ? applyIfWelcome(planned, head, env, ports)
    : applyIfEqual(planned, env, ports, fresh);
}

/** A lock or a freeze may have come since the plan, and whoever locked it was told that it holds. */
async function applyIfWelcome(
  planned: Planned,
  head: Application,
  env: Environment,
  ports: ControllerPorts,
): Promise<Step> {
  const { release, app } = planned;
  try {
    await refuseUnlessWelcome(release, env, head, ports);
    return startApplying(planned, head, env, ports);
  } catch (error) {
    if (error instanceof Refusal) return refuse(release, error.why, ports.clock.now(), app);
    throw error;
  }
}

/**
 * `awaiting-approval`: others may go ahead meanwhile. Ends what has expired, and plans anew when the rules
 * have changed; what the cluster runs is compared once somebody has said yes.
 * @param wake looks at those who waited behind it
 */
export async function awaitApproval(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
  wake: () => void,
): Promise<Step> {
  const { release, app, plan: made } = planned;
  const now = ports.clock.now();
  const expiresAt = Date.parse(made.expiresAt ?? "");
  // One that names no end has none to wait for.
  if (!(now < expiresAt)) return expire(release, now);
  const head = ports.cache.application(app, env.name);
  if (head?.status?.inFlight === release.metadata.name) {
    const freed = await finish(ports.records, app, env.name, release.metadata.name, {
      succeeded: false,
    });
    ports.cache.rememberApplication(freed);
    wake();
  }
  if (await hasOtherRules(planned, env, head, ports)) return plan(release, env, ports, fresh);
  return { againMs: nextLook(expiresAt, made.plannedAt, now) };
}

/** The reminder at half time and the expiry come on time, changes of the rules soon. */
function nextLook(expiresAt: number, plannedAt: string, now: number): number {
  const half = (Date.parse(plannedAt) + expiresAt) / 2;
  const next = now < half ? half : expiresAt;
  return Math.max(1, Math.min(lookMs, next - now));
}

/** `approved`: the same questions once more, asked of now. */
export async function applyApproved(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const { release, plan: made } = planned;
  const now = ports.clock.now();
  if (now >= Date.parse(made.expiresAt ?? "")) return expire(release, now);
  return applyIfEqual(planned, env, ports, fresh);
}

/** Applies what the plan says if it still says what would happen; else plans anew. */
async function applyIfEqual(
  planned: Planned,
  env: Environment,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<Step> {
  const { release, app } = planned;
  if (!isFirst(release, app, ports)) return waiting;
  const head = await takeTurn(release, app, env, ports);
  if (head === undefined) return waiting;
  try {
    // The cluster may take its time to be read: who may say so is asked last, right before the first write.
    const isSame = await isEqual(planned, env, head, ports, fresh);
    const asking = { ...ports, directory: ports.directory.afresh() };
    await refuseUnlessWelcome(release, env, head, asking);
    const isHeld =
      isSame &&
      !(await hasOtherRules(planned, env, head, asking)) &&
      (await areEntitled(planned, env, head, asking));
    return isHeld
      ? startApplying(planned, head, env, ports)
      : await plan(release, env, ports, fresh);
  } catch (error) {
    if (error instanceof Refusal) return refuse(release, error.why, ports.clock.now(), app);
    throw error;
  }
}

/** Whether the rules ask for something else than when the plan was made. */
async function hasOtherRules(
  { release, plan: made }: Planned,
  env: Environment,
  head: Application | undefined,
  ports: ControllerPorts,
): Promise<boolean> {
  const today = await policyNow(release.spec, env, head, storedManifest(made.manifest), ports);
  return canonicalJson(today) !== canonicalJson(made.policy);
}

/**
 * Whether those who said yes may still say so, and are as many people still: the operator may have joined
 * two identities since.
 */
async function areEntitled(
  { release, plan: made }: Planned,
  env: Environment,
  head: Application,
  ports: ControllerPorts,
): Promise<boolean> {
  if (made.policy.approvals === 0) return true;
  const approvals = release.status.approvals ?? [];
  const may = await Promise.all(
    approvals.map(({ by }) => mayApprove(by, release, env, head, ports)),
  );
  const { requester } = release.spec;
  const counted = approvals.filter(
    ({ by }, at) =>
      may[at] === true &&
      (made.policy.self || !samePerson(by, requester, ports.people)) &&
      !approvals.slice(0, at).some((before) => samePerson(before.by, by, ports.people)),
  );
  return isEnough(counted, made.policy);
}

/** Read and dry-run again: the digest says whether anything that was approved has moved. */
async function isEqual(
  { release, app, plan: made }: Planned,
  env: Environment,
  head: Application,
  ports: ControllerPorts,
  fresh: FreshPlans,
): Promise<boolean> {
  const objects = objectsOf(made);
  const [targets, prunes] = await Promise.all([
    examine(objects, app, env, takesOf(made)),
    removals(release, objects, head, env),
    refuseTakenHosts(objects, app, env),
  ]);
  const { kind, requester } = release.spec;
  if (digestOf({ ...made, requester, kind }, targets, prunes, ports.hash) !== made.digest)
    return false;
  fresh.remember(release.metadata.name, made.digest, targets, ports.clock.now());
  return true;
}
