import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outdated } from "../../src/jobs/retention.ts";
import { isTerminal } from "../../src/release/phases.ts";
import {
  type Application,
  type AppliedRelease,
  type Phase,
  type Plan,
  type Release,
  releasePhases,
} from "../../src/release/release.ts";
import { plan } from "../release/releases.ts";

const day = 86_400_000;
const now = Date.UTC(2017, 11, 31);
const rules = { releases: 3, refused: 7 * day, answered: 30 * day };

function metadata(name: string) {
  return { name, namespace: "docc", uid: name, resourceVersion: "1", creationTimestamp: "" };
}

interface Facts {
  readonly phase?: Phase;
  readonly revision?: number;
  readonly days?: number;
  readonly app?: string;
  readonly environment?: string;
  /** What it made, where that counts. */
  readonly tag?: string;
  readonly returnsTo?: string;
}

/** A release that finished `days` ago, where its phase is terminal. */
function release(name: string, facts: Facts = {}): Release {
  const {
    phase = "succeeded",
    revision,
    days = 1,
    app = "web",
    environment = "production",
    tag,
    returnsTo,
  } = facts;
  return {
    metadata: metadata(name),
    spec: {
      app,
      environment,
      kind: "deploy",
      source:
        returnsTo === undefined
          ? { type: "stored" }
          : { type: "release", release: returnsTo, revision: 1 },
      words: {},
      requester: { provider: "slack", team: "T", user: "U" },
    },
    status: {
      phase,
      app,
      transitions: [],
      ...(tag === undefined ? {} : { plan: planOf(tag) }),
      ...(revision === undefined ? {} : { revision }),
      ...(isTerminal(phase) ? { finishedAt: new Date(now - days * day).toISOString() } : {}),
    },
  };
}

function planOf(tag: string): Plan {
  const spec = { replicas: 3, template: { image: tag } };
  return { ...plan, objects: JSON.stringify([{ kind: "Deployment", spec }]) };
}

function head(
  status: { applied?: string; current?: string; inFlight?: string },
  app = "web",
  environment = "production",
): Application {
  const of = (name: string): AppliedRelease => ({ release: name, revision: 1, manifest: "{}" });
  return {
    metadata: metadata(`${environment}.${app}`),
    spec: { app, environment },
    status: {
      nextRevision: 9,
      inventory: [],
      ...(status.applied === undefined ? {} : { applied: of(status.applied) }),
      ...(status.current === undefined ? {} : { current: of(status.current) }),
      ...(status.inFlight === undefined ? {} : { inFlight: status.inFlight }),
    },
  };
}

function gone(releases: readonly Release[], heads: readonly Application[] = []): readonly string[] {
  return outdated(releases, heads, rules, now)
    .map(({ metadata: { name } }) => name)
    .toSorted();
}

const five = [1, 2, 3, 4, 5].map((revision) => release(`r${revision}`, { revision }));

