import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { installDocc } from "../../sandbox/install.ts";
import { SteppedClock } from "../../sandbox/clock.ts";
import { recordsIn } from "../../src/audit/segment.ts";
import { begin, finish, follow, type Verdict } from "../../src/audit/verify.ts";
import { systemClock } from "../../src/clock.ts";
import {
  Sealer,
  type SealingPorts,
  type SealingRules,
  startSealing,
} from "../../src/jobs/sealing.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { createAuditReader } from "../../src/k8s/audit-reader.ts";
import { connect, type Connection } from "../../src/k8s/connection.ts";
import { auditRecords, auditSegments, namespaces } from "../../src/k8s/kinds.ts";
import { createLogger } from "../../src/log.ts";
import type { Release } from "../../src/release/release.ts";
import { hash, record } from "../audit/records.ts";
import type { ContractTarget } from "../k8s/contract.ts";
import { release } from "../release/releases.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** The whole log's verdict, as `docc audit --verify` comes to it. */
async function verdictOf(store: AuditStore): Promise<Verdict> {
  let progress = begin({ hash });
  for await (const segment of store.segments()) progress = follow(progress, segment, { hash });
  const waiting = await store.waiting(1_000);
  return finish(
    progress,
    waiting.map((each) => each.record),
    { hash },
  );
}

