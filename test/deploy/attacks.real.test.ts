import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type Installation, installRights } from "../cluster/support/installation.ts";
import { rulesOf } from "../k8s/crd-rules.ts";
import { eventually } from "../support/until.ts";

const home = `docc-${randomUUID().slice(0, 8)}`;
const apps = `${home}-apps`;
const digest = `sha256:${"0".repeat(64)}`;
const at = "2017-12-06T09:00:00.000Z";

interface Object {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
}

const docc = `system:serviceaccount:${home}:docc`;
const ci = `system:serviceaccount:${home}:ci`;
const kubernetes = (user: string, team = "") => ({ provider: "kubernetes", team, user });
const inSlack = { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" };
const byDocc = { provider: "docc", team: "", user: "docc" };

function release(spec: object, metadata: object = {}): Object {
  return {
    apiVersion: "docc.dev/v1alpha1",
    kind: "Release",
    metadata: {
      name: `web-${randomUUID().slice(0, 12)}`,
      namespace: home,
      ...metadata,
    },
    spec: {
      ...request,
      requester: kubernetes(ci),
      ...spec,
    },
  };
}

const request = {
  app: "web",
  environment: "production",
  kind: "deploy",
  source: { type: "stored" },
  words: { tag: "2" },
};

/** The one thing that docc asks for by itself. */
const back = {
  kind: "rollback",
  source: { type: "release", release: "web-1", revision: 1 },
  words: {},
};

function decision(spec: object, metadata: object = {}): Object {
  return {
    apiVersion: "docc.dev/v1alpha1",
    kind: "Decision",
    metadata: {
      name: `web-${randomUUID().slice(0, 12)}`,
      namespace: home,
      ...metadata,
    },
    spec: {
      release: "web-1",
      digest,
      verdict: "approve",
      by: kubernetes(ci),
      ...spec,
    },
  };
}

function command(spec: object, metadata: object = {}): Object {
  return {
    apiVersion: "docc.dev/v1alpha1",
    kind: "Command",
    metadata: {
      name: `lock-${randomUUID().slice(0, 12)}`,
      namespace: home,
      ...metadata,
    },
    spec: { text: "lock web in=production", by: kubernetes(ci), ...spec },
  };
}

const application: Object = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "Application",
  metadata: {
    name: "production.web",
    namespace: home,
  },
  spec: {
    app: "web",
    environment: "production",
  },
};

const preferred: Object = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "Preference",
  metadata: { name: "channel.t0docc.cdeploys", namespace: home },
  spec: {
    subject: { kind: "channel", team: "T0DOCC", id: "CDEPLOYS" },
    environment: "production",
  },
};

const said: Object = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "AuditRecord",
  metadata: { name: "said", namespace: home },
  spec: { time: at, type: "command", word: "deploy", who: byDocc, outcome: "ok" },
};

const sealed: Object = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "AuditSegment",
  metadata: { name: "segment-00000001", namespace: home },
  spec: { number: 1, previous: digest, sealedAt: at, records: ["{}"], hash: digest },
};

const accepted = {
  status: { phase: "accepted", transitions: [{ phase: "accepted", at, actor: "docc" }] },
};
const answered = {
  status: { outcome: "accepted", code: "approved", sentence: "Approved.", at },
};

const done = {
  status: { outcome: "answered", code: "ok", sentence: "Locked web in production.", at },
};

/** What every rule of the policies says first. */
function policyRules(): readonly string[] {
  const file = new URL("../../deploy/policy/identity.yaml", import.meta.url);
  const policies = parseAllDocuments(readFileSync(file, "utf8")).map(
    (document) => document.toJS() as Policy,
  );
  const rules = policies.flatMap(({ spec }) => spec.validations ?? []);
  return rules.map(({ message, messageExpression = "" }) => {
    const [, first = ""] = /^'([^']+)'/.exec(messageExpression) ?? [];
    return message ?? first;
  });
}

interface Policy {
  readonly spec: {
    readonly validations?: readonly {
      readonly message?: string;
      readonly messageExpression?: string;
    }[];
  };
}

