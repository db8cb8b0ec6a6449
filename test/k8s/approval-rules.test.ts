import { describe, expect, it } from "vitest";
import { describeOnRealCluster } from "../cluster/real-cluster.ts";
import { type InNamespace, namespacesOf } from "../cluster/support/namespaces.ts";
import { leftOut, rulesOf } from "./crd-rules.ts";

const at = "2017-12-06T09:00:00.000Z";
const slack = (user: string) => ({ provider: "slack", team: "T", user });
const account = { provider: "kubernetes", team: "", user: "anna" };
const hex = (digit: string): string => `sha256:${digit.repeat(64)}`;
const yes = (by: object, digest = hex("1"), when = at) => ({ by, digest, at: when });

function plan(policy: object = {}, rest: object = {}) {
  const open = {
    approvals: 1,
    approvers: ["UANNA"],
    self: false,
    outsideSlack: false,
    emergency: false,
  };
  return {
    number: 1,
    digest: hex("1"),
    manifest: "{}",
    objects: "[]",
    changes: [],
    diff: "[]",
    policy: { ...open, ...policy },
    expiresAt: at,
    from: "2016",
    to: "2017",
    risks: [],
    warnings: [],
    plannedAt: at,
    ...rest,
  };
}

const to = (phase: string, rest: object = {}) => ({
  phase,
  transitions: [{ phase, at, actor: "docc" }],
  ...rest,
});
const accepted = to("accepted");
const planned = (policy: object = {}) => to("planned", { plan: plan(policy) });
const awaiting = to("awaiting-approval");
const asked = (policy: object = {}) => [accepted, planned(policy), awaiting];
const anna = { approvals: [yes(slack("UANNA"))] };
const applying = [...asked(), to("approved", anna), to("applying", { revision: 1 })];
const stop = { stop: { by: slack("UANNA"), reason: "", at } };
const closed = { closed: { by: slack("UANNA"), reason: "" } };

/** What led there, the write that must not be, and the rule's message. */
const attacks: readonly (readonly [string, readonly object[], object, string])[] = [
  ["begins in the middle", [], to("planned", { plan: plan() }), "a status begins at accepted"],
  [
    "skips the approval",
    [...asked()],
    to("applying", { revision: 1 }),
    "no such step from this phase",
  ],
  [
    "applies what nobody approved",
    [accepted, planned()],
    to("applying", { revision: 1 }),
    "nothing goes on without the approvals",
  ],
  [
    "ends without its time",
    [accepted],
    to("refused"),
    "a terminal phase and the time of finishing are one write",
  ],
  [
    "approves another digest",
    asked(),
    { approvals: [yes(slack("UANNA"), hex("2"))] },
    "an approval is of the plan that there is",
  ],
  [
    "approves its own request",
    asked(),
    { approvals: [yes(slack("U"))] },
    "nobody approves what they asked for",
  ],
  [
    "approves twice at two times",
    asked({ approvals: 2 }),
    { approvals: [yes(slack("UANNA")), yes(slack("UANNA"), hex("1"), "2017-12-06T09:00:01.000Z")] },
    "a person approves once",
  ],
  [
    "has one approval of two",
    asked({ approvals: 2 }),
    to("approved", anna),
    "nothing goes on without the approvals",
  ],
  [
    "has Slack's approvals alone",
    asked({ outsideSlack: true }),
    to("approved", anna),
    "one approval comes from outside Slack",
  ],
  [
    "lowers the policy on its way",
    asked(),
    to("approved", { plan: plan({ approvals: 0 }) }),
    "a plan changes only by a new one",
  ],
  [
    "makes a new plan and approves it at once",
    asked(),
    to("planned", { plan: plan({}, { number: 2 }), approvals: [yes(slack("UANNA"))] }),
    "a plan changes only by a new one",
  ],
  [
    "changes the plan in the write that approves",
    asked(),
    to("approved", { plan: plan({}, { number: 2 }), ...anna }),
    "a plan changes only by a new one",
  ],
  [
    "makes the first plan with its approvals",
    [accepted],
    to("planned", { plan: plan(), ...anna }),
    "a plan is approved while it waits for that",
  ],
  [
    "is approved while it is applied",
    applying,
    { approvals: [yes(slack("UANNA")), yes(account)] },
    "a plan is approved while it waits for that",
  ],
  [
    "takes an approval back",
    [...asked({ approvals: 2 }), anna],
    { approvals: [yes(account)] },
    "an approval is never taken back",
  ],
  ["is accepted with a plan", [accepted], { plan: plan() }, "what is only accepted has no plan"],
  ["is planned without a plan", [accepted], to("planned"), "nothing goes on without a plan"],
  [
    "asks for ever",
    [accepted],
    to("planned", { plan: plan({}, { expiresAt: undefined }) }),
    "a plan that people are asked about expires",
  ],
  ["takes another revision", applying, { revision: 2 }, "a revision stays"],
  [
    "is rejected by nobody",
    asked(),
    to("rejected", { finishedAt: at }),
    "who rejected or cancelled a release is part of it",
  ],
  ["is closed and goes on", asked(), closed, "who rejected or cancelled a release is part of it"],
  ["loses its stop", [...applying, stop], { stop: null }, "a stop stays"],
  [
    "is stopped before it is applied",
    asked(),
    stop,
    "only what is being applied or followed can be stopped",
  ],
  [
    "tells another story afterwards",
    [...asked(), to("cancelled", { finishedAt: at, ...closed })],
    { closed: { by: slack("U"), reason: "" } },
    "a finished release keeps its story",
  ],
  [
    "has a thread that is nowhere",
    [accepted],
    { slack: { channel: "C", told: [] } },
    "a thread has its root message",
  ],
  [
    "has a thread that nobody is about to open",
    [accepted],
    { slack: { channel: "C", told: [], posting: false } },
    "a thread has its root message",
  ],
  [
    "loses its thread",
    [accepted, { slack: { channel: "C", ts: "1.0", told: [] } }],
    { slack: { ts: null } },
    "a thread has its root message",
  ],
];

