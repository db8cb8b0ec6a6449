import { storedManifest } from "../manifest/canonical.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { frozen } from "../policy/freeze.ts";
import { namesOf, type Ownership, ownersOf, sayNames } from "../policy/names.ts";
import { heldLock, sayUntil, sayWhy } from "../policy/locks.ts";
import { changesOwners, policyOf } from "../policy/plan-policy.ts";
import { isReturn } from "../policy/rules.ts";
import { atName, samePerson, slackIds } from "../release/people.ts";
import type {
  Application,
  Cause,
  Identity,
  PlanPolicy,
  Release,
  ReleaseSpec,
} from "../release/release.ts";
import { advise } from "../text/advice.ts";
import { sayMinute } from "../text/minute.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";

type RulePorts = Pick<ControllerPorts, "organisation" | "directory" | "people" | "clock">;

/** The CRD's limit. */
const mostApprovers = 200;

/**
 * What the rules of the environment ask of a plan.
 * @throws Refusal `not-entitled`, `frozen`, `locked` where they do not let it come to one
 */
export async function policyFor(
  release: Release,
  env: Environment,
  head: Application,
  wanted: Manifest,
  ports: RulePorts,
): Promise<PlanPolicy> {
  await refuseUnlessWelcome(release, env, head, ports);
  const policy = await policyNow(release.spec, env, head, wanted, ports);
  if (policy.approvals > 0 && policy.approvers.length === 0) {
    const sentence = `nobody may approve it: ${head.spec.app} has no maintainer that is a person, and docc.yaml names nobody`;
    throw new Refusal(cause("not-entitled", sentence, "ask docc's operators"), head.spec.app);
  }
  if (policy.approvers.length > mostApprovers) {
    const sentence = `its plan would name ${policy.approvers.length} approvers, and the record holds ${mostApprovers}`;
    const next = "ask docc's operators to name a usergroup in docc.yaml instead";
    throw new Refusal(cause("not-entitled", sentence, next), head.spec.app);
  }
  return policy;
}

/** What today's rules ask of a release, whether or not they would let it come to a plan. */
export async function policyNow(
  spec: ReleaseSpec,
  { rules }: Environment,
  head: Application | undefined,
  wanted: Manifest,
  ports: Pick<RulePorts, "organisation" | "directory">,
): Promise<PlanPolicy> {
  const { organisation } = ports;
  const live = head === undefined ? undefined : liveOwnership(head);
  const requesterOwns = changesOwners(live, wanted) && (await owns(spec.requester, live, ports));
  return policyOf({ rules, organisation, live, wanted, spec, requesterOwns });
}

/** Whether a person may ask for changes in an environment. */
export async function mayDeploy(
  person: Identity,
  { rules }: Pick<Environment, "rules">,
  live: Ownership | undefined,
  { organisation, directory }: Pick<RulePorts, "organisation" | "directory">,
): Promise<boolean> {
  return (
    rules.deployers === undefined ||
    directory.isAmong(person, namesOf(rules.deployers, organisation, live))
  );
}

/**
 * Whether this person may change the app now: asked when it is planned, and again when it is applied.
 * @throws Refusal `not-entitled`, `frozen` or `locked`
 */
export async function refuseUnlessWelcome(
  release: Release,
  { name, rules }: Pick<Environment, "name" | "rules">,
  head: Pick<Application, "spec" | "status">,
  ports: RulePorts,
): Promise<void> {
  const { app } = head.spec;
  const { requester, emergency } = release.spec;
  // What docc asks for by itself follows from a release that was welcome.
  if (requester.provider === "docc") return;
  const live = liveOwnership(head);
  const names = (whos: readonly string[]): readonly string[] =>
    namesOf(whos, ports.organisation, live);
  if (emergency !== undefined) {
    if (await ports.directory.isAmong(requester, names(rules.emergency))) return;
    const sentence = `who asked may not set the rules of ${name} aside`;
    const next = "deploy without emergency=, or ask an operator";
    throw new Refusal(cause("not-entitled", sentence, next), app);
  }
  if (!(await mayDeploy(requester, { rules }, live, ports))) {
    throw new Refusal(unwelcome(names(rules.deployers ?? []), name), app);
  }
  refuseWhileLocked(release, head, ports);
  refuseWhileFrozen(release, { name, rules }, app, ports.clock.now());
}

function unwelcome(deployers: readonly string[], environment: string): Cause {
  const { said, named } = sayNames(deployers);
  const what = `may change applications in ${environment}`;
  if (said === "")
    return cause("not-entitled", `nobody ${what} at the moment`, "ask docc's operators");
  const refusal = cause("not-entitled", `only ${said} ${what}`, "ask one of them to do it");
  return named.length === 0 ? refusal : { ...refusal, named };
}

/** The lock or the freeze that holds a request up, by what is at hand: nobody is asked. */
export function heldUp(
  release: Pick<Release, "spec">,
  env: Pick<Environment, "name" | "rules">,
  head: Pick<Application, "spec" | "status">,
  ports: Pick<RulePorts, "people" | "clock">,
): Cause | undefined {
  try {
    refuseWhileLocked(release, head, ports);
    refuseWhileFrozen(release, env, head.spec.app, ports.clock.now());
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.why;
    throw error;
  }
}

function refuseWhileLocked(
  release: Pick<Release, "spec">,
  { spec, status }: Pick<Application, "spec" | "status">,
  { people, clock }: Pick<RulePorts, "people" | "clock">,
): void {
  const lock = heldLock(status?.lock, clock.now());
  if (lock === undefined) return;
  if (samePerson(lock.by, release.spec.requester, people)) return;
  // Whoever is on call must be able to go back to what worked.
  if (release.spec.kind === "rollback") return;
  const named = slackIds([lock.by]);
  const sentence = `${spec.app} is locked by ${atName(lock.by)}${sayUntil(lock.until)}${sayWhy(lock.reason)}`;
  const next = `ask them; the app's owners may ${advise("unlock", spec)}`;
  const locked = cause("locked", sentence, next);
  throw new Refusal(named.length === 0 ? locked : { ...locked, named }, spec.app);
}

function refuseWhileFrozen(
  release: Pick<Release, "spec">,
  { name, rules }: Pick<Environment, "name" | "rules">,
  app: string,
  now: number,
): void {
  if (isReturn(release)) return;
  const freeze = frozen(rules.freezes, now);
  if (freeze === undefined) return;
  const why = freeze.reason === "" ? "" : ` (${freeze.reason})`;
  const until = sayMinute(new Date(freeze.until).toISOString());
  const sentence = `${name} is frozen until ${until} UTC${why}`;
  const isDeploy = release.spec.kind === "deploy";
  const next = isDeploy ? 'wait, or ask for emergency="..." if you may' : "ask again after that";
  throw new Refusal(cause("frozen", sentence, next), app);
}

/** Who answers for what is live: the release that succeeded last. */
export function liveOwnership({ status }: Pick<Application, "status">): Ownership | undefined {
  return status?.current === undefined ? undefined : storedManifest(status.current.manifest);
}

/** Whether a person owns the app, or operates docc. */
export async function owns(
  person: Identity,
  live: Ownership | undefined,
  { organisation, directory }: Pick<ControllerPorts, "organisation" | "directory">,
): Promise<boolean> {
  const names = [...ownersOf(organisation, live), ...namesOf(["operators"], organisation, live)];
  return directory.isAmong(person, names);
}