describe("retention", () => {
  it("keeps the newest applied releases of an app, by revision, whatever their age and order", () => {
    expect(gone(five)).toEqual(["r1", "r2"]);
    expect(gone(five.toReversed())).toEqual(["r1", "r2"]);
    expect(gone(five.slice(2))).toEqual([]);
  });

  it("counts each app in each environment for itself", () => {
    const other = [1, 2, 3].map((revision) => release(`o${revision}`, { revision, app: "api" }));
    const staging = [1, 2, 3].map((revision) =>
      release(`s${revision}`, { revision, environment: "staging" }),
    );
    expect(gone([...five, ...other, ...staging])).toEqual(["r1", "r2"]);
  });

  it("never drops what an app runs, returns to, or is about to run", () => {
    expect(gone(five, [head({ applied: "r2", current: "r1" })])).toEqual([]);
    expect(gone(five, [head({ inFlight: "r1" })])).toEqual(["r2"]);
  });

  it("never drops what a rollback of the current release returns to", () => {
    const releases = [
      release("r1", { revision: 1 }),
      release("r2", { revision: 2 }),
      ...[3, 4, 5, 6].map((revision) => release(`r${revision}`, { revision, phase: "failed" })),
      release("r7", { revision: 7 }),
    ];
    expect(gone(releases, [head({ applied: "r7", current: "r7" })])).toEqual(["r1", "r3", "r4"]);
  });

  it("never drops the version before, however often only the scale has changed since", () => {
    const releases = [
      release("r1", { revision: 1, tag: "2015" }),
      release("r2", { revision: 2, tag: "2016" }),
      ...[3, 4, 5, 6, 7].map((revision) => release(`r${revision}`, { revision, tag: "2017" })),
    ];
    expect(gone(releases, [head({ applied: "r7", current: "r7" })])).toEqual(["r1", "r3", "r4"]);
  });

  it("never drops what a waiting rollback returns to, and lets it go afterwards", () => {
    const waiting = release("back", { phase: "accepted", returnsTo: "r1" });
    expect(gone([...five, waiting])).toEqual(["r2"]);
    const refused = release("back", { phase: "refused", returnsTo: "r1" });
    expect(gone([...five, refused])).toEqual(["r1", "r2"]);
  });

  it("drops what applied nothing after its time, to the millisecond", () => {
    const refused = (days: number) => [release("x", { phase: "refused", days })];
    expect(gone(refused(7))).toEqual([]);
    expect(gone(refused(7 + 1 / day))).toEqual(["x"]);
  });

  it("keeps what applied nothing and has no time of finishing", () => {
    const strange = release("x", { phase: "refused" });
    const { finishedAt: _finishedAt, ...status } = strange.status ?? {
      phase: "refused",
      transitions: [],
    };
    expect(gone([{ ...strange, status }])).toEqual([]);
  });

  it("does not let refused releases push applied ones out", () => {
    const refused = Array.from({ length: 20 }, (_, at) => release(`x${at}`, { phase: "refused" }));
    expect(gone([...five.slice(2), ...refused])).toEqual([]);
  });

  it("keeps whatever is still running, also beyond the limit", () => {
    const running = release("r0", { revision: 0, phase: "progressing" });
    expect(gone([running, ...five])).toEqual(["r1", "r2"]);
    expect(gone([{ metadata: metadata("new"), spec: running.spec }])).toEqual([]);
  });

  it("holds its promises for any history", () => {
    const facts = fc.record({
      phase: fc.constantFrom(...releasePhases),
      revision: fc.option(fc.nat(30), { nil: undefined }),
      days: fc.nat(20),
      app: fc.constantFrom("web", "api"),
    });
    const history = fc.array(facts, { maxLength: 40 });
    fc.assert(
      fc.property(
        history,
        fc.nat(39),
        fc.nat(39),
        fc.nat(39),
        (all, applied, current, inFlight) => {
          const releases = all.map(({ revision, ...rest }, at) =>
            release(`r${at}`, { ...rest, ...(revision === undefined ? {} : { revision }) }),
          );
          const heads = [
            head({ applied: `r${applied}`, current: `r${current}`, inFlight: `r${inFlight}` }),
          ];
          const dropped = new Set(gone(releases, heads));
          for (const at of [applied, current, inFlight]) expect(dropped).not.toContain(`r${at}`);
          for (const {
            metadata: { name },
            status,
          } of releases) {
            if (!isTerminal(status?.phase ?? "accepted")) expect(dropped).not.toContain(name);
          }
          for (const app of ["web", "api"]) {
            const own = releases.filter(
              ({ status }) => status?.app === app && status.revision !== undefined,
            );
            const kept = own.filter(({ metadata: { name } }) => !dropped.has(name));
            expect(kept.length).toBeGreaterThanOrEqual(Math.min(own.length, rules.releases));
            const targets = own.filter(({ status }) => status?.phase === "succeeded");
            const keptTargets = targets.filter(({ metadata: { name } }) => !dropped.has(name));
            expect(keptTargets.length).toBeGreaterThanOrEqual(Math.min(targets.length, 2));
          }
          const rest = releases.filter(({ metadata: { name } }) => !dropped.has(name));
          expect(gone(rest, heads)).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
