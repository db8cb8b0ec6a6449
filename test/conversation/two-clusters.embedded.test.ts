import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../sandbox/cluster/index.ts";
import { installDocc } from "../../sandbox/install.ts";
import { sandboxImages } from "../../sandbox/images.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { startWorld, type World } from "../../sandbox/world.ts";
import { systemClock } from "../../src/clock.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { deployments, releases } from "../../src/k8s/kinds.ts";
import { asRelease } from "../../src/k8s/records.ts";
import type { Release } from "../../src/release/release.ts";
import { eventually } from "../support/until.ts";

const home = "docc-home";
const apps = "apps";
const manifest = (application: string): string =>
  JSON.stringify({
    application,
    maintainer: "UMAINTAINER",
    scale: 1,
    containers: { kubecon: { image: "registry.corp.example.com/demo/kubecon", image_tag: "2016" } },
  });

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
}

/** Both clusters in one kubeconfig: `here` keeps the records, `there` is far away. */
function bothIn(here: EmbeddedCluster, there: EmbeddedCluster): string {
  const [a, b] = [here, there].map(({ kubeconfig }) => JSON.parse(kubeconfig) as Kubeconfig);
  const names = ["here", "there"];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [a, b].map((each, at) => ({ name: names[at], cluster: each?.clusters[0]?.cluster })),
    users: [{ name: "docc", user: {} }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: "docc" } })),
    "current-context": "here",
  });
}

/** One docc, two API servers: what happens to one must not hold up the other. */
describe("two API servers, one docc", { timeout: 120_000 }, () => {
  let here: EmbeddedCluster;
  let there: EmbeddedCluster;
  let slack: FakeSlack;
  let world: World;
  beforeAll(async () => {
    [here, there] = await Promise.all([
      startEmbeddedCluster({ images: sandboxImages, nodes: 2 }),
      startEmbeddedCluster({ images: sandboxImages, nodes: 2 }),
    ]);
    slack = await startFakeSlack({ clock: systemClock });
    const far = connect({ kubeconfigText: there.kubeconfig, clock: systemClock });
    await installDocc(createApi(far), { namespaces: [apps], clock: systemClock });
    await far.close();
    const rollout = { timeout: "40s", stable: "1s" };
    const shared = { namespace: apps, registry: { resolve: "never" }, rollout };
    world = await startWorld({
      slack,
      cluster: { kubeconfig: { text: bothIn(here, there) }, home, apps },
      top: {
        environments: { staging: shared, production: { ...shared, context: "there" } },
        drift: { every: "1s" },
      },
    });
  }, 120_000);
  afterAll(async () => {
    await world.stop();
    await slack.stop();
    there.faults.clear();
    await Promise.all([here.stop(), there.stop()]);
  }, 60_000);

  const found = async (app: string, environment: string): Promise<Release | undefined> => {
    const { items } = await world.api.listAll(releases, { namespace: home });
    return items
      .map(asRelease)
      .find(({ spec }) => spec.app === app && spec.environment === environment);
  };
  const ended = (app: string, environment: string): Promise<Release> =>
    eventually(
      `${app} in ${environment} has ended`,
      async () => {
        const release = await found(app, environment);
        return release?.status?.finishedAt === undefined ? undefined : release;
      },
      60_000,
    );
  const request = async (app: string, environment: string): Promise<void> => {
    await world.api.create(releases, {
      metadata: { name: `${app}-0123456789ab`, namespace: home },
      spec: {
        app,
        environment,
        kind: "deploy",
        source: { type: "inline", manifest: manifest(app) },
        words: {},
        requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
        channel: "CDEPLOYS",
      },
    });
  };

  const scaled = (api: KubeApi, name: string) =>
    api.patch(
      deployments,
      { namespace: apps, name },
      { spec: { replicas: 2 } },
      {
        fieldManager: "kubectl",
      },
    );
  const drifted = (what: string): Promise<true> =>
    eventually(
      `the drift of ${what} is told`,
      () => {
        const texts = slack.messages("#deploys").map((each) => slack.render(each));
        const isTold = texts.some((text) => text.includes(`${what} was changed outside docc.`));
        return Promise.resolve(isTold ? true : undefined);
      },
      60_000,
    );

  it("deploy to both while both answer", async () => {
    await Promise.all([request("near", "staging"), request("away", "production")]);
    expect((await ended("near", "staging")).status?.phase).toBe("succeeded");
    expect((await ended("away", "production")).status?.phase).toBe("succeeded");
  });

  it("block only the environment of the one that is gone, and never call that a failure", async () => {
    there.dropWatches();
    there.faults.add({ match: { path: /./u }, kind: "hang", times: 1_000_000 });
    await slack.as("developer").command("#deploys", "/docc deploy near tag=2017 in=staging");
    await request("far", "production");
    const near = await eventually(
      "the other environment goes on",
      async () => {
        const { items } = await world.api.listAll(releases, { namespace: home });
        const all = items.map(asRelease).filter(({ spec }) => spec.words["tag"] === "2017");
        return all.find(({ status }) => status?.phase === "succeeded");
      },
      60_000,
    );
    expect(near.status?.plan?.to).toBe("2017");
    expect((await found("far", "production"))?.status?.phase).toBe("accepted");
    await scaled(world.api, "near");
    await drifted("near in staging");
    there.faults.clear();
    const late = await ended("far", "production");
    expect(late.status?.phase).toBe("succeeded");
  });

  it("have their drift told, also of the one that was gone for a while", async () => {
    const far = connect({ kubeconfigText: there.kubeconfig, clock: systemClock });
    await scaled(createApi(far), "far");
    await drifted("far in production");
    await far.close();
  });

  it("have put each application on its own cluster", async () => {
    const far = connect({ kubeconfigText: there.kubeconfig, clock: systemClock });
    const api = createApi(far);
    const at = async (which: typeof api, name: string): Promise<boolean> =>
      (await which.find(deployments, { namespace: apps, name })) !== undefined;
    expect([await at(world.api, "near"), await at(world.api, "far")]).toEqual([true, false]);
    expect([await at(api, "near"), await at(api, "far")]).toEqual([false, true]);
    await far.close();
  });
});
