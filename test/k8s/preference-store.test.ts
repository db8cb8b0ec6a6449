import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { installDocc } from "../../sandbox/install.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { namespaces, preferences } from "../../src/k8s/kinds.ts";
import { openPreferences, type PreferenceStore } from "../../src/k8s/preference-store.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { SteppedClock } from "../../sandbox/clock.ts";
import { until } from "../support/until.ts";

const person = { kind: "person", team: "T0DOCC", id: "UDEVELOPER" } as const;
const channel = { kind: "channel", team: "T0DOCC", id: "CDEPLOYS" } as const;

interface Place {
  readonly api: KubeApi;
  readonly namespace: string;
}

function open(place: Place, errors: Error[] = []): PreferenceStore {
  const onError = (error: Error): void => void errors.push(error);
  return openPreferences({ ...place, clock: systemClock, random: () => 0, onError });
}

/** What docc relies on of its preferences, on any API server that serves them. */
function storeContract(getPlace: () => Place): void {
  let place: Place;
  let one: PreferenceStore;
  let other: PreferenceStore;
  beforeAll(async () => {
    place = getPlace();
    one = open(place);
    other = open(place);
    await until("both are read", () => [one, other].every(({ state }) => state !== "reading"));
  });
  afterAll(() => Promise.all([one.stop(), other.stop()]));
  const names = async (): Promise<readonly string[]> => {
    const { items } = await place.api.listAll(preferences, { namespace: place.namespace });
    return items.map(({ metadata }) => metadata.name);
  };

  it("are nothing where nothing is stored, and nothing is stored to take nothing back", async () => {
    expect(one.state).toBe("known");
    expect(one.of(person)).toEqual({});
    expect(await one.change(person, { quiet: null })).toEqual({ before: {}, after: {} });
    expect(await names()).toEqual([]);
  });

  it("are read at once by who wrote them, and soon by everybody else", async () => {
    await one.change(person, { environment: "demo" });
    expect(one.of(person)).toEqual({ environment: "demo" });
    expect(one.of(channel)).toEqual({});
    await until("the other replica knows", () => other.of(person).environment === "demo");
  });

  it("lose nothing when two replicas write at once", async () => {
    const both = [
      one.change(channel, { quiet: true }),
      other.change(channel, { environment: "x" }),
    ];
    await Promise.all(both);
    await Promise.all([
      one.change(channel, { quiet: false }),
      other.change(channel, { environment: "y" }),
    ]);
    for (const store of [one, other]) {
      await until("it knows both", () => {
        const { environment, quiet } = store.of(channel);
        return environment === "y" && quiet === false;
      });
    }
  });

  it("are gone at once with the last of them, and can be set again", async () => {
    await one.change(person, { environment: null });
    expect(one.of(person)).toEqual({});
    expect(await names()).toEqual(["channel.t0docc.cdeploys"]);
    await one.change(person, { notify: "dm" });
    expect(one.of(person)).toEqual({ notify: "dm" });
    await until("the other replica knows", () => other.of(person).notify === "dm");
    await other.change(person, { notify: null, quiet: null });
    await until("the first one hears of it", () => one.of(person).notify === undefined);
  });
}

describe("preferences on the embedded cluster", () => {
  let cluster: Awaited<ReturnType<typeof startEmbeddedCluster>>;
  let connection: ReturnType<typeof connect>;
  let place: Place;
  const errors: Error[] = [];
  let early: PreferenceStore;
  beforeAll(async () => {
    cluster = await startEmbeddedCluster({ images: [], nodes: 1 });
    connection = connect({ kubeconfigText: cluster.kubeconfig, clock: systemClock });
    place = { api: createApi(connection), namespace: "docc" };
    await place.api.create(namespaces, { metadata: { name: "docc" } });
    early = open(place, errors);
    await until("it is known that there are none", () => early.state !== "reading");
  });
  afterAll(async () => {
    await early.stop();
    await connection.close();
    await cluster.stop();
  });

  it("are waited for no longer than somebody wants to", async () => {
    const clock = new SteppedClock();
    const slow = openPreferences({ ...place, clock, random: () => 0, onError: () => undefined });
    const waited = slow.settled(5_000);
    clock.step(5_000);
    await waited;
    expect(slow.state).toBe("reading");
    await slow.stop();
  });

  it("are none in an installation from before there were any, and who sets one hears why", async () => {
    expect(early.state).toBe("absent");
    expect(early.of(person)).toEqual({});
    await expect(early.change(person, { quiet: true })).rejects.toMatchObject({
      reason: "bad-config",
      message: "This installation of docc cannot store preferences yet.",
      hint: "An operator can mend that with kubectl apply --server-side -k deploy.",
    });
    expect(errors).toHaveLength(1);
  });

  describe("once they are installed", () => {
    beforeAll(() => installDocc(place.api, { namespaces: ["docc"], clock: systemClock }));
    it("are known without a restart", { timeout: 60_000 }, async () => {
      await until("the copy is read", () => early.state === "known");
      expect(errors).toHaveLength(1);
    });
    storeContract(() => place);
  });
});

describeOnRealCluster("preferences on the real control plane", ({ kubeconfigPath }) => {
  const connection = connect({ kubeconfigPath, clock: systemClock });
  const place = { api: createApi(connection), namespace: `docc-${randomUUID().slice(0, 8)}` };
  beforeAll(() => installDocc(place.api, { namespaces: [place.namespace], clock: systemClock }));
  afterAll(async () => {
    await place.api.delete(namespaces, { name: place.namespace });
    await connection.close();
  });
  storeContract(() => place);
});
