import { describe, expect, it } from "vitest";
import { isFirst } from "../../src/controller/planning.ts";
import type { ControllerPorts } from "../../src/controller/ports.ts";
import type { Accepted } from "../../src/controller/step.ts";
import type { Application, Phase, Release } from "../../src/release/release.ts";

const at = (second: number): string => new Date(second * 1_000).toISOString();

function release(name: string, second: number, phase: Phase): Accepted {
  return {
    metadata: {
      name,
      namespace: "docc",
      uid: name,
      resourceVersion: "1",
      creationTimestamp: at(second),
    },
    spec: {
      app: "web",
      environment: "staging",
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: { provider: "slack", team: "T1", user: "U1" },
    },
    status: {
      phase,
      app: "web",
      transitions: [{ phase: "accepted", at: at(second), actor: "U1" }],
    },
  };
}

function portsOf(releases: readonly Release[], inFlight?: string): ControllerPorts {
  const head: Application = {
    metadata: {
      name: "staging.web",
      namespace: "docc",
      uid: "head",
      resourceVersion: "1",
      creationTimestamp: at(0),
    },
    spec: { app: "web", environment: "staging" },
    status: { nextRevision: 1, inventory: [], ...(inFlight === undefined ? {} : { inFlight }) },
  };
  const cache = { releases: () => releases, application: () => head };
  return { cache } as unknown as ControllerPorts;
}

describe("whose turn it is", () => {
  it("is the oldest release's of the app that has not ended", () => {
    const [older, younger] = [release("a", 1, "accepted"), release("b", 2, "accepted")];
    const ports = portsOf([older, younger]);
    expect([isFirst(older, "web", ports), isFirst(younger, "web", ports)]).toEqual([true, false]);
  });

  it("is not held up by one that waits for people", () => {
    const [older, younger] = [release("a", 1, "awaiting-approval"), release("b", 2, "accepted")];
    expect(isFirst(younger, "web", portsOf([older, younger]))).toBe(true);
  });

  it("stays with the one that holds the head when an older one is approved meanwhile", () => {
    const [older, younger] = [release("a", 1, "approved"), release("b", 2, "planned")];
    const ports = portsOf([older, younger], "b");
    expect(isFirst(younger, "web", ports)).toBe(true);
  });
});
