import { describe, expect, it } from "vitest";
import type { ControllerPorts } from "../../src/controller/ports.ts";
import type { Accepted } from "../../src/controller/step.ts";
import { supersede } from "../../src/controller/superseding.ts";
import { openRules } from "../../src/policy/rules.ts";
import type { Application, Identity } from "../../src/release/release.ts";
import { release } from "../release/releases.ts";

const deployer: Identity = { provider: "slack", team: "T0TEAM", user: "U0DEPLOYER" };
const stranger: Identity = { ...deployer, user: "U0STRANGER" };

function asked(name: string, second: number, requester: Identity): Accepted {
  const at = new Date(Date.UTC(2017, 11, 6, 9, 0, second)).toISOString();
  const transitions = [{ phase: "accepted", at, actor: "docc" }] as const;
  const made = release({ phase: "accepted", transitions }, { requester });
  return {
    ...made,
    metadata: { ...made.metadata, name },
    status: { phase: "accepted", transitions },
  };
}

const env = {
  name: "production",
  rules: { ...openRules, supersede: true, deployers: [deployer.user] },
};

const known: Application = {
  metadata: release().metadata,
  spec: { app: "kubecon-2017", environment: "production" },
};

/** What becomes of the first of two requests, and by whose later one. */
async function first(later: Identity, head: Application | undefined): Promise<string | undefined> {
  const old = asked("old", 0, deployer);
  const all = [old, asked("new", 1, later)];
  const ports = {
    cache: { releases: () => all, application: () => head },
    organisation: { operators: [], roles: {}, teams: {} },
    people: [],
    directory: {
      isAmong: ({ user }: Identity, names: readonly string[]) =>
        Promise.resolve(names.includes(user)),
    },
    clock: { now: () => Date.UTC(2017, 11, 6, 9, 1) },
  };
  const step = await supersede(old, env, ports as unknown as ControllerPorts);
  return step !== undefined && "write" in step ? step.write.phase : undefined;
}

describe.each([
  ["is known", known],
  ["nobody has planned yet", undefined],
])("a request that waits, of an app that %s", (_name, head) => {
  it("gives way to a newer one of somebody who may ask for it", async () => {
    expect(await first(deployer, head)).toBe("superseded");
  });

  it("is not ended by a stranger's", async () => {
    expect(await first(stranger, head)).toBeUndefined();
  });
});
