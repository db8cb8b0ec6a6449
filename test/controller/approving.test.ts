import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { goOn } from "../../src/controller/approving.ts";
import type { FreshPlans } from "../../src/controller/fresh-plans.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import type { Accepted } from "../../src/controller/step.ts";
import { type EnvironmentRules, openRules } from "../../src/policy/rules.ts";
import type { Application, ApplicationStatus, Lock } from "../../src/release/release.ts";
import { startedAt } from "../release/cluster.ts";
import { plan, release } from "../release/releases.ts";

const minute = 60_000;
const iso = (at: number): string => new Date(at).toISOString();

/** A release that was planned a moment ago, and what becomes of it by the rules of now. */
async function next(
  status: Partial<ApplicationStatus>,
  rules: Partial<EnvironmentRules> = {},
): Promise<string> {
  const made = release();
  const { name } = made.metadata;
  const planned: Accepted = {
    ...made,
    status: {
      phase: "planned",
      app: "kubecon-2017",
      plan,
      transitions: [{ phase: "planned", at: iso(startedAt), actor: "docc" }],
    },
  };
  const head: Application = {
    metadata: { ...made.metadata, name: "production.kubecon-2017" },
    spec: { app: "kubecon-2017", environment: "production" },
    status: { nextRevision: 2, inventory: [], inFlight: name, ...status },
  };
  const env = {
    name: "production",
    rules: { ...openRules, ...rules },
    rollout: { timeout: 10 * minute, stable: minute },
  };
  const ports = {
    cache: { application: () => head },
    organisation: { operators: [], roles: {}, teams: {} },
    people: [],
    directory: { isAmong: () => Promise.resolve(false) },
    clock: new SteppedClock(startedAt + 2_000),
  };
  const step = await goOn(
    { release: planned, app: "kubecon-2017", plan },
    env as unknown as Environment,
    ports as unknown as ControllerPorts,
    { has: () => true } as unknown as FreshPlans,
  );
  if (!("write" in step)) return "waits";
  const { phase, verdict } = step.write;
  return verdict?.cause === undefined ? phase : `${phase}: ${verdict.cause.code}`;
}

const lock = (rest: Partial<Lock> = {}): Lock => ({
  by: { provider: "slack", team: "T0TEAM", user: "U0OTHER" },
  reason: "load test",
  at: iso(startedAt + 1_000),
  ...rest,
});

describe("a plan for which nobody is asked", () => {
  it("is applied at once", async () => {
    expect(await next({})).toBe("applying");
  });

  it("is not applied past a lock that came since", async () => {
    expect(await next({ lock: lock() })).toBe("refused: locked");
    const own = lock({ by: release().spec.requester });
    expect(await next({ lock: own })).toBe("applying");
    expect(await next({ lock: lock({ until: iso(startedAt + 1_500) }) })).toBe("applying");
  });

  it("is not applied into a freeze that began since, nor for who may not deploy any more", async () => {
    const always = { from: "* * * * *", lasts: minute, zone: "UTC", reason: "holidays" };
    expect(await next({}, { freezes: [always] })).toBe("refused: frozen");
    expect(await next({}, { deployers: ["U0OTHER"] })).toBe("refused: not-entitled");
  });
});
