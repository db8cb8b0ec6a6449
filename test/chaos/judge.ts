import { applicationName } from "../../src/release/names.ts";
import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Phase, Release } from "../../src/release/release.ts";
import type { Finding, History } from "./history.ts";
import { messages } from "./messages.ts";

/** What a release's root message says in the end. */
const lastWords: Partial<Record<Phase, RegExp>> = {
  succeeded: /is live in/,
  failed: /failed in|was stopped in/,
  unknown: /is not known/,
  superseded: /was superseded/,
  rejected: /Rejected by/,
  expired: /Expired/,
  cancelled: /Cancelled by/,
  refused: /Not (deployed|rolled back|restarted)/,
};

/** Ended by somebody's word: who and when stand in the place of a verdict. */
const decided: readonly Phase[] = ["rejected", "cancelled"];

/**
 * Compares what happened with what must have: every accepted request has one release, one revision,
 * one rollout, one thread, one end that was told; and what runs is what the records say. Pure.
 */
export function judge(history: History): readonly Finding[] {
  return [
    ...requests(history),
    ...history.releases.flatMap((release) => ending(release, history)),
    ...revisions(history),
    ...heads(history),
    ...rollouts(history),
    ...messages(history),
  ];
}

/** Things that are wrong, by fault; a thing with several findings counts once for each fault. */
export function count(findings: readonly Finding[]): Record<Finding["fault"], number> {
  const of = (fault: Finding["fault"]): number =>
    new Set(findings.flatMap((finding) => (finding.fault === fault ? [finding.about] : []))).size;
  return { lost: of("lost"), doubled: of("doubled"), stuck: of("stuck") };
}

function requests({ asked, releases }: History): Finding[] {
  const byMark = Map.groupBy(releases, ({ spec }) => spec.reason ?? "");
  return asked.flatMap(({ mark, accepted }): Finding[] => {
    const found = byMark.get(mark) ?? [];
    if (found.length === 0 && accepted === "yes") {
      return [
        { fault: "lost", about: mark, what: "acknowledged as accepted, and there is no release" },
      ];
    }
    if (found.length < 2) return [];
    const names = found.map(({ metadata }) => metadata.name).join(", ");
    return [{ fault: "doubled", about: mark, what: `one delivery has several releases: ${names}` }];
  });
}

function ending(release: Release, { said, now, patienceMs }: History): Finding[] {
  const { name, creationTimestamp } = release.metadata;
  const { status } = release;
  const phase = phaseOf(release);
  if (!isTerminal(phase)) {
    const due = Date.parse(status?.deadline ?? creationTimestamp) + patienceMs;
    if (now < due) return [];
    return [{ fault: "stuck", about: name, what: `still ${phase} ${now - due} ms after its time` }];
  }
  const lost = (what: string): Finding => ({ fault: "lost", about: name, what });
  const why = decided.includes(phase) ? status?.closed : status?.verdict;
  const isExplained = why !== undefined || phase === "expired";
  if (!isExplained || status?.finishedAt === undefined) {
    return [lost(`${phase} without saying why and when`)];
  }
  const { slack } = status;
  const root = said.find(({ channel, ts }) => channel === slack?.channel && ts === slack.ts);
  if (root === undefined) return [lost(`${phase}, and nobody was told`)];
  const expected = lastWords[phase];
  if (expected?.test(root.text) === false) {
    return [lost(`${phase}, and its message still says: ${root.text.slice(0, 200)}`)];
  }
  return [];
}

/** By app and environment, in the order of their revisions. */
function applied(history: History): Map<string, Release[]> {
  const given = history.releases.filter(({ status }) => status?.revision !== undefined);
  const ordered = given.toSorted((a, b) => (a.status?.revision ?? 0) - (b.status?.revision ?? 0));
  return Map.groupBy(ordered, placeOf);
}

function placeOf({ spec, status }: Release): string {
  return applicationName(status?.app ?? spec.app ?? "", spec.environment);
}

/**
 * Those that may be what was applied last: the last whose objects were all applied, and those after it. A
 * release that is stopped between its revision and its first object has changed nothing.
 */
function lastApplied(releases: readonly Release[]): readonly Release[] {
  const whole = releases.findLastIndex(isWhole);
  return releases.slice(Math.max(whole, 0));
}

