import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { genesis } from "../../src/audit/segment.ts";
import { createApi, type KubeApi } from "../../src/k8s/api.ts";
import { type AuditStore, createAuditStore } from "../../src/k8s/audit-store.ts";
import { openCluster } from "../../src/k8s/cluster.ts";
import { connect } from "../../src/k8s/connection.ts";
import { openPreferences } from "../../src/k8s/preference-store.ts";
import { createAskedStore } from "../../src/k8s/asked-store.ts";
import { commands, decisions } from "../../src/k8s/kinds.ts";
import { createRecords } from "../../src/k8s/records.ts";
import type { KubernetesObject } from "../../src/manifest/objects/objects.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { keyOf, refOf } from "../../src/release/plan.ts";
import type { RealCluster } from "../cluster/global-setup.ts";
import { actJob } from "../cli/act.ts";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type Installation, installRights } from "../cluster/support/installation.ts";
import { fullManifest } from "../conversation/full-manifest.ts";
import { realTarget, type Target } from "../conversation/stage.ts";
import { terminalJob } from "./terminal.ts";
import { until } from "../support/until.ts";

/** One right: `patch releases.docc.dev/status`. */
type Right = string;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number };
}

function right(verb: string, resource: string, group: string): Right {
  const [kind = "", subresource] = resource.split("/");
  const of = group === "" ? kind : `${kind}.${group}`;
  return `${verb} ${of}${subresource === undefined ? "" : `/${subresource}`}`;
}

function rightsIn(rules: readonly Rule[]): readonly Right[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => right(verb, resource, group))),
    ),
  );
}

interface Place {
  readonly at: Installation;
  readonly home: string;
  readonly apps: string;
}

/** Installs docc's rights for every stage, and lets docc go by its service account. */
class Rights {
  readonly #cluster: RealCluster;
  readonly installations: Place[] = [];

  constructor(cluster: RealCluster) {
    this.#cluster = cluster;
  }