/** What sealing does on any API server, embedded or real. */
export function sealingContract(getTarget: () => Promise<ContractTarget>): void {
  let connection: Connection;
  let api: KubeApi;
  let store: AuditStore;
  let namespace = "";
  let clock: SteppedClock;
  let releases: readonly Release[] = [];
  let told: string[] = [];
  const made: string[] = [];

  beforeAll(async () => {
    connection = connect({ ...(await getTarget()), clock: systemClock });
    api = createApi(connection);
  });
  beforeEach(async () => {
    namespace = `audit-${randomUUID().slice(0, 8)}`;
    made.push(namespace);
    await installDocc(api, { namespaces: [namespace], clock: systemClock });
    store = createAuditStore(api, namespace);
    clock = new SteppedClock();
    releases = [];
    told = [];
  });
  afterAll(async () => {
    for (const name of made) await api.delete(namespaces, { name });
    await connection.close();
  });

  const ports = (over: AuditStore): SealingPorts => ({
    clock,
    store: over,
    cache: { releases: () => releases },
    tell: (channel, text) => {
      told.push(`${channel} ${text}`);
      return Promise.resolve();
    },
    hash,
    log: createLogger("silent"),
  });
  /** Another leader: it knows nothing but what the cluster says. */
  const leader = (rules: Partial<SealingRules> = {}, over: AuditStore = store): Sealer =>
    new Sealer(ports(over), { sealAfter: 5 * minute, ...rules });
  /** A release that has just succeeded, and that nobody has recorded. */
  const unrecorded = (name: string): Release => {
    const base = release();
    return {
      ...base,
      metadata: { ...base.metadata, name, creationTimestamp: now() },
      status: {
        phase: "succeeded",
        transitions: [{ phase: "succeeded", at: now(), actor: "docc" }],
        finishedAt: now(),
      },
    };
  };
  const now = (): string => new Date(clock.now()).toISOString();
  const write = (name: string) => store.createRecord(record(name, { time: now() }));
  const sealedNames = async (): Promise<readonly string[][]> => {
    const all: string[][] = [];
    for await (const segment of store.segments()) {
      all.push(recordsIn(segment).map(({ name }) => name));
    }
    return all;
  };
  const waitingNames = async (): Promise<readonly string[]> =>
    (await store.waiting(100)).map((each) => each.record.name).toSorted();

  it("seals what waited long enough, with all that waits beside it, and deletes it there", async () => {
    const sealer = leader();
    await write("b");
    clock.step(minute);
    await write("a");
    await sealer.look();
    expect(await sealedNames()).toEqual([]);
    clock.step(4 * minute);
    await sealer.look();
    expect(await sealedNames()).toEqual([["b", "a"]]);
    expect(await waitingNames()).toEqual([]);
    expect(await verdictOf(store)).toMatchObject({
      ok: true,
      segments: 1,
      records: 2,
      unsealed: 0,
    });
  });

  it("goes on with the same chain in another process", async () => {
    for (const name of ["a", "b", "c"]) {
      await write(name);
      clock.step(6 * minute);
      await leader().look();
    }
    expect(await sealedNames()).toEqual([["a"], ["b"], ["c"]]);
    expect(await verdictOf(store)).toMatchObject({ ok: true, head: { number: 3 }, records: 3 });
  });

  it("cannot be forked: a leader that slept finds the number taken, and loses nothing", async () => {
    const slow = leader();
    await slow.look();
    const stale: AuditStore = {
      ...store,
      // It has looked before the other one sealed, and writes afterwards.
      createSegment: async (segment) => {
        await leader().look();
        return store.createSegment(segment);
      },
    };
    await write("a");
    clock.step(6 * minute);
    const other = leader({}, stale);
    await other.look();
    await write("b");
    clock.step(6 * minute);
    await slow.look();
    await other.look();
    expect(await sealedNames()).toEqual([["a"], ["b"]]);
    expect((await verdictOf(store)).ok).toBe(true);
  });

  it("seals nothing twice when it died between the segment and the deletion", async () => {
    await write("a");
    clock.step(6 * minute);
    const dying: AuditStore = {
      ...store,
      deleteRecord: () => Promise.reject(new Error("killed")),
    };
    await expect(leader({}, dying).look()).rejects.toThrow("killed");
    expect(await waitingNames()).toEqual(["a"]);
    await write("b");
    clock.step(6 * minute);
    await leader().look();
    expect(await sealedNames()).toEqual([["a"], ["b"]]);
    expect(await waitingNames()).toEqual([]);
  });

  it("records once what comes again after it was sealed", async () => {
    const sealer = leader();
    for (const name of ["a", "a", "b"]) {
      await write(name);
      clock.step(6 * minute);
      await sealer.look();
    }
    expect(await sealedNames()).toEqual([["a"], ["b"]]);
  });

  it("makes records again of Releases that have none, once", async () => {
    const name = "shop-0123456789ab";
    releases = [unrecorded(name)];
    const end = `end-${name}.succeeded.${clock.now()}`;
    const sealer = leader();
    await sealer.look();
    expect(await waitingNames()).toEqual([end]);
    clock.step(3 * minute);
    await sealer.look();
    expect(await waitingNames()).toEqual([end, `request-${name}`]);
    clock.step(3 * minute);
    for (let restarts = 0; restarts < 3; restarts += 1) {
      await leader().look();
      clock.step(minute);
    }
    expect(await sealedNames()).toEqual([[`request-${name}`, end].toSorted()]);
    clock.step(40 * day);
    await leader().look();
    await write("x");
    clock.step(6 * minute);
    await leader().look();
    clock.step(6 * minute);
    await leader().look();
    expect((await sealedNames()).flat().filter((each) => each.includes(name))).toHaveLength(2);
  });

  it("stops between two records when its term ends, and the next leader goes on", async () => {
    releases = ["a", "b", "c"].map((letter) => unrecorded(`${letter}-0123456789ab`));
    const begun = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const slow: AuditStore = {
      ...store,
      createRecord: async (each) => {
        begun.resolve();
        await goesOn.promise;
        return store.createRecord(each);
      },
    };
    const jobs = startSealing(ports(slow), { sealAfter: 5 * minute });
    await begun.promise;
    const stopped = jobs.stop();
    goesOn.resolve();
    await stopped;
    expect(await waitingNames()).toHaveLength(1);
    await leader().look();
    expect(await waitingNames()).toHaveLength(3);
  });

  it("posts the head once a day, and not when nothing was sealed since", async () => {
    const rules = { channel: "CAUDIT" };
    await write("a");
    clock.step(6 * minute);
    await leader(rules).look();
    await leader(rules).look();
    const [one = ""] = told;
    expect(told).toHaveLength(1);
    expect(one).toMatch(/^CAUDIT Audit log sealed: segment 1, 1 record, head sha256:[0-9a-f]{64}$/);
    clock.step(day);
    await leader(rules).look();
    clock.step(day);
    await leader(rules).look();
    expect(told, "only the note of the post was sealed since").toHaveLength(1);
    await write("b");
    clock.step(6 * minute);
    await leader(rules).look();
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/segment 3, 3 records/);
  });

  it("says at its start when the log does not hold, and goes on behind its end", async () => {
    for (const name of ["a", "b", "c"]) {
      await write(name);
      clock.step(6 * minute);
      await leader().look();
    }
    await api.delete(auditSegments, { namespace, name: "segment-00000002" });
    await write("d");
    clock.step(6 * minute);
    await leader({ channel: "CAUDIT" }).look();
    expect(told[0]).toBe(
      "CAUDIT The audit log does not hold. Segment 2 is missing: segment 3 comes next.",
    );
    expect(await sealedNames()).toEqual([["a"], ["c"], ["d"]]);
    expect(await verdictOf(store)).toMatchObject({ ok: false });
  });

  it(
    "seals a flood in segments of 500, and reads it from the end",
    { timeout: 60_000 },
    async () => {
      const names = Array.from({ length: 620 }, (_, at) => `r${String(at).padStart(3, "0")}`);
      for (const name of names) {
        clock.step(1);
        await write(name);
      }
      await leader().look();
      expect((await sealedNames()).map((each) => each.length)).toEqual([500]);
      clock.step(6 * minute);
      await leader().look();
      expect((await sealedNames()).flat()).toEqual(names);
      const read = createAuditReader(store);
      const { records } = await read({ lines: 130 });
      expect(records.map(({ name }) => name)).toEqual(names.toReversed().slice(0, 130));
    },
  );

  describe("the reader", () => {
    it("finds the end of a long log, whatever of its beginning is archived", async () => {
      for (let at = 0; at < 11; at += 1) {
        await store.createRecord(
          record(`r${at}`, { time: now(), app: at % 5 === 0 ? "shop" : "web" }),
        );
        clock.step(6 * minute);
        await leader().look();
      }
      await write("waits");
      for (const number of ["1", "2", "3"]) {
        await api.delete(auditSegments, { namespace, name: `segment-0000000${number}` });
      }
      const read = createAuditReader(store);
      const names = async (query: Parameters<typeof read>[0]) =>
        (await read(query)).records.map(({ name }) => name);
      expect(await names({ lines: 3 })).toEqual(["waits", "r10", "r9"]);
      expect(await names({ lines: 3, app: "shop" })).toEqual(["r10", "r5"]);
      expect(await names({ lines: 9, since: clock.now() - 13 * minute })).toEqual([
        "waits",
        "r10",
        "r9",
      ]);
      await expect(api.listAll(auditRecords, { namespace })).resolves.toMatchObject({
        items: [{ metadata: { name: "waits" } }],
      });
    });
  });
}
