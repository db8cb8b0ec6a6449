import type { AuditLine } from "../commands/dispatch.ts";
import { isDoccError } from "../errors.ts";
import { isKubeError } from "../k8s/errors.ts";
import type { DecisionAnswer, DecisionRecord } from "../release/decision-record.ts";
import type { Approval, Identity, Release, ReleaseStatus } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { type Answering, type AnsweringPorts, createAnswering } from "./answering.ts";
import { decideOn, type DecidingPorts } from "./deciding.ts";

export interface DecisionPorts
  extends DecidingPorts, Pick<AnsweringPorts<DecisionRecord, Said>, "random" | "log" | "asked"> {
  readonly audit: (line: AuditLine) => void;
}

type Said = Omit<DecisionAnswer, "at">;

/** Answers every decision that came from outside Slack. */
export function createDecisions(ports: DecisionPorts): Answering {
  const { clock, random, log, asked, records, audit } = ports;
  return createAnswering<DecisionRecord, Said>({
    clock,
    random,
    log,
    what: "decision",
    asked,
    weigh: (record) => weigh(record, ports),
    answer: (record, answer) => records.answerDecision(record, answer),
    answered: (record, said) => audit(lineOf(record, said)),
  });
}

function lineOf({ metadata, spec }: DecisionRecord, { outcome, code }: Said): AuditLine {
  const { verdict, by, release, digest, reason } = spec;
  return {
    ...by,
    command: verdict,
    channel: undefined,
    delivery: `decision:${metadata.uid}`,
    outcome: outcome === "accepted" ? "ok" : code,
    release,
    digest,
    ...(reason === undefined ? {} : { reason }),
  };
}

async function weigh({ spec }: DecisionRecord, ports: DecisionPorts): Promise<Said> {
  const { by, digest, verdict, reason = "" } = spec;
  if (by.provider !== "kubernetes" || !(await ports.records.isIdentityBound("decision")))
    return unbound();
  const release = await ports.records.findRelease(spec.release);
  if (release === undefined) return refused("not-found", "There is no such release.");
  // Of a process that died between the effect and its answer.
  if (hasEffect(spec, release)) return accepted(verdict, release.status);
  if (release.status?.plan !== undefined && release.status.plan.digest !== digest) {
    const sentence = "The plan is not the one that you saw any more: look at it again.";
    return refused("plan-changed", sentence);
  }
  try {
    const decided = await decideOn(spec.release, { by, digest, verdict, reason }, ports);
    return "refused" in decided
      ? refused(decided.refused, decided.sentence)
      : accepted(verdict, decided.status);
  } catch (error) {
    const isFinal = isDoccError(error, "not-found");
    if (!isFinal || isKubeError(error)) throw error;
    return refused("not-found", error.message);
  }
}

/** Whether what somebody decided is in the record of the release. */
export function hasEffect(
  { by, digest, verdict, reason = "" }: DecisionRecord["spec"],
  { status }: Pick<Release, "status">,
): boolean {
  const isTheirs = (each: { readonly by: Identity } | undefined): boolean =>
    each !== undefined && each.by.provider === by.provider && each.by.user === by.user;
  const { approvals = [], closed, stop, phase } = status ?? { phase: "accepted" };
  switch (verdict) {
    case "approve":
      return approvals.some((each: Approval) => isTheirs(each) && each.digest === digest);
    case "reject":
      return phase === "rejected" && isTheirs(closed) && closed?.reason === reason;
    case "cancel":
      return (
        (phase === "cancelled" && isTheirs(closed) && closed?.reason === reason) ||
        (isTheirs(stop) && stop?.reason === reason)
      );
  }
}

function accepted(
  verdict: DecisionRecord["spec"]["verdict"],
  status: ReleaseStatus | undefined,
): Said {
  switch (verdict) {
    case "approve":
      return { outcome: "accepted", code: "approved", sentence: sayApproved(status) };
    case "reject":
      return { outcome: "accepted", code: "rejected", sentence: "Rejected: nothing was changed." };
    case "cancel":
      return status?.stop === undefined
        ? { outcome: "accepted", code: "cancelled", sentence: "Cancelled: nothing was changed." }
        : { outcome: "accepted", code: "stopped", sentence: "It is being stopped." };
  }
}

function sayApproved(status: ReleaseStatus | undefined): string {
  const [is, asked] = [status?.approvals?.length ?? 0, status?.plan?.policy.approvals ?? 0];
  if (status?.phase !== "awaiting-approval") return "Approved: it goes on.";
  return is < asked
    ? `Approved: ${is} of ${asked}.`
    : "Approved: one more approval must come from outside Slack.";
}

function refused(code: string, sentence: string): Said {
  return { outcome: "refused", code, sentence: cap(sentence, 1_000) };
}

/** Without the policy anybody could write anybody's name into a decision. */
function unbound(): Said {
  return refused(
    "identity-not-bound",
    "docc cannot tell who decided: deploy/policy must be installed in its cluster, and only Kubernetes users decide this way.",
  );
}
