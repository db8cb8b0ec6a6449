import { describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { rulesOf } from "./crd-rules.ts";

const name = "kubecon-2017.production";
const application = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "Application",
  metadata: { name },
  spec: { app: "kubecon-2017", environment: "production" },
};

const applied = (revision: number) => ({
  release: "kubecon-2017-ba9876543210",
  revision,
  manifest: "{}",
});
/** A head after its seventh release. */
const live = { nextRevision: 8, inventory: [], applied: applied(7), current: applied(7) };
const lock = {
  by: { provider: "slack", team: "T", user: "UANNA" },
  reason: "load test",
  at: "2017-12-06T09:00:00.000Z",
};

interface Attack {
  readonly what: string;
  readonly patch: readonly object[];
  readonly message: string;
  /** The status is a resource of its own to the API server. */
  readonly ofSpec?: true;
}

const attacks: readonly Attack[] = [
  {
    what: "is renamed",
    patch: [{ op: "replace", path: "/spec/app", value: "shop" }],
    message: "an application never changes its name or environment",
    ofSpec: true,
  },
  {
    what: "moves to another environment",
    patch: [{ op: "replace", path: "/spec/environment", value: "staging" }],
    message: "an application never changes its name or environment",
    ofSpec: true,
  },
  {
    what: "loses its status",
    patch: [{ op: "remove", path: "/status" }],
    message: "a status never vanishes",
  },
  {
    what: "counts its revisions down",
    patch: [{ op: "replace", path: "/status/nextRevision", value: 7 }],
    message: "revisions only count up",
  },
  {
    what: "forgets what is live, and with it its maintainers",
    patch: [{ op: "remove", path: "/status/current" }],
    message: "what is live is never forgotten",
  },
  {
    what: "runs and is deleted at once",
    patch: [{ op: "add", path: "/status/deleted", value: applied(8) }],
    message: "what is deleted is not applied",
  },
];

/** What docc itself does to a head. */
const neighbours: readonly (readonly [string, readonly object[]])[] = [
  ["is taken by a release", [{ op: "add", path: "/status/inFlight", value: "kubecon-2017-0" }]],
  ["is locked", [{ op: "add", path: "/status/lock", value: lock }]],
  [
    "is deleted, and keeps whose it was",
    [
      { op: "replace", path: "/status/nextRevision", value: 9 },
      { op: "remove", path: "/status/applied" },
      { op: "add", path: "/status/deleted", value: applied(8) },
    ],
  ],
  [
    "goes on to the next revision",
    [
      { op: "replace", path: "/status/nextRevision", value: 9 },
      { op: "replace", path: "/status/applied", value: applied(8) },
      { op: "replace", path: "/status/current", value: applied(8) },
    ],
  ],
];

describe("the attacks on the Application CRD", () => {
  it("leave no rule out", () => {
    expect(rulesOf("applications.docc.dev")).toEqual(
      [...new Set(attacks.map(({ message }) => message))].toSorted(),
    );
  });
});

async function write(inside: InNamespace, patch: readonly object[], ofSpec = false) {
  const part = ofSpec ? [] : ["--subresource=status"];
  const how = [...part, "--type=json", "-p", JSON.stringify(patch)];
  return inside.try(["patch", "applications.docc.dev", name, ...how]);
}

describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);
  const stored = async (): Promise<InNamespace> => {
    const inside = await namespaces.create();
    await inside.ok(["create", "-f", "-"], JSON.stringify(application));
    const first = await write(inside, [{ op: "add", path: "/status", value: live }]);
    expect(first).toMatchObject({ stderr: "", code: 0 });
    return inside;
  };

  it.each(attacks)(
    "an application that $what is refused",
    { timeout: 60_000 },
    async ({ patch, message, ofSpec }) => {
      const { code, stderr } = await write(await stored(), patch, ofSpec);
      expect(stderr).toContain(message);
      expect(code).not.toBe(0);
    },
  );

  it.each(neighbours)(
    "an application that %s is taken",
    { timeout: 60_000 },
    async (_what, patch) => {
      expect(await write(await stored(), patch)).toMatchObject({ stderr: "", code: 0 });
    },
  );

  it(
    "an application is unlocked, and let go, by taking the fields away",
    { timeout: 60_000 },
    async () => {
      const inside = await stored();
      for (const [path, value] of [
        ["lock", lock],
        ["inFlight", "kubecon-2017-0"],
      ] as const) {
        const at = `/status/${path}`;
        expect((await write(inside, [{ op: "add", path: at, value }])).code).toBe(0);
        expect((await write(inside, [{ op: "remove", path: at }])).code).toBe(0);
      }
    },
  );
});