/** Writes that stand beside the attacks, and are taken. */
const neighbours: readonly (readonly [string, readonly object[]])[] = [
  ["goes the whole way to applying, and is stopped", [...applying, stop]],
  [
    "is approved by two, one of them from outside",
    [
      ...asked({ approvals: 2, outsideSlack: true }),
      anna,
      to("approved", { approvals: [yes(slack("UANNA")), yes(account)] }),
    ],
  ],
  [
    "is approved by who asked, where the policy lets them",
    [...asked({ self: true }), to("approved", { approvals: [yes(slack("U"))] })],
  ],
  [
    "is planned anew, without the approvals",
    [
      ...asked({ approvals: 2 }),
      anna,
      to("planned", { plan: plan({}, { number: 2 }), approvals: null }),
    ],
  ],
  [
    "needs no approval and does not expire",
    [
      accepted,
      to("planned", { plan: plan({ approvals: 0 }, { expiresAt: undefined }) }),
      to("applying", { revision: 1 }),
    ],
  ],
  [
    "is about to open its thread, and has it",
    [
      accepted,
      { slack: { channel: "C", told: [], posting: true } },
      { slack: { ts: "1.0", posting: null } },
    ],
  ],
];

/** Of what patches of the status cannot do; kubectl replaces there. */
const elsewhere = ["a request never changes", "a status never vanishes"];
/** Of requests of their own. */
const unseen = "nothing is taken over without a yes";

describe("the attacks on the Release CRD", () => {
  it("leave out no rule but those of the request", () => {
    const name = "releases.docc.dev";
    const ofRequest = new Set(rulesOf(name, "spec"));
    const rules = rulesOf(name).filter((rule) => !ofRequest.has(rule));
    expect(rules.length).toBeGreaterThan(ofRequest.size);
    const attacked = [...attacks.map(([, , , message]) => message), ...elsewhere, unseen];
    expect(leftOut(rules, attacked)).toEqual([]);
  });
});

const name = "kubecon-2017-ba9876543210";
const request = {
  apiVersion: "docc.dev/v1alpha1",
  kind: "Release",
  metadata: { name },
  spec: {
    app: "kubecon-2017",
    environment: "production",
    kind: "deploy",
    source: { type: "stored" },
    words: {},
    requester: slack("U"),
  },
};

async function write(inside: InNamespace, status: object, by = "--subresource=status") {
  const body = by === "--subresource=status" ? { status } : status;
  return inside.try([
    "patch",
    "releases.docc.dev",
    name,
    by,
    "--type=merge",
    "-p",
    JSON.stringify(body),
  ]);
}

async function stored(
  inside: InNamespace,
  way: readonly object[],
  spec: object = {},
): Promise<void> {
  const asked = { ...request, spec: { ...request.spec, ...spec } };
  await inside.ok(["create", "-f", "-"], JSON.stringify(asked));
  for (const status of way)
    expect(await write(inside, status)).toMatchObject({ stderr: "", code: 0 });
}

describeOnRealCluster("on the real control plane", (cluster) => {
  const namespaces = namespacesOf(cluster);

  it.each(attacks)(
    "a release that %s is refused",
    { timeout: 60_000 },
    async (_name, way, attack, message) => {
      const inside = await namespaces.create();
      await stored(inside, way);
      const { code, stderr } = await write(inside, attack);
      expect(stderr).toContain(message);
      expect(code).not.toBe(0);
    },
  );

  it.each(neighbours)("a release that %s is taken", { timeout: 60_000 }, async (_name, way) => {
    await stored(await namespaces.create(), way);
  });

  it("a take-over that nobody is asked about is refused", async () => {
    const inside = await namespaces.create();
    const source = { type: "adoption", adopts: { seen: "0123456789ab", maintainer: "U2" } };
    await stored(inside, [accepted], { source });
    const unasked = { plan: plan({ approvals: 0 }, { expiresAt: undefined }) };
    const { code, stderr } = await write(inside, to("planned", unasked));
    expect(stderr).toContain(unseen);
    expect(code).not.toBe(0);
    expect(await write(inside, planned())).toMatchObject({ stderr: "", code: 0 });
  });

  it("a request never changes, and a status never vanishes", async () => {
    const inside = await namespaces.create();
    await stored(inside, [accepted]);
    const changed = await write(
      inside,
      { spec: { words: { tag: "evil" } } },
      "--request-timeout=30s",
    );
    expect(changed.stderr).toContain("a request never changes; ask again instead");
    const gone = await inside.try([
      "patch",
      "releases.docc.dev",
      name,
      "--subresource=status",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/status"}]',
    ]);
    expect(gone.stderr).toContain("a status never vanishes");
  });
});
