import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { introduce } from "../../bench/apps.ts";
import { Random } from "../../fuzz/random.ts";
import type { Message } from "../../sandbox/slack/types.ts";
import type { AuditRecord } from "../../src/audit/record.ts";
import { createAuditStore } from "../../src/k8s/audit-store.ts";
import { phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { readMark, rootKey } from "../../src/slack/marks.ts";
import { listHeads, listReleases, listRunning, listSaid } from "../chaos/gather.ts";
import type { Asked, Said } from "../chaos/history.ts";
import { judge } from "../chaos/judge.ts";
import { type DoccProcess, shortLease, spawnDocc } from "../conversation/process.ts";
import { embeddedLive, openStage, type Stage } from "../conversation/stage.ts";
import { deliver, type Gesture } from "./deliveries.ts";

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
// Few: a channel takes a message a second, and each of them is told in a thread.
const apps = Array.from({ length: 6 }, (_, at) => `app-${at}`);
/** They are locked after their first deploy. */
const locked = Array.from({ length: 3 }, (_, at) => `locked-${at}`);

describe(`two replicas and a Slack that says everything again (seed ${seed})`, () => {
  const random = new Random(seed, 0);
  const asked: Asked[] = [];
  let stage: Stage;
  let replicas: readonly DoccProcess[] = [];
  let delivered = 0;
  beforeAll(async () => {
    stage = await openStage(embeddedLive, "none");
    const { slack, cluster } = stage;
    const settings = {
      approval: { count: 1, from: ["UAPPROVER", "UMAINTAINER"] },
      channel: "CDEPLOYS",
    };
    const { rollout } = embeddedLive;
    const start = (): Promise<DoccProcess> =>
      spawnDocc({ slack, cluster, rollout, lease: shortLease, settings });
    replicas = await Promise.all([start(), start()]);
    await Promise.all(replicas.map(({ ready }) => ready));
    await introduce({ api: stage.world.api, home: stage.home, apps: [...apps, ...locked] });
  }, 120_000);
  afterAll(async () => {
    for (const docc of replicas) docc.wake();
    await Promise.all(replicas.map((docc) => docc.kill()));
    await stage.close();
  }, 60_000);

  const layout = () => ({
    home: stage.home,
    environments: [{ name: "production", namespace: stage.apps, channel: "CDEPLOYS" }],
    places: [],
  });
  /** Delivers all, and so many deliveries in the end. */
  const play = async (gestures: readonly Gesture[], total: number): Promise<void> => {
    const acks = await deliver(gestures, total - gestures.length, stage.slack, random);
    delivered += acks.length;
    expect(acks.filter(({ ok }) => !ok)).toEqual([]);
  };
  const typed = (who: string, text: string): Gesture => {
    const person = stage.slack.as(who);
    return () => person.command("#deploys", text);
  };
  const pressed = (who: string, root: Message, button: string): Gesture => {
    const person = stage.slack.as(who);
    return () => person.click(root, button);
  };
  const asks = (app: string, tag: string): Gesture => {
    const mark = `m${asked.length + 1}`;
    asked.push({ mark, app, environment: "production", accepted: "yes" });
    return typed("developer", `/docc deploy ${app} tag=${tag} reason=${mark}`);
  };
  /** The root message of each release that waits, once all of them ask for it. */
  const waiting = (wanted: readonly string[]): Promise<ReadonlyMap<string, Asking>> =>
    stage.until("all ask for approval", async () => {
      const open = (await stage.releases()).filter(
        (release) => phaseOf(release) === "awaiting-approval",
      );
      const found = new Map<string, Asking>();
      for (const release of open) {
        const root = stage.roots().find((each) => isRootOf(each, release));
        const app = release.spec.app ?? "";
        if (root !== undefined && stage.read(root).includes("[Approve]"))
          found.set(app, { root, release });
      }
      return wanted.every((app) => found.has(app)) ? found : undefined;
    });
  const records = async (): Promise<readonly AuditRecord[]> => {
    const store = createAuditStore(stage.world.api, stage.home);
    return (await store.waiting(2_000)).map(({ record }) => record);
  };
  const judged = async () =>
    judge({
      said: listSaid(stage.slack, layout(), new Map()).filter((each) => !isPrivateAnswer(each)),
      asked,
      releases: await listReleases(stage.world.api, layout()),
      heads: await listHeads(stage.world.api, layout()),
      running: await listRunning(stage.world.api, layout()),
      mayLook: true,
      now: Date.now(),
      patienceMs: 60_000,
    });
  /** Until everything has been told: the records end before their messages do. */
  const sound = (): Promise<true> =>
    stage.until("everything had its effect, once", async () => {
      const findings = await judged();
      const doubled = findings.filter(({ fault }) => fault === "doubled");
      if (doubled.length > 0) throw new Error(JSON.stringify(doubled));
      return findings.length === 0 ? true : undefined;
    });

  it("has 500 deliveries take effect once each", { timeout: 400_000 }, async () => {
    const first = await waiting([...apps, ...locked]);
    const yes = [...apps, ...locked].flatMap((app) => {
      const { root } = at(first, app);
      return [pressed("approver", root, "Approve"), pressed("maintainer", root, "Approve")];
    });
    await play(yes, 190);
    await stage.ended(apps.length + locked.length);

    const looks = apps.flatMap((app) =>
      ["developer", "approver", "maintainer"].map((who) => typed(who, `/docc history ${app}`)),
    );
    const locks = locked.map((app) => typed("developer", `/docc lock ${app} for=2h reason=twice`));
    await play([...apps.map((app) => asks(app, "2017")), ...locks, ...looks], 170);
    const second = await waiting(apps);

    const [approved, cancelled, rejected] = [apps.slice(0, 2), apps.slice(2, 4), apps.slice(4)];
    const last = [
      ...approved.flatMap((app) => {
        const { root, release } = at(second, app);
        const words = `/docc approve ${release.metadata.name}`;
        return [pressed("approver", root, "Approve"), typed("maintainer", words)];
      }),
      // Whoever is first: only one of the two may count.
      ...cancelled.flatMap((app) => {
        const { root } = at(second, app);
        return [pressed("developer", root, "Cancel"), pressed("approver", root, "Approve")];
      }),
      ...rejected.map((app) => {
        const { name } = at(second, app).release.metadata;
        return typed("maintainer", `/docc reject ${name} reason=no`);
      }),
    ];
    await play(last, 140);
    await stage.ended(2 * apps.length + locked.length);
    expect(delivered).toBe(500);

    await sound();
    const all = await stage.releases();
    const [rollbacks, deploys] = [true, false].map((isRollback) =>
      all.filter(({ spec }) => (spec.kind === "rollback") === isRollback),
    );
    expect(deploys).toHaveLength(2 * apps.length + locked.length);
    // A Cancel that comes after the Approve stops what runs: that is rolled back, once.
    expect(rollbacks).toHaveLength(all.filter(({ status }) => status?.stop !== undefined).length);
    for (const release of all) oneDecision(release);
    const rejects = all.filter((release) => phaseOf(release) === "rejected");
    expect(rejects.map(({ spec: { app = "" } }) => app).toSorted()).toEqual(rejected.toSorted());
    onceRecorded(await records());
    const announced = stage.slack
      .messages("#deploys")
      .flatMap(
        (message) => /(locked-\d+) in production is locked/.exec(stage.read(message))?.[1] ?? [],
      );
    expect(announced.toSorted()).toEqual(locked.toSorted());
  });

  it(
    "a replica that stood still and wakes up does nothing a second time",
    { timeout: 200_000 },
    async () => {
      const before = (await stage.releases()).length;
      const sleeper = random.pick(replicas);
      sleeper.pause();
      let missed = 0;
      // Those that run 2017 or 2016: another deploy of 2016 with more memory is always a change.
      const free: string[] = [];
      // Which replica hears of one is chance: nine times the one that is awake come once in five hundred runs.
      for (const app of [...apps, ...locked]) {
        if (missed > 1) break;
        free.push(app);
        const known = stage.slack.deliveries().length;
        let { ack } = await asks(app, "2016 memory=200Mi")();
        const id = stage.slack.deliveries()[known]?.id;
        // Slack shows the person an error; what comes again is the same delivery.
        while (!ack.ok) {
          missed += 1;
          ack = await stage.slack.redeliver(id);
        }
      }
      sleeper.wake();
      const open = await waiting(free);
      for (const app of free) await pressed("approver", at(open, app).root, "Approve")();
      await stage.ended(before + free.length);
      await sound();
      expect(await stage.releases()).toHaveLength(before + free.length);
      expect(missed).toBeGreaterThan(0);
    },
  );
});

/**
 * Where a gesture is delivered again and again, its answers are more than Slack takes beside the asker's message;
 * those come as direct ones, as often as it was delivered.
 */
function isPrivateAnswer({ mark, text }: Said): boolean {
  return mark === undefined && /^(Releases of|About) /m.test(text);
}

interface Asking {
  readonly root: Message;
  readonly release: Release;
}

/** One person's word counts, and it is there once. */
function oneDecision({ metadata: { name }, status }: Release): void {
  const { approvals = [], transitions = [] } = status ?? {};
  expect(approvals.length, name).toBeLessThanOrEqual(1);
  const phases = transitions.map(({ phase }) => phase);
  expect(new Set(phases).size, `${name}: ${phases.join(", ")}`).toBe(phases.length);
}

function onceRecorded(records: readonly AuditRecord[]): void {
  const commands = records.filter(({ type }) => type === "command");
  const deliveries = commands.flatMap(({ delivery }) => delivery ?? []);
  const again = commands.filter(
    ({ delivery = "" }) => deliveries.filter((each) => each === delivery).length > 1,
  );
  expect(again).toEqual([]);
  const count = (isIt: (record: AuditRecord) => boolean): number => records.filter(isIt).length;
  expect(count(({ type, word }) => type === "command" && word === "deploy")).toBe(apps.length);
  expect(count(({ type, word }) => type === "command" && word === "lock")).toBe(locked.length);
  expect(count(({ type, word }) => type === "command" && word === "history")).toBe(3 * apps.length);
  // Both persons' words on every first plan; then two on a third of the second plans, and one on another third.
  expect(count(({ type, word }) => type === "command" && word === "approve")).toBe(
    2 * (apps.length + locked.length) + apps.length,
  );
}

function at(found: ReadonlyMap<string, Asking>, app: string): Asking {
  const asking = found.get(app);
  if (asking === undefined) throw new Error(`${app} does not wait`);
  return asking;
}

function isRootOf({ metadata, threadTs }: Message, release: Release): boolean {
  const mark = readMark(metadata);
  return threadTs === undefined && mark?.key === rootKey && mark.release === release.metadata.uid;
}
