import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { introduce } from "../../bench/apps.ts";
import { systemClock } from "../../src/clock.ts";
import { applications, commands } from "../../src/k8s/kinds.ts";
import { asApplication, asCommand } from "../../src/k8s/records.ts";
import { phaseOf } from "../../src/release/phases.ts";
import type { CommandRecord } from "../../src/release/command-record.ts";
import type { Lock } from "../../src/release/release.ts";
import { command } from "../conversation/main-job.ts";
import { type DoccProcess, shortLease, spawnDocc } from "../conversation/process.ts";
import { embeddedLive, openStage, type Stage } from "../conversation/stage.ts";
import { boundCommands, type Rule, statusAnswer } from "../support/proxy/fates.ts";

const hour = 60 * 60_000;
const by = { provider: "kubernetes", team: "", user: "operator@corp.example.com" } as const;

/** docc dies when it has done what a terminal asked, before anybody could be told; another docc does it once more. */
describe("commands of a terminal that are done twice", { timeout: 120_000 }, () => {
  let stage: Stage;
  let docc: DoccProcess | undefined;
  const start = async (): Promise<void> => {
    const { slack, cluster } = stage;
    docc = await spawnDocc({
      slack,
      cluster,
      rollout: embeddedLive.rollout,
      lease: shortLease,
      settings: { channel: "CDEPLOYS" },
      top: { operators: [`kubernetes:${by.user}`] },
    });
    await docc.ready;
  };
  beforeAll(async () => {
    stage = await openStage({ ...embeddedLive, hasProxies: true }, "none");
    await start();
    await introduce({ api: stage.world.api, home: stage.home, apps: ["held", "given"] });
    await stage.until("both are deployed", async () => {
      const all = await stage.releases();
      return all.filter((each) => phaseOf(each) === "succeeded").length === 2 ? true : undefined;
    });
  }, 120_000);
  afterAll(async () => {
    await docc?.kill();
    await stage.close();
  }, 60_000);

  const lockOf = async (app: string): Promise<Lock | undefined> => {
    const { items } = await stage.world.api.listAll(applications, { namespace: stage.home });
    return items.map(asApplication).find(({ spec }) => spec.app === app)?.status?.lock;
  };
  const ask = async (name: string, text: string): Promise<CommandRecord> => {
    const metadata = { name, namespace: stage.home };
    return asCommand(await stage.world.api.create(commands, { metadata, spec: { text, by } }));
  };
  const answered = async (name: string): Promise<CommandRecord["status"]> =>
    asCommand(await stage.world.api.get(commands, { namespace: stage.home, name })).status;

  it("lock until the same time, and take away no lock that somebody set in between", async () => {
    let isDying = true;
    const rule: Rule = (call) =>
      isDying && call.kind === "PUT commands/status"
        ? statusAnswer(500, "InternalError")
        : boundCommands(call);
    stage.proxies?.kube.follow(rule);
    await command(stage, "/docc lock given");
    await stage.until("it is locked", () => lockOf("given"));

    const lock = await ask("command-1", "lock held in=production for=2h");
    const first = await stage.until("docc locks", () => lockOf("held"));
    const unlock = await ask("command-2", "unlock given in=production");
    await stage.until("docc unlocks", async () =>
      (await lockOf("given")) === undefined ? true : undefined,
    );
    const secondAfter = Date.parse(unlock.metadata.creationTimestamp) + 1_000;
    await stage.until("another second begins", () =>
      systemClock.now() >= secondAfter ? true : undefined,
    );
    await command(stage, "/docc lock given reason=incident", "approver");
    const later = await stage.until("somebody else locks", () => lockOf("given"));
    expect([await answered("command-1"), await answered("command-2")]).toEqual([
      undefined,
      undefined,
    ]);

    await docc?.kill();
    isDying = false;
    await start();
    const locked = await stage.until("the lock is answered", () => answered("command-1"));
    expect(locked.sentence).toMatch(
      /^(Locked|You had locked) held in production.* until .* UTC\.$/u,
    );
    const again = await lockOf("held");
    const asked = Date.parse(lock.metadata.creationTimestamp);
    expect(again?.at).toBe(first.at);
    // Nothing that the second docc reckoned by its own time.
    expect([first.until, new Date(asked + 2 * hour).toISOString()]).toContain(again?.until);
    const kept = await stage.until("the unlock is answered", () => answered("command-2"));
    expect(kept).toMatchObject({
      outcome: "refused",
      code: "conflict",
      sentence: "given in production was locked after you had asked to unlock it, and stays so.",
      lines: [
        "It is locked by @UAPPROVER: incident.",
        "To end that lock too, ask again: /docc unlock given in=production",
      ],
    });
    expect(await lockOf("given")).toEqual(later);
  });
});
