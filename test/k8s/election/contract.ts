import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createApi, type KubeApi } from "../../../src/k8s/api.ts";
import { connect, type Connection } from "../../../src/k8s/connection.ts";
import { type Election, openElection } from "../../../src/k8s/election/elector.ts";
import { onlyWhile } from "../../../src/k8s/election/fence.ts";
import { configMaps, leases, namespaces } from "../../../src/k8s/kinds.ts";
import { KubeError } from "../../../src/k8s/errors.ts";
import { eventually, until } from "../../support/until.ts";
import type { ContractTarget } from "../contract.ts";

const times = { duration: 2_000, renewDeadline: 1_300, retryPeriod: 200 };

/** A candidate whose network can be cut and whose process can be held still. */
interface Rival {
  readonly election: Election;
  /** What befell the work of its terms, in order. */
  readonly heard: string[];
  /** What its log has warned of. */
  readonly warned: string[];
  /** From now on its work does not stop cleanly. */
  spoil(): void;
  cut(): void;
  /** As if the process had stood still for so long: its monotonic clock is that far ahead. */
  pause(ms: number): void;
}

/** The election on any API server, embedded or real. */
export function electionContract(getTarget: () => Promise<ContractTarget>): void {
  let connection: Connection;
  let api: KubeApi;
  const namespace = `election-${randomUUID().slice(0, 8)}`;
  const rivals: Rival[] = [];
  let name = "";

  beforeAll(async () => {
    connection = connect({ ...(await getTarget()), clock: systemClock });
    api = createApi(connection);
    await api.create(namespaces, { metadata: { name: namespace } });
  });
  afterEach(async () => {
    await Promise.all(rivals.splice(0).map(({ election }) => election.stop(0)));
  });
  afterAll(async () => {
    await api.delete(namespaces, { name: namespace });
    await connection.close();
  });

  const campaign = (identity: string, clock: Clock = systemClock): Rival => {
    let isCut = false;
    let ahead = 0;
    let isSpoilt = false;
    const heard: string[] = [];
    const warned: string[] = [];
    const refuse = (): void => {
      if (isCut) throw new KubeError("unavailable", "The network is cut.");
    };
    const election = openElection({
      api: {
        ...api,
        find: async (...args) => (refuse(), api.find(...args)),
        create: async (...args) => (refuse(), api.create(...args)),
        replace: async (...args) => (refuse(), api.replace(...args)),
      },
      namespace,
      name,
      identity,
      times,
      clock,
      monotonic: () => performance.now() + ahead,
      random: Math.random,
      log: { info: () => undefined, warn: (_fields, text) => void warned.push(text) },
    });
    election.serve(({ number }) => {
      heard.push(`begin ${number}`);
      return {
        stop: async (graceMs) => {
          heard.push(`${graceMs === undefined ? "over" : "end"} ${number} ${election.leads()}`);
          return isSpoilt ? Promise.reject(new Error("not clean")) : Promise.resolve();
        },
      };
    });
    const rival: Rival = {
      election,
      heard,
      warned,
      spoil: () => {
        isSpoilt = true;
      },
      cut: () => {
        isCut = true;
      },
      pause: (ms) => {
        ahead += ms;
      },
    };
    rivals.push(rival);
    return rival;
  };
  const fresh = (): void => {
    name = `lease-${randomUUID().slice(0, 8)}`;
  };
  const stored = async () => (await api.get(leases, { namespace, name })).spec;
  const holds = async (what: string, ask: () => Promise<boolean>): Promise<void> =>
    void (await eventually(what, async () => ((await ask()) ? true : undefined)));
  const leader = async (rival: Rival): Promise<void> =>
    until("it leads", () => rival.election.leads());

  describe("a lease", () => {
    it("that is not there is taken by the first look, as client-go would write it", async () => {
      fresh();
      const { election } = campaign("a");
      await election.looked();
      expect(election.leads()).toBe(true);
      const spec = await stored();
      expect(spec).toMatchObject({
        holderIdentity: "a",
        leaseDurationSeconds: 2,
        leaseTransitions: 0,
      });
      expect(spec?.acquireTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      await holds("it is renewed", async () => (await stored())?.renewTime !== spec?.renewTime);
      expect((await stored())?.acquireTime).toBe(spec?.acquireTime);
    });

    it("that is given up is another's within a second, and the work ended before it was", async () => {
      fresh();
      const first = campaign("a");
      await leader(first);
      const second = campaign("b");
      await second.election.looked();
      expect(second.election.leads()).toBe(false);
      await first.election.stop(1_000);
      expect(first.heard.slice(0, 2)).toEqual(["begin 1", "end 1 true"]);
      const released = performance.now();
      await leader(second);
      expect(performance.now() - released).toBeLessThan(1_000);
      expect(await stored()).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
    });

    it("is given up all the same by one whose work does not stop cleanly, and its log says so", async () => {
      fresh();
      const rival = campaign("a");
      await leader(rival);
      await until("its work has begun", () => rival.heard.length > 0);
      rival.spoil();
      await rival.election.stop(1_000);
      expect((await stored())?.holderIdentity).toBe("");
      // With the grace, and once more to fence off what is left.
      const told = rival.warned.filter((each) => each.includes("did not stop cleanly"));
      expect(told).toHaveLength(2);
    });

    it("whose holder is cut off is taken when it has expired, never while the holder leads", async () => {
      fresh();
      const first = campaign("a");
      await leader(first);
      const second = campaign("b");
      await second.election.looked();
      first.cut();
      const cutAt = performance.now();
      await until("the second leads", () => {
        expect(first.election.leads() && second.election.leads()).toBe(false);
        return second.election.leads();
      });
      const took = performance.now() - cutAt;
      expect(took).toBeGreaterThan(times.duration - times.retryPeriod * 2);
      await until("the first has heard of it", () => first.heard.includes("over 1 false"));
    });

    it("does not depend on what clocks of the wall show", async () => {
      fresh();
      const skewed = (ms: number): Clock => ({ ...systemClock, now: () => Date.now() + ms });
      const first = campaign("a", skewed(-600_000));
      await leader(first);
      const second = campaign("b", skewed(600_000));
      await second.election.looked();
      const term = first.election.term();
      await holds("it was renewed often", async () => {
        expect(second.election.leads()).toBe(false);
        const { renewTime = "", acquireTime = "" } = (await stored()) ?? {};
        return Date.parse(renewTime) - Date.parse(acquireTime) > times.duration * 1.5;
      });
      expect(first.election.term()).toBe(term);
    });

    it("binds nobody who stood still: it leads no more at its very next look", async () => {
      fresh();
      const rival = campaign("a");
      await leader(rival);
      await until("its work has begun", () => rival.heard.length > 0);
      rival.pause(times.renewDeadline);
      expect(rival.election.leads()).toBe(false);
      await until("a new term", () => rival.heard.includes("begin 2"));
      expect(rival.heard).toEqual(["begin 1", "over 1 false", "begin 2"]);
    });

    it("may be labelled by somebody; whoever writes another holder into it ends the term", async () => {
      fresh();
      const rival = campaign("a");
      await leader(rival);
      const term = rival.election.term();
      await api.patch(leases, { namespace, name }, { metadata: { labels: { hello: "you" } } });
      const { renewTime } = (await stored()) ?? {};
      await holds("it is renewed", async () => (await stored())?.renewTime !== renewTime);
      expect(rival.election.term()).toBe(term);
      const { metadata } = await api.get(leases, { namespace, name });
      expect(metadata.labels).toEqual({ hello: "you" });
      await api.patch(leases, { namespace, name }, { spec: { holderIdentity: "other" } });
      await until("its term is over", () => rival.heard.includes("over 1 false"));
      expect(rival.election.leads()).toBe(false);
    });

    it("that somebody deletes is made again by its holder", async () => {
      fresh();
      const first = campaign("a");
      await leader(first);
      const second = campaign("b");
      await second.election.looked();
      await api.delete(leases, { namespace, name });
      await holds("it is there again", async () => {
        expect(second.election.leads()).toBe(false);
        return (await api.find(leases, { namespace, name })) !== undefined;
      });
      expect(await stored()).toMatchObject({ holderIdentity: "a" });
      expect(first.heard).toEqual(["begin 1"]);
    });
  });

  it("fences writes at the last moment, but neither reads nor dry runs", async () => {
    let isLeading = true;
    const led = createApi(connection, { mayWrite: onlyWhile(() => isLeading) });
    const object = { metadata: { name: "fenced", namespace }, data: { a: "1" } };
    await led.create(configMaps, object);
    isLeading = false;
    const ref = { namespace, name: "fenced" };
    await expect(led.patch(configMaps, ref, { data: { a: "2" } })).rejects.toThrow(
      "This replica of docc does not lead",
    );
    await expect(led.delete(configMaps, ref)).rejects.toMatchObject({ reason: "unavailable" });
    const dry = { apiVersion: "v1", kind: "ConfigMap", ...object };
    await led.apply(dry, { fieldManager: "docc", force: true, dryRun: true });
    expect((await led.get(configMaps, ref)).data).toEqual({ a: "1" });
  });
}
