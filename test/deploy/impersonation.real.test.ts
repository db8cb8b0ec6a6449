import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type Installation, installRights } from "../cluster/support/installation.ts";
import { command, rootSays, say, uploadManifest } from "../conversation/main-job.ts";
import { openStage, realTarget, type Stage } from "../conversation/stage.ts";

const mail = (name: string): string => `${name}@corp.example.com`;
const group = "docc:deployers";

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: {
    readonly username: string;
    readonly groups: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly objectRef?: { readonly namespace?: string; readonly resource: string };
}

describeOnRealCluster(
  "acting in the requester's name on the real control plane",
  (cluster) => {
    let stage: Stage;
    let installation: Installation | undefined;
    beforeAll(async () => {
      const people = ["developer", "approver"].map((name) => ({
        slack: `U${name.toUpperCase()}`,
        kubernetes: mail(name),
      }));
      stage = await openStage(
        {
          ...realTarget(cluster),
          settings: { impersonate: { groups: [group] } },
          top: { people },
          identity: async ({ home, apps }) => {
            installation = await installRights(cluster, { home, apps });
            await onlyInTheNameOf(installation, { home, apps });
            return { text: await installation.kubeconfigOf("docc") };
          },
        },
        "socket",
      );
    }, 120_000);
    afterAll(async () => {
      const name = `docc-impersonates-${stage.home}`;
      await installation?.admin(["delete", "clusterrole,clusterrolebinding", name]);
      await installation?.remove();
      await stage.close();
    }, 60_000);

    const events = async (): Promise<readonly AuditEvent[]> =>
      (await readFile(cluster.auditLogPath ?? "", "utf8"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as AuditEvent)
        .filter(({ user }) => user.username === `system:serviceaccount:${stage.home}:docc`);

    it("carries a release out with the rights of who asked, where docc itself has none", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await rootSays(stage, 1, /2016 is live in production/);
    });

    it("lets the API server's audit log see the person in every write, and in no read", async () => {
      const there = (await events()).filter(({ objectRef }) => objectRef?.namespace === stage.apps);
      const writes = there.filter(({ verb }) => ["create", "patch", "delete"].includes(verb));
      const reads = there.filter(({ verb }) => ["get", "list", "watch"].includes(verb));
      expect(writes.length).toBeGreaterThan(4);
      for (const { impersonatedUser } of writes) {
        expect(impersonatedUser).toMatchObject({
          username: mail("developer"),
          extra: { "docc.dev/slack-user": ["T0DOCC/UDEVELOPER"] },
        });
        expect(impersonatedUser?.groups).toContain(group);
      }
      expect(reads.length).toBeGreaterThan(4);
      for (const each of reads) expect(each.impersonatedUser).toBeUndefined();
    });

    it("keeps docc's own records in docc's own name", async () => {
      const home = (await events()).filter(({ objectRef }) => objectRef?.namespace === stage.home);
      expect(home.length).toBeGreaterThan(4);
      for (const each of home) expect(each.impersonatedUser).toBeUndefined();
    });

    it("refuses a person without rights by name, with the right that they lack", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017", "approver");
      const { status } = await stage.ended(2);
      expect(status?.phase).toBe("refused");
      expect(status?.verdict?.cause?.code).toBe("not-entitled");
      expect(status?.verdict?.cause?.sentence).toMatch(
        /^approver@corp\.example\.com may not patch [a-z]+ in production$/,
      );
      await rootSays(stage, 2, /approver@corp\.example\.com may not patch/);
    });

    it("acts for nobody whom the operator did not name", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017", "maintainer");
      const { status } = await stage.ended(3);
      expect(status?.phase).toBe("refused");
      expect(status?.verdict?.cause?.sentence).toBe(
        "docc may not act for slack:T0DOCC/UMAINTAINER in production",
      );
    });

    it("does nothing by itself where nobody is named for that", async () => {
      const before = (await events()).length;
      await installation?.admin(
        ["create", "-f", "-", `--as=system:serviceaccount:${stage.home}:docc`],
        JSON.stringify({
          apiVersion: "docc.dev/v1alpha1",
          kind: "Release",
          metadata: { name: "kubecon-2017-0123456789ab", namespace: stage.home },
          spec: {
            app: "kubecon-2017",
            environment: "production",
            kind: "rollback",
            source: { type: "release", release: "kubecon-2017-ba9876543210", revision: 1 },
            words: {},
            requester: { provider: "docc", team: "", user: "docc" },
          },
        }),
      );
      const { status } = await stage.ended(4);
      expect(status?.verdict?.cause?.sentence).toBe("docc does nothing by itself in production");
      const since = (await events()).slice(before);
      expect(since.filter(({ objectRef }) => objectRef?.namespace === stage.apps)).toEqual([]);
    });
  },
  { fakeNodes: true },
);

/** docc may act for two people and one group, and writes nothing itself; one of the two may write. */
async function onlyInTheNameOf(
  installation: Installation,
  { home, apps }: { readonly home: string; readonly apps: string },
): Promise<void> {
  const admin: Installation["admin"] = (args, input) => installation.admin(args, input);
  const name = `docc-impersonates-${home}`;
  const metadata = { name };
  const impersonate = (resources: string, resourceNames?: readonly string[]) => ({
    apiGroups: [resources.startsWith("userextras") ? "authentication.k8s.io" : ""],
    resources: [resources],
    verbs: ["impersonate"],
    ...(resourceNames === undefined ? {} : { resourceNames }),
  });
  const rbac = "rbac.authorization.k8s.io";
  const items = [
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata,
      rules: [
        impersonate("users", [mail("developer"), mail("approver")]),
        impersonate("groups", [group]),
        impersonate("userextras/docc.dev/slack-user"),
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "docc", namespace: home }],
    },
  ];
  await admin(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await admin(["delete", "rolebinding", "docc-writes", "-n", apps]);
  const user = `--user=${mail("developer")}`;
  await admin(["create", "rolebinding", "developer", "--role=docc-writes", user, "-n", apps]);
}