describeOnRealCluster("authority on the real control plane", (cluster) => {
  let there: Installation;
  /** Everybody's flags: CI by a token of its own, the others as an administrator stands in for them. */
  let people: Readonly<Record<"ci" | "editor" | "admin" | "viewer" | "docc", readonly string[]>>;
  type Who = keyof typeof people;

  /** Everything that the API server said no with. */
  const refusals: string[] = [];
  const as = async (who: Who, args: readonly string[], input?: string) => {
    const result = await there.try([...people[who], "-n", home, ...args], input);
    if (result.code !== 0) refusals.push(result.stderr);
    return result;
  };
  const create = async (who: Who, object: object, ...more: string[]) =>
    as(who, ["create", "-f", "-", ...more], JSON.stringify(object));
  /** Puts a status past kubectl's own reading of it first, which not everybody may. */
  const answer = async (who: Who, path: string, status: object) => {
    const { stdout } = await there.try(["get", "--raw", path]);
    const whole = JSON.stringify({ ...(JSON.parse(stdout) as object), ...status });
    return as(who, ["replace", "--raw", `${path}/status`, "-f", "-"], whole);
  };
  const patch = async (who: Who, what: string, change: object, ...more: string[]) =>
    as(who, ["patch", what, "--type=merge", "-p", JSON.stringify(change), ...more]);

  beforeAll(async () => {
    const prepare = async (kind: string, ...args: string[]): Promise<unknown> =>
      there.admin(["create", kind, ...args]);
    there = await installRights(cluster, { home, apps });
    await prepare("serviceaccount", "ci", "-n", home);
    await prepare(
      "rolebinding",
      "ci",
      `--serviceaccount=${home}:ci`,
      "--role=docc-requester",
      "-n",
      home,
    );
    await prepare("rolebinding", "viewer", "--user=viewer", "--role=docc-viewer", "-n", home);
    // More than anybody should have: what the policies are for.
    const all = ["--verb=*", "--resource=*.docc.dev,*.docc.dev/status", "-n", home];
    await prepare("role", "editor", ...all);
    await prepare("rolebinding", "editor", "--user=editor", "--role=editor", "-n", home);
    const token = (await there.admin(["create", "token", "ci", "-n", home])).trim();
    people = {
      ci: ["--token", token],
      editor: ["--as", "editor"],
      admin: [],
      viewer: ["--as", "viewer"],
      docc: ["--as", docc],
    };
  });

  afterAll(async () => {
    await there.admin(["delete", "namespace", "--wait=false", "--ignore-not-found", home, apps]);
    await there.remove();
  });

  it("has policies that the API server finds no fault with", async () => {
    const text = await there.admin([
      "get",
      "validatingadmissionpolicies",
      "-l",
      "app.kubernetes.io/part-of=docc",
      "-o",
      "json",
    ]);
    const { items } = JSON.parse(text) as {
      items: { metadata: { name: string }; status: object }[];
    };
    const own = items.filter(({ metadata }) => metadata.name.endsWith(home));
    expect(own).toHaveLength(5);
    for (const { status } of own)
      expect(status).not.toHaveProperty("typeChecking.expressionWarnings");
  });

  describe("CI's identity", () => {
    it("is what the policies will see", async () => {
      const { stdout } = await as("ci", [
        "auth",
        "whoami",
        "-o",
        "jsonpath={.status.userInfo.username}",
      ]);
      expect(stdout).toBe(ci);
    });

    it("may ask, decide and command under its own name, and watch what becomes of it", async () => {
      expect(await create("ci", release({}))).toMatchObject({ code: 0, stderr: "" });
      expect(await create("ci", decision({}))).toMatchObject({ code: 0, stderr: "" });
      expect(await create("ci", command({}))).toMatchObject({ code: 0, stderr: "" });
      for (const what of ["releases", "decisions", "commands"]) {
        const watch = ["get", what, "--watch", "--request-timeout=1s"];
        expect((await as("ci", ["get", what])).code).toBe(0);
        expect((await as("ci", watch)).stderr).not.toContain("forbidden");
      }
    });
  });

  const requester = "the requester is whoever asks: ";
  const alone = "docc alone writes this, and you are ";
  const decider = "whoever decides is whoever asks: ";
  const commander = "whoever commands is whoever asks: ";
  it.each<[name: string, who: Who, object: Object, message: string]>([
    [
      "for somebody in Slack",
      "ci",
      release({ requester: inSlack }),
      "only docc asks for an identity of slack",
    ],
    [
      "in docc's own name",
      "ci",
      release({ ...back, requester: byDocc }),
      "only docc asks for an identity of docc",
    ],
    ["for another user", "ci", release({ requester: kubernetes("admin") }), `${requester}${ci}`],
    [
      "as docc's service account",
      "ci",
      release({ requester: kubernetes(docc) }),
      `${requester}${ci}`,
    ],
    [
      "under its name in a team",
      "ci",
      release({ requester: kubernetes(ci, "T0DOCC") }),
      `${requester}${ci}`,
    ],
    [
      "for a file in Slack",
      "ci",
      release({ source: { type: "slack-file", file: "F1" } }),
      "only docc asks for a file in Slack",
    ],
    [
      "in a channel of its choice",
      "ci",
      release({ channel: "CSECRET" }),
      "only docc says in which Slack channel",
    ],
    [
      "for a request that cannot be removed",
      "ci",
      release({}, { finalizers: ["a/b"] }),
      "a request has no finalizers",
    ],
    [
      "for a request that goes with another object",
      "ci",
      release(
        {},
        { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "a", uid: "b" }] },
      ),
      "no owners",
    ],
    [
      "for somebody in Slack, as an editor",
      "editor",
      release({ requester: inSlack }),
      "only docc asks",
    ],
    [
      "for CI, as an editor",
      "editor",
      release({ requester: kubernetes(ci) }),
      `${requester}editor`,
    ],
    [
      "by a decision of somebody in Slack",
      "ci",
      decision({ by: inSlack }),
      "only docc decides for an identity of slack",
    ],
    [
      "by a decision of another user",
      "ci",
      decision({ by: kubernetes("approver") }),
      `${decider}${ci}`,
    ],
    ["by a decision of docc", "ci", decision({ by: kubernetes(docc) }), `${decider}${ci}`],
    [
      "by a decision of Slack without a team",
      "ci",
      decision({ by: { ...inSlack, team: "" } }),
      "a Slack identity has a team",
    ],
    [
      "by a decision in a team",
      "ci",
      decision({ by: kubernetes(ci, "T") }),
      "a Kubernetes identity has none",
    ],
    [
      "by a decision that cannot be removed",
      "ci",
      decision({}, { finalizers: ["a/b"] }),
      "a decision has no finalizers",
    ],
    [
      "by a decision for somebody else, as an editor",
      "editor",
      decision({ by: kubernetes(ci) }),
      `${decider}editor`,
    ],
    [
      "by a command of somebody in Slack",
      "ci",
      command({ by: inSlack }),
      "only docc commands for an identity of slack",
    ],
    [
      "by a command of another user",
      "ci",
      command({ by: kubernetes("approver") }),
      `${commander}${ci}`,
    ],
    ["by a command of docc", "ci", command({ by: kubernetes(docc) }), `${commander}${ci}`],
    [
      "by a command of Slack without a team",
      "ci",
      command({ by: { ...inSlack, team: "" } }),
      "a Slack identity has a team",
    ],
    [
      "by a command in a team",
      "ci",
      command({ by: kubernetes(ci, "T") }),
      "a Kubernetes identity has none",
    ],
    [
      "by a command that cannot be removed",
      "ci",
      command({}, { finalizers: ["a/b"] }),
      "a command has no finalizers",
    ],
    [
      "by a command for somebody else, as an editor",
      "editor",
      command({ by: kubernetes(ci) }),
      `${commander}editor`,
    ],
    [
      "by a command for somebody in Slack, as an administrator",
      "admin",
      command({ by: inSlack }),
      "only docc commands for an identity of slack",
    ],
    [
      "by a command that is longer than one can be",
      "ci",
      command({ text: "x".repeat(1_001) }),
      "Too long: may not be more than 1000",
    ],
    ["by the head of an app", "ci", application, "cannot create resource"],
    ["by the head of an app, as an editor", "editor", application, `${alone}editor`],
    ["where a channel's commands go", "ci", preferred, "cannot create resource"],
    ["where a channel's commands go, as an editor", "editor", preferred, `${alone}editor`],
    ["where a channel's commands go, as an administrator", "admin", preferred, `${alone}admin`],
    ["to note what was said, as an editor", "editor", said, `${alone}editor`],
    ["to seal what was said, as an administrator", "admin", sealed, `${alone}admin`],
  ])("refuses to be asked %s", async (_name, who, object, message) => {
    const { code, stderr } = await create(who, object);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });

  describe("records that are there", () => {
    const own = release({}) as Object & { metadata: { name: string } };
    const said = decision({}) as Object & { metadata: { name: string } };
    const asked = command({}) as Object & { metadata: { name: string } };
    const names = {
      release: own.metadata.name,
      decision: said.metadata.name,
      command: asked.metadata.name,
    };
    const what = {
      release: `release/${names.release}`,
      decision: `decision/${names.decision}`,
      command: `command/${names.command}`,
    };
    beforeAll(async () => {
      for (const object of [own, said, asked]) expect((await create("ci", object)).code).toBe(0);
      for (const object of [application, preferred])
        expect((await create("docc", object)).stderr).toBe("");
    });

    it("have no status of whoever made them", async () => {
      const made = [
        { ...release({}), ...accepted },
        { ...decision({}), ...answered },
        { ...command({}), ...done },
      ];
      for (const object of made) {
        const { stdout } = await create("ci", object, "-o", "jsonpath={.kind}{.status}");
        expect(stdout).toBe(object.kind);
      }
    });

    const status = "--subresource=status";
    it.each<
      [name: string, who: Who, what: string, change: object, more: string[], message: string]
    >([
      [
        "the status of a release, as an editor",
        "editor",
        what.release,
        accepted,
        [status],
        `${alone}editor`,
      ],
      [
        "the status of a release, as an administrator",
        "admin",
        what.release,
        accepted,
        [status],
        `${alone}admin`,
      ],
      [
        "the answer to a decision, as an editor",
        "editor",
        what.decision,
        answered,
        [status],
        `${alone}editor`,
      ],
      [
        "the answer to a command, as an editor",
        "editor",
        what.command,
        done,
        [status],
        `${alone}editor`,
      ],
      [
        "the answer to a command, as an administrator",
        "admin",
        what.command,
        done,
        [status],
        `${alone}admin`,
      ],
      [
        "the head of an app, as an editor",
        "editor",
        "application/production.web",
        { status: { nextRevision: 1, inventory: [] } },
        [status],
        `${alone}editor`,
      ],
      [
        "what a channel prefers, as an editor",
        "editor",
        "preference/channel.t0docc.cdeploys",
        { spec: { environment: "staging" } },
        [],
        `${alone}editor`,
      ],
      [
        "the marks of an app, as an editor",
        "editor",
        "application/production.web",
        { metadata: { labels: { a: "b" } } },
        [],
        `${alone}editor`,
      ],
      [
        "a request",
        "ci",
        what.release,
        { spec: { words: { tag: "3" } } },
        [],
        "cannot patch resource",
      ],
      [
        "a request, as an administrator",
        "admin",
        what.release,
        { spec: { words: { tag: "3" } } },
        [],
        "a request never changes",
      ],
      [
        "a requester, as an editor",
        "editor",
        what.release,
        { spec: { requester: kubernetes("editor") } },
        [],
        "a request never changes",
      ],
      [
        "a decision",
        "ci",
        what.decision,
        { spec: { verdict: "reject" } },
        [],
        "cannot patch resource",
      ],
      [
        "a decision, as an administrator",
        "admin",
        what.decision,
        { spec: { verdict: "reject" } },
        [],
        "a decision never changes",
      ],
      [
        "a command",
        "ci",
        what.command,
        { spec: { text: "unlock web in=production" } },
        [],
        "cannot patch resource",
      ],
      [
        "a command, as an administrator",
        "admin",
        what.command,
        { spec: { text: "unlock web in=production" } },
        [],
        "a command never changes",
      ],
      [
        "who commands, as an editor",
        "editor",
        what.command,
        { spec: { by: kubernetes("editor") } },
        [],
        "a command never changes",
      ],
    ])("keep %s", async (_name, who, target, change, more, message) => {
      const { code, stderr } = await patch(who, target, change, ...more);
      expect(stderr).toContain(message);
      expect(code).toBe(1);
    });

    it.each<[who: Who, what: string]>([
      ["ci", what.release],
      ["ci", what.decision],
      ["ci", what.command],
      ["ci", "application/production.web"],
      ["viewer", what.release],
      ["viewer", what.command],
    ])("are not for %s to delete: %#", async (who, target) => {
      const { code, stderr } = await as(who, ["delete", target, "--wait=false"]);
      expect(stderr).toContain("cannot delete resource");
      expect(code).toBe(1);
    });

    const root = `/apis/docc.dev/v1alpha1/namespaces/${home}`;
    const paths = {
      release: `${root}/releases/${names.release}`,
      decision: `${root}/decisions/${names.decision}`,
      command: `${root}/commands/${names.command}`,
    };
    it("are not for CI to answer", async () => {
      for (const [kind, change] of [
        ["release", accepted],
        ["decision", answered],
        ["command", done],
      ] as const) {
        const { code, stderr } = await answer("ci", paths[kind], change);
        expect(stderr).toContain(`cannot update resource "${kind}s/status"`);
        expect(code).toBe(1);
      }
    });

    it("are docc's to answer, once", async () => {
      expect((await answer("docc", paths.release, accepted)).stderr).toBe("");
      expect((await answer("docc", paths.decision, answered)).stderr).toBe("");
      expect((await answer("docc", paths.command, done)).stderr).toBe("");
      for (const [kind, { status: first }] of [
        ["decision", answered],
        ["command", done],
      ] as const) {
        const again = { status: { ...first, outcome: "refused" } };
        const { stderr } = await answer("docc", paths[kind], again);
        expect(stderr).toContain(`a ${kind} is answered once`);
      }
    });

    it("are a viewer's to read alone", async () => {
      for (const kind of ["releases", "decisions", "commands", "applications"]) {
        expect((await as("viewer", ["get", kind])).code).toBe(0);
      }
      expect(
        (await create("viewer", release({ requester: kubernetes("viewer") }))).stderr,
      ).toContain("cannot create resource");
      expect((await create("viewer", command({ by: kubernetes("viewer") }))).stderr).toContain(
        "cannot create resource",
      );
    });
  });

  describe("the audit log", () => {
    const held = "nobody deletes what the audit log holds, and you are ";
    const record = "auditrecord/said";
    const segment = "auditsegment/segment-00000001";
    const root = `/apis/docc.dev/v1alpha1/namespaces/${home}`;
    beforeAll(async () => {
      for (const object of [said, sealed]) expect((await create("docc", object)).stderr).toBe("");
      await eventually("the policy holds", async () => {
        const { code } = await as("admin", ["delete", segment, "--dry-run=server"]);
        return code === 0 ? undefined : true;
      });
    });

    it.each<[who: Who, args: readonly string[], message: string]>([
      ["editor", ["delete", record], `${held}editor`],
      ["admin", ["delete", record], `${held}admin`],
      ["admin", ["delete", record, "--grace-period=0", "--force"], `${held}admin`],
      ["admin", ["delete", "auditrecords", "--all"], `${held}admin`],
      ["admin", ["delete", "--raw", `${root}/auditrecords`], `${held}admin`],
      ["editor", ["delete", segment], `${held}editor`],
      ["admin", ["delete", segment], `${held}admin`],
      ["admin", ["delete", "--raw", `${root}/auditsegments`], `${held}admin`],
      ["docc", ["delete", segment], "cannot delete resource"],
    ])("loses nothing to %s by kubectl %j", async (who, args, message) => {
      const { code, stderr } = await as(who, args);
      expect(stderr).toContain(message);
      expect(code).toBe(1);
      for (const what of [record, segment])
        expect((await as("admin", ["get", what])).stderr).toBe("");
    });

    it("would lose no segment to docc even if it had the right", async () => {
      await there.admin([
        "create",
        "rolebinding",
        "docc-editor",
        `--serviceaccount=${home}:docc`,
        "--role=editor",
        "-n",
        home,
      ]);
      const { code, stderr } = await as("docc", ["delete", segment]);
      expect(stderr).toContain(`${held}${docc}`);
      expect(code).toBe(1);
      await there.admin(["delete", "rolebinding", "docc-editor", "-n", home]);
    });

    it("lets docc take away what it has sealed", async () => {
      expect(await as("docc", ["delete", record])).toMatchObject({ code: 0, stderr: "" });
    });
  });

  it("lets docc ask for people in Slack, and for nobody of Kubernetes", async () => {
    expect((await create("docc", release({ requester: inSlack, channel: "C1" }))).stderr).toBe("");
    const { stderr } = await create("docc", release({ requester: kubernetes("approver") }));
    expect(stderr).toContain(`${requester}${docc}`);
  });

  it.each(["pods", "deployments.apps", "secrets", "serviceaccounts/token"])(
    "gives CI nothing of %s, at home or where applications live",
    async (what) => {
      for (const namespace of [home, apps]) {
        for (const verb of ["get", "create", "patch"]) {
          const { stdout } = await there.try([
            ...people.ci,
            "auth",
            "can-i",
            verb,
            what,
            "-n",
            namespace,
          ]);
          expect(stdout.trim()).toBe("no");
        }
      }
    },
  );

  it("has been refused by every rule, once all of this file has run", () => {
    const crds = ["decisions.docc.dev", "commands.docc.dev"];
    const rules = [...policyRules(), ...crds.flatMap((name) => rulesOf(name))];
    expect(rules).toHaveLength(19);
    const said = refusals.join("\n");
    expect(rules.filter((rule) => !said.includes(rule))).toEqual([]);
  });

  it("goes as a whole with its namespace, audit log and all", { timeout: 60_000 }, async () => {
    expect((await create("docc", said)).stderr).toBe("");
    await there.admin(["delete", "namespace", home, "--timeout=50s"]);
    expect((await there.try(["get", "namespace", home])).stderr).toContain("not found");
  });
});