function isWhole({ status }: Release): boolean {
  return status?.transitions.some(({ phase }) => phase === "progressing") === true;
}

/** 1, 2, 3, ..., and the head knows the next. */
function revisions(history: History): Finding[] {
  return [...applied(history)].flatMap(([place, releases]) => {
    const given = releases.map(({ status }) => status?.revision ?? 0);
    const findings = given.flatMap((revision, at): Finding[] => {
      if (revision === at + 1) return [];
      const what = `revisions of ${place} are ${given.join(", ")}`;
      return [{ fault: revision <= at ? "doubled" : "lost", about: place, what }];
    });
    const next = history.heads.find(({ metadata }) => metadata.name === place)?.status
      ?.nextRevision;
    if (next !== given.length + 1) {
      const what = `${given.length} revisions were given, and the next is ${next ?? "unknown"}`;
      findings.push({ fault: "doubled", about: place, what });
    }
    return findings.slice(0, 1);
  });
}

/** The head knows the last release and the last success, and holds nobody back. */
function heads(history: History): Finding[] {
  const all = applied(history);
  const isAllOver = history.releases.every((release) => isTerminal(phaseOf(release)));
  return history.heads.flatMap(({ metadata, status }): Finding[] => {
    const releases = all.get(metadata.name) ?? [];
    const last = lastApplied(releases);
    const success = releases.findLast((each) => phaseOf(each) === "succeeded")?.metadata.name;
    const about = metadata.name;
    const told = last.find((each) => each.metadata.name === status?.applied?.release);
    if (told === undefined && (status?.applied !== undefined || last.some(isWhole))) {
      const what = `the head says ${status?.applied?.release ?? "nothing"} was applied, it was ${namesOf(last)}`;
      return [{ fault: "lost", about, what }];
    }
    if (!isAllOver) return [];
    if (status?.inFlight !== undefined) {
      return [{ fault: "stuck", about, what: `${status.inFlight} is in flight for ever` }];
    }
    if (status?.current?.release !== success) {
      const what = `the head says ${status?.current?.release ?? "nothing"} succeeded last, it was ${success ?? "nothing"}`;
      return [{ fault: "lost", about, what }];
    }
    return [];
  });
}

/** What runs is the last release's, by exactly the rollouts that the releases' templates make. */
function rollouts(history: History): Finding[] {
  const all = applied(history);
  return history.running.flatMap(
    ({ environment, name, release, rollouts: made, image }): Finding[] => {
      const about = applicationName(name, environment);
      const releases = all.get(about) ?? [];
      const templates = releases.map(templateOf);
      const last = lastApplied(releases);
      const running = last.find((each) => each.metadata.name === release);
      if (running === undefined) {
        const what = `${release ?? "nothing of ours"} runs, and ${namesOf(last)} was applied last`;
        return [{ fault: "lost", about, what }];
      }
      const wanted = imageOf(templateOf(running));
      if (wanted !== image) {
        return [
          { fault: "lost", about, what: `${image ?? "nothing"} runs, not ${wanted ?? "nothing"}` },
        ];
      }
      const changes = templates.filter((template, at) => template !== templates[at - 1]).length;
      const restarts = releases.filter(({ spec }) => spec.kind === "restart").length;
      if (made > changes + restarts) {
        const what = `${changes} templates and ${restarts} restarts made ${made} rollouts`;
        return [{ fault: "doubled", about, what }];
      }
      return [];
    },
  );
}

function namesOf(releases: readonly Release[]): string {
  const said = releases.map((each) => `${each.metadata.name} (${phaseOf(each)})`);
  return said.length === 0 ? "nothing" : said.join(" or ");
}

interface Planned {
  readonly kind: string;
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } };
  };
}

/** The pod template of a release's Deployment, as JSON. */
function templateOf({ status }: Release): string {
  const objects = JSON.parse(status?.plan?.objects ?? "[]") as readonly Planned[];
  return JSON.stringify(objects.find(({ kind }) => kind === "Deployment")?.spec?.template ?? {});
}

function imageOf(template: string): string | undefined {
  const { spec } = JSON.parse(template) as NonNullable<Planned["spec"]>["template"] & object;
  return spec?.containers?.[0]?.image;
}