  target(): Target {
    return {
      ...realTarget(this.#cluster),
      name: "real control plane with docc's own rights",
      identity: async ({ home, apps }) => {
        const at = await installRights(this.#cluster, { home, apps });
        this.installations.push({ at, home, apps });
        return { text: await at.kubeconfigOf("docc") };
      },
    };
  }

  /** What the API server noted that docc has asked it, by where the right for it is given. */
  async used(): Promise<{ home: Set<Right>; apps: Set<Right>; wide: Set<Right> }> {
    const used = { home: new Set<Right>(), apps: new Set<Right>(), wide: new Set<Right>() };
    for (const event of await this.#events()) {
      const place = this.installations.find(({ home }) => event.user.username === nameIn(home));
      const { objectRef } = event;
      if (place === undefined || objectRef === undefined) continue;
      const { resource, subresource, apiGroup = "", namespace } = objectRef;
      const kind = subresource === undefined ? resource : `${resource}/${subresource}`;
      const where = namespace === place.home ? "home" : namespace === place.apps ? "apps" : "wide";
      used[where].add(right(event.verb, kind, apiGroup));
      // An apply that makes an object asks for the right to create it as well.
      const isMade = event.verb === "patch" && event.responseStatus?.code === 201;
      if (isMade) used[where].add(right("create", kind, apiGroup));
    }
    return used;
  }

  /** What docc was refused. */
  async refused(): Promise<readonly string[]> {
    const all = await this.#events();
    return (
      all
        .filter(({ user }) => this.installations.some(({ home }) => user.username === nameIn(home)))
        .filter(({ responseStatus }) => responseStatus?.code === 403)
        .map(({ verb, requestURI }) => `${verb} ${requestURI}`)
        // It tries to decide and to command in another name, and must not be let.
        .filter((each) => !/^create \S+\/(decisions|commands)\?\S*dryRun=All$/u.test(each))
    );
  }

  async #events(): Promise<readonly AuditEvent[]> {
    const text = await readFile(this.#cluster.auditLogPath ?? "", "utf8");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as AuditEvent);
  }
}

function nameIn(home: string): string {
  return `system:serviceaccount:${home}:docc`;
}

/** Exposed by both back ends at once, so that every kind of object that docc makes is there. */
function everyKind(namespace: string): readonly KubernetesObject[] {
  const { manifest, findings } = parseManifest(manifestOfAll, { platform: defaultPlatform });
  if (manifest === undefined) throw new Error(findings.map(({ message }) => message).join("\n"));
  const place = { ...defaultPlatform, namespace };
  const all = [place, { ...place, gateway: { name: "public", namespace: "gateways" } }].flatMap(
    (platform) => translate(manifest, platform),
  );
  return [...new Map(all.map((object) => [keyOf(refOf(object)), object])).values()];
}

const manifestOfAll = `
application: rights
maintainer: web-team@corp.example.com
scale: { min: 2, max: 4 }
auto_tls: true
containers:
  web:
    image: registry.corp.example.com/demo/kubecon
    image_tag: "2016"
    ports: [8080]
ingresses:
  door: { scheme: https, container_port: 8080, hosts: [door.example.com] }
  raw: { scheme: tls, container_port: 8080, hosts: [raw.example.com] }
`;

/** What the conversation comes by without: each kind made, changed and removed, and records let go. */
async function callTheRest(kubeconfigText: string, { home, apps }: Place): Promise<void> {
  const connection = connect({ kubeconfigText, clock: systemClock });
  const { clock, random } = connection;
  const api = createApi(connection);
  const cluster = openCluster({ api, namespace: apps, clock, random, onError: () => undefined });
  try {
    for (const object of everyKind(apps)) {
      await cluster.preview(object);
      await cluster.apply(object, { force: false });
      const made = await cluster.find(refOf(object));
      expect(made).toBeDefined();
      expect((await cluster.owned(refOf(object)))?.length).toBeGreaterThan(0);
      const uid = made?.metadata.uid ?? "";
      await cluster.remove(refOf(object), { uid, isOurs: () => true });
    }
    expect(
      (await cluster.logs("shop", { lines: 1, previous: false })).lines.length,
    ).toBeGreaterThan(0);
    await cluster.events("shop", { objects: [] });
    const inspection = await cluster.inspect({ app: "shop", certificates: [], objects: [] });
    expect(Object.values(inspection).filter((part) => "silence" in part)).toEqual([]);
    const records = createRecords(api, home);
    await records.createRelease("rights-0123456789ab", {
      app: "rights",
      environment: "production",
      kind: "deploy",
      source: { type: "stored" },
      words: {},
      requester: {
        provider: "slack",
        team: "T0DOCC",
        user: "UDEVELOPER",
      },
    });
    await sealOne(createAuditStore(api, home));
    await preferAndTakeBack(api, home);
    await letGo(api, home);
    const made = await records.findRelease("rights-0123456789ab");
    if (made !== undefined) await records.deleteRelease(made);
  } finally {
    await cluster.stop();
    await connection.close();
  }
}

/** As somebody does who tries `/docc config`. */
async function preferAndTakeBack(api: KubeApi, namespace: string): Promise<void> {
  const store = openPreferences({
    api,
    namespace,
    clock: systemClock,
    random: Math.random,
    onError: () => undefined,
  });
  try {
    await until("preferences are known", () => store.state === "known");
    const person = { kind: "person", team: "T0DOCC", id: "UDEVELOPER" } as const;
    for (const quiet of [true, false, null]) await store.change(person, { quiet });
    expect(store.of(person)).toEqual({});
  } finally {
    await store.stop();
  }
}

/** What came from outside Slack goes once it is answered; docc may ask in its own name. */
async function letGo(api: KubeApi, namespace: string): Promise<void> {
  const by = { provider: "kubernetes", team: "", user: nameIn(namespace) };
  const metadata = { namespace, name: "rights" };
  const decided = { release: "web-1", digest: genesis, verdict: "approve", by };
  await api.create(decisions, { metadata, spec: decided });
  await api.create(commands, { metadata, spec: { text: "config", by } });
  const store = createAskedStore(api, namespace);
  const all = await store.all();
  expect(all.map(({ kind }) => kind.kind)).toEqual(["Decision", "Command"]);
  for (const each of all) await store.delete(each);
  expect(await store.all()).toEqual([]);
}

/** The leader seals what waits, once a while. */
async function sealOne(store: AuditStore): Promise<void> {
  const who = { provider: "docc", team: "", user: "docc" } as const;
  const time = "2017-12-06T09:00:00.000Z";
  await store.createRecord({
    name: "rights",
    time,
    type: "head",
    word: "head",
    who,
    outcome: "ok",
  });
  for (const record of await store.waiting(1)) await store.deleteRecord(record);
  const segment = { number: 1, previous: genesis, sealedAt: time, records: ["{}"], hash: genesis };
  await store.createSegment(segment);
  await store.segment(1);
}

describeOnRealCluster(
  "docc with the rights in deploy/",
  (cluster) => {
    const rights = new Rights(cluster);
    afterAll(async () => {
      for (const { at } of rights.installations) await at.remove();
    });

    fullManifest(rights.target());
    const installed = (): Installation => {
      const last = rights.installations.at(-1);
      if (last === undefined) throw new Error("nothing was installed");
      return last.at;
    };
    terminalJob(rights.target(), installed);

    actJob(rights.target(), async ({ home }, people) => {
      const last = installed();
      const users = people.map((each) => `--user=${each}`);
      const binding = ["create", "rolebinding", "people", "--role=docc-requester", ...users];
      await last.admin([...binding, "-n", home]);
      return (who) => last.kubeconfigAs(who);
    });

    describe("the API server's audit log", () => {
      it("has nothing that docc was refused, and every right in use", async () => {
        const [place] = rights.installations;
        if (place === undefined) throw new Error("nothing was installed");
        await callTheRest(await place.at.kubeconfigOf("docc"), place);
        expect(await rights.refused()).toEqual([]);
        const rulesOf = async (...what: string[]): Promise<readonly Rule[]> => {
          const text = await place.at.admin(["get", ...what, "-o", "json"]);
          return (JSON.parse(text) as { rules: readonly Rule[] }).rules;
        };
        const given = {
          home: rightsIn(await rulesOf("role", "docc", "-n", place.home)),
          apps: [
            ...rightsIn(await rulesOf("role", "docc-reads", "-n", place.apps)),
            ...rightsIn(await rulesOf("role", "docc-writes", "-n", place.apps)),
          ],
          wide: rightsIn(await rulesOf("clusterrole", `docc-hosts-${place.home}`)),
        };
        const used = await rights.used();
        for (const where of ["home", "apps", "wide"] as const) {
          const idle = given[where].filter((each) => !used[where].has(each));
          expect({ where, idle }).toEqual({ where, idle: [] });
        }
      });
    });
  },
  { fakeNodes: true },
);
