import { isTerminal } from "../release/phases.ts";
import type { Release, Transition } from "../release/release.ts";
import { type AuditRecord, byDocc, fit, requestName, type Who } from "./record.ts";
import { recordedWords } from "./words.ts";

/** A command that was accepted has so long to be recorded by whoever took it, in milliseconds. */
const ownTimeMs = 2 * 60_000;

/**
 * What a Release itself proves: who asked for it, who decided on it, what became of it. Made again at
 * every look, with the same names, so that nothing is lost when a process dies between an act and
 * its record.
 * @param now milliseconds since the epoch
 */
export function recordsOf(release: Release, now: number): readonly AuditRecord[] {
  const { transitions = [], approvals = [], stop } = release.status ?? {};
  const created = Date.parse(release.metadata.creationTimestamp);
  const ends = transitions.filter(({ phase }) => isTerminal(phase));
  return [
    ...(now - created < ownTimeMs ? [] : [requestRecord(release, created)]),
    ...approvals.map((each, at) => decisionRecord(release, `approve-${at}`, "approve", each)),
    ...(stop === undefined ? [] : [decisionRecord(release, "stop", "stop", stop)]),
    ...ends.map((transition) => endRecord(release, transition)),
  ];
}

function requestRecord(release: Release, created: number): AuditRecord {
  const { kind, words, reason, emergency, requester, channel } = release.spec;
  const why = emergency === undefined ? reason : `emergency: ${emergency}`;
  return fit({
    ...about(release),
    name: requestName(idOf(release)),
    time: new Date(created).toISOString(),
    type: "command",
    word: kind,
    who: requester,
    outcome: "ok",
    ...(channel === undefined ? {} : { channel }),
    ...(why === undefined ? {} : { reason: why }),
    words: recordedWords(words),
    derived: true,
  });
}

interface Decided {
  readonly by: Who;
  readonly at: string;
  readonly digest?: string;
  readonly reason?: string;
}

function decisionRecord(
  release: Release,
  key: string,
  word: string,
  { by, at, digest, reason }: Decided,
): AuditRecord {
  const time = Date.parse(at);
  return fit({
    ...about(release),
    name: `decision-${idOf(release)}.${key}.${time}`,
    time: new Date(time).toISOString(),
    type: "decision",
    word,
    who: by,
    outcome: "ok",
    ...(digest === undefined ? {} : { digest }),
    ...(reason === undefined ? {} : { reason }),
    derived: true,
  });
}

function endRecord(release: Release, { phase, at, actor }: Transition): AuditRecord {
  const { closed, plan, verdict } = release.status ?? {};
  const time = Date.parse(at);
  return fit({
    ...about(release),
    name: `end-${idOf(release)}.${phase}.${time}`,
    time: new Date(time).toISOString(),
    type: "end",
    word: phase,
    who: closed?.by ?? whoIs(actor, release),
    outcome: phase === "succeeded" ? "ok" : (verdict?.cause?.code ?? phase),
    ...(plan === undefined ? {} : { digest: plan.digest }),
    ...(closed === undefined ? {} : { reason: closed.reason }),
    derived: true,
  });
}

/** docc's own names have 63 characters; a Release of somebody else may leave no room for ours. */
function idOf({ metadata: { name, uid } }: Release): string {
  return name.length <= 200 ? name : uid;
}

function about({
  metadata,
  spec,
  status,
}: Release): Pick<AuditRecord, "app" | "environment" | "release"> {
  const app = status?.app ?? spec.app;
  return {
    ...(app === undefined ? {} : { app }),
    environment: spec.environment,
    release: metadata.name,
  };
}

/** A transition names a person by id alone; they are of the team of who asked. */
function whoIs(actor: string, { spec: { requester } }: Release): Who {
  return actor === "docc" || actor === "" ? byDocc : { ...requester, user: actor };
}
