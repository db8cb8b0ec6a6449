import { describe, expect, it } from "vitest";
import {
  type CommandAnswer,
  type CommandSpec,
  longestCommand,
} from "../../src/release/command-record.ts";
import {
  type DecisionAnswer,
  type DecisionSpec,
  verdicts,
} from "../../src/release/decision-record.ts";
import { accept, enter, isTerminal } from "../../src/release/phases.ts";
import { notifyWays, type PreferenceRecord, type Subject } from "../../src/release/preferences.ts";
import {
  type ApplicationStatus,
  type Approval,
  type AppliedRelease,
  type Cause,
  type Closing,
  type DriftNote,
  type Identity,
  type Lock,
  type ObjectRef,
  type Outcome,
  type Phase,
  type Plan,
  type PlannedAction,
  type PlannedObject,
  type PlanPolicy,
  type ReleaseKind,
  releasePhases,
  type ReleaseSpec,
  type ReleaseStatus,
  type RolloutTarget,
  type SlackThread,
  type Stop,
  type Source,
  type Transition,
  type Verdict,
  type WebhookNote,
} from "../../src/release/release.ts";
import { crdSchema, type Schema, schemaAt, violations } from "./crd-schema.ts";
import { plan, release } from "./releases.ts";

const releases = crdSchema("releases");
const applications = crdSchema("applications");
const decisions = crdSchema("decisions");
const commands = crdSchema("commands");
const rules = (releases["x-kubernetes-validations"] ?? []).map(({ rule }) => rule);

/** All keys of a type: the compiler refuses one too few and one too many. */
type Keys<T> = Readonly<Record<keyof Required<T> & string, true>>;
/** All members of a union of texts, likewise. */
type Members<T extends string> = Readonly<Record<T, true>>;
/** All fields that any member of a union of records has. */
type FieldsOf<T> = Record<T extends unknown ? keyof T : never, unknown>;

function sortedKeys(table: object): readonly string[] {
  return Object.keys(table).toSorted();
}

function ruleWith(text: string): string {
  const found = rules.filter((rule) => rule.includes(text));
  expect(found, `rules with ${text}`).toHaveLength(1);
  return found[0] ?? "";
}

function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/'([a-z-]+)'/g)].map(([, word]) => word ?? "");
}

/** The CEL map from a phase to its followers, as data. Terminal ones must be there: CEL fails else. */
function followersInCel(): Readonly<Record<string, readonly string[]>> {
  const rule = ruleWith("}[oldSelf.status.phase]");
  const entries = [...rule.matchAll(/'([a-z-]+)':\s*\[([^\]]*)\]/g)];
  return Object.fromEntries(
    entries.map(([, from = "", list = ""]) => [from, quotedIn(list).toSorted()]),
  );
}

function mayFollow(from: Phase, to: Phase): boolean {
  try {
    enter({ phase: from, transitions: [] }, to, { now: 0, actor: "docc" });
    return true;
  } catch {
    return false;
  }
}

describe("the Release CRD", () => {
  it("allows the very steps that the code takes", () => {
    const inCode = releasePhases.map((from) => [
      from,
      releasePhases.filter((to) => mayFollow(from, to)).toSorted(),
    ]);
    expect(followersInCel()).toEqual(Object.fromEntries(inCode));
  });

  it("asks for the time of finishing in the terminal phases alone (argo-cd #29636: stuck after restart)", () => {
    const list = /in \[([^\]]*)\]/.exec(ruleWith("== has(self.status.finishedAt)"))?.[1] ?? "";
    expect(quotedIn(list).toSorted()).toEqual(releasePhases.filter(isTerminal).toSorted());
  });

  it("freezes every field of a finished release but slack and webhooks", () => {
    const rule = ruleWith("!has(oldSelf.status.finishedAt) ||");
    const frozen = [...rule.matchAll(/self\.status\.(\w+) == oldSelf\.status\.\1\b/g)];
    const fields = Object.keys(schemaAt(releases, "status").properties ?? {});
    expect(frozen.map(([, field = ""]) => field).toSorted()).toEqual(
      fields.filter((field) => !["slack", "webhooks"].includes(field)).toSorted(),
    );
  });

  it("has the phases of the code", () => {
    expect(schemaAt(releases, "status.phase").enum).toEqual([...releasePhases]);
  });

  const kinds: Members<ReleaseKind> = {
    deploy: true,
    update: true,
    rollback: true,
    restart: true,
    delete: true,
  };
  const sources: Members<Source["type"]> = {
    inline: true,
    "slack-file": true,
    stored: true,
    release: true,
    promotion: true,
    adoption: true,
  };
  const providers: Members<Identity["provider"]> = {
    slack: true,
    kubernetes: true,
    docc: true,
  };
  const outcomes: Members<Outcome> = {
    succeeded: true,
    failed: true,
    unknown: true,
    superseded: true,
    refused: true,
  };
  const actions: Members<PlannedAction> = {
    create: true,
    change: true,
    unchanged: true,
    prune: true,
  };
  it.each([
    ["spec.kind", kinds],
    ["spec.source.type", sources],
    ["spec.requester.provider", providers],
    ["status.verdict.outcome", outcomes],
  ])("has the values of the code for %s", (path, members) => {
    expect(schemaAt(releases, path).enum?.toSorted()).toEqual(sortedKeys(members));
  });

  it("has the actions of the code for the changes of a plan", () => {
    const action = schemaAt(releases, "status.plan.changes").items?.properties?.["action"];
    expect(action?.enum?.toSorted()).toEqual(sortedKeys(actions));
  });

  const spec: Keys<ReleaseSpec> = {
    app: true,
    environment: true,
    kind: true,
    source: true,
    words: true,
    reason: true,
    emergency: true,
    requester: true,
    tell: true,
    channel: true,
  };
  const status: Keys<ReleaseStatus> = {
    phase: true,
    app: true,
    plan: true,
    approvals: true,
    closed: true,
    stop: true,
    revision: true,
    inventory: true,
    rollout: true,
    deadline: true,
    readyAt: true,
    restarts: true,
    verdict: true,
    finishedAt: true,
    slack: true,
    webhooks: true,
    transitions: true,
  };
  const identity: Keys<Identity> = { provider: true, team: true, user: true };
  const plans: Keys<Plan> = {
    number: true,
    digest: true,
    manifest: true,
    objects: true,
    changes: true,
    diff: true,
    policy: true,
    expiresAt: true,
    from: true,
    to: true,
    risks: true,
    warnings: true,
    plannedAt: true,
  };
  const rollout: Keys<RolloutTarget> = {
    name: true,
    uid: true,
    generation: true,
    templateHash: true,
    appliedAt: true,
  };
  const verdict: Keys<Verdict> = {
    outcome: true,
    affected: true,
    cause: true,
    ready: true,
    wanted: true,
    urls: true,
  };
  const cause: Keys<Cause> = {
    code: true,
    sentence: true,
    named: true,
    evidence: true,
    next: true,
  };
  const slack: Keys<SlackThread> = {
    channel: true,
    ts: true,
    posting: true,
    told: true,
    direct: true,
  };
  const policy: Keys<PlanPolicy> = {
    approvals: true,
    approvers: true,
    self: true,
    outsideSlack: true,
    emergency: true,
  };
  const closing: Keys<Closing> = { by: true, reason: true };
  const stop: Keys<Stop> = { ...closing, at: true };
  it.each([
    ["spec", spec],
    ["spec.requester", identity],
    ["status", status],
    ["status.plan", plans],
    ["status.plan.policy", policy],
    ["status.closed", closing],
    ["status.closed.by", identity],
    ["status.stop", stop],
    ["status.stop.by", identity],
    ["status.rollout", rollout],
    ["status.verdict", verdict],
    ["status.verdict.cause", cause],
    ["status.slack", slack],
  ])("has the fields of the code in %s", (path, keys) => {
    expect(sortedKeys(schemaAt(releases, path).properties ?? {})).toEqual(sortedKeys(keys));
  });

  type SourceKeys = Keys<FieldsOf<Source>>;
  const source: SourceKeys = {
    type: true,
    manifest: true,
    file: true,
    release: true,
    revision: true,
    from: true,
    adopts: true,
  };
  const carries: Readonly<Record<Source["type"], readonly string[]>> = {
    inline: ["manifest"],
    "slack-file": ["file"],
    stored: [],
    release: ["release", "revision"],
    promotion: ["from"],
    adoption: ["adopts"],
  };
  it("has the fields of all sources, and says which source carries what", () => {
    const schema = schemaAt(releases, "spec.source");
    expect(sortedKeys(schema.properties ?? {})).toEqual(sortedKeys(source));
    const said = schema["x-kubernetes-validations"] ?? [];
    expect(said).toHaveLength(1);
    const rule = said[0]?.rule ?? "";
    const pairs = [...rule.matchAll(/\(self\.type == '([a-z-]+)'\) == has\(self\.(\w+)\)/g)];
    const inCode = Object.entries(carries).flatMap(([type, fields]) =>
      fields.map((field) => `${type} ${field}`),
    );
    expect(pairs.map(([, type, field]) => `${type} ${field}`)).toEqual(inCode);
    expect(rule.split("&&")).toHaveLength(inCode.length);
  });

  it("lets rollbacks alone name an earlier release", () => {
    const said = schemaAt(releases, "spec")["x-kubernetes-validations"] ?? [];
    expect(said.map(({ rule }) => rule).join()).toContain(
      "(self.kind == 'rollback') == (self.source.type == 'release')",
    );
  });

  const ref: Keys<ObjectRef> = { apiVersion: true, kind: true, namespace: true, name: true };
  const change: Keys<PlannedObject> = {
    ...ref,
    action: true,
    note: true,
    takesOver: true,
    pin: true,
    uid: true,
    previewed: true,
  };
  /** An object to apply has a pin, one to prune a uid; only one that was not previewed says so. */
  const optional = ["pin", "uid", "previewed"];
  const approval: Keys<Approval> = { by: true, at: true, digest: true };
  const transition: Keys<Transition> = { phase: true, at: true, actor: true };
  it.each([
    ["status.plan.changes", change],
    ["status.inventory", ref],
    ["status.approvals", approval],
    ["status.transitions", transition],
  ])("has the fields of the code in each of %s", (path, keys) => {
    const items = schemaAt(releases, path).items;
    expect(sortedKeys(items?.properties ?? {})).toEqual(sortedKeys(keys));
    const required = sortedKeys(keys).filter((key) => !optional.includes(key));
    expect(items?.required?.toSorted()).toEqual(required);
  });

  it("takes the statuses that the code makes", () => {
    const step = { now: Date.UTC(2017, 11, 6), actor: "docc" };
    const accepted = accept(release(), step);
    const finished = enter(
      enter(
        enter(enter(accepted, "planned", step, { plan }), "applying", step),
        "progressing",
        step,
      ),
      "failed",
      step,
    );
    const { status: schema } = releases.properties ?? {};
    expect(violations(schema as Schema, finished)).toEqual([]);
  });
});

describe("the notes of webhooks in the Release CRD", () => {
  const note: Keys<WebhookNote> = { through: true, gaveUp: true };
  it("have the fields of the code", () => {
    const schema = schemaAt(releases, "status.webhooks").additionalProperties;
    expect(sortedKeys(schema?.properties ?? {})).toEqual(sortedKeys(note));
    expect(schema?.required).toEqual(["through"]);
  });
});

describe("the Application CRD", () => {
  const status: Keys<ApplicationStatus> = {
    applied: true,
    current: true,
    deleted: true,
    inFlight: true,
    nextRevision: true,
    inventory: true,
    lock: true,
    drift: true,
  };
  const drift: Keys<DriftNote> = { hash: true, at: true, beside: true };
  const lock: Keys<Lock> = { by: true, reason: true, at: true, until: true };
  const applied: Keys<AppliedRelease> = { release: true, revision: true, manifest: true };
  it.each([
    ["status", status],
    ["status.applied", applied],
    ["status.current", applied],
    ["status.lock", lock],
    ["status.drift", drift],
  ])("has the fields of the code in %s", (path, keys) => {
    expect(sortedKeys(schemaAt(applications, path).properties ?? {})).toEqual(sortedKeys(keys));
  });
});

describe("the Preference CRD", () => {
  const preferences = crdSchema("preferences");
  const spec: Keys<PreferenceRecord["spec"]> = {
    subject: true,
    environment: true,
    quiet: true,
    notify: true,
  };
  const subject: Keys<Subject> = { kind: true, team: true, id: true };
  it.each([
    ["spec", spec],
    ["spec.subject", subject],
  ])("has the fields of the code in %s", (path, keys) => {
    expect(sortedKeys(schemaAt(preferences, path).properties ?? {})).toEqual(sortedKeys(keys));
  });

  const kinds: Members<Subject["kind"]> = { person: true, channel: true };
  it("has the values of the code", () => {
    expect(sortedKeys(kinds)).toEqual(schemaAt(preferences, "spec.subject.kind").enum?.toSorted());
    expect(schemaAt(preferences, "spec.notify").enum).toEqual([...notifyWays]);
  });
});

describe("the Decision CRD", () => {
  const spec: Keys<DecisionSpec> = {
    release: true,
    digest: true,
    verdict: true,
    reason: true,
    by: true,
  };
  const by: Keys<Identity> = { provider: true, team: true, user: true };
  const status: Keys<DecisionAnswer> = { outcome: true, code: true, sentence: true, at: true };
  it.each([
    ["spec", spec],
    ["spec.by", by],
    ["status", status],
  ])("has the fields of the code in %s", (path, keys) => {
    expect(sortedKeys(schemaAt(decisions, path).properties ?? {})).toEqual(sortedKeys(keys));
  });

  const outcomes: Members<DecisionAnswer["outcome"]> = { accepted: true, refused: true };
  it("has the values of the code", () => {
    expect(schemaAt(decisions, "spec.verdict").enum).toEqual([...verdicts]);
    expect(schemaAt(decisions, "status.outcome").enum).toEqual(sortedKeys(outcomes));
  });
});

describe("the Command CRD", () => {
  const spec: Keys<CommandSpec> = { text: true, by: true };
  const by: Keys<Identity> = { provider: true, team: true, user: true };
  const status: Keys<CommandAnswer> = {
    outcome: true,
    code: true,
    sentence: true,
    lines: true,
    table: true,
    at: true,
  };
  const table: Keys<NonNullable<CommandAnswer["table"]>> = { columns: true, rows: true };
  it.each([
    ["spec", spec],
    ["spec.by", by],
    ["status", status],
    ["status.table", table],
  ])("has the fields of the code in %s", (path, keys) => {
    expect(sortedKeys(schemaAt(commands, path).properties ?? {})).toEqual(sortedKeys(keys));
  });

  const outcomes: Members<CommandAnswer["outcome"]> = { answered: true, refused: true };
  it("has the values of the code", () => {
    expect(schemaAt(commands, "status.outcome").enum).toEqual(sortedKeys(outcomes));
    expect(schemaAt(commands, "spec.text").maxLength).toBe(longestCommand);
  });
});

describe("every list and text of the CRDs", () => {
  it.each([
    ["releases", releases],
    ["applications", applications],
    ["decisions", decisions],
    ["commands", commands],
    ["preferences", crdSchema("preferences")],
    ["auditrecords", crdSchema("auditrecords")],
    ["auditsegments", crdSchema("auditsegments")],
  ])("has an upper limit in %s", (_name, schema) => {
    expect(unlimited(schema)).toEqual([]);
  });
});

/** Lists and texts without a limit: CEL's cost estimate and etcd's size both need one. */
function unlimited(schema: Schema, path = ""): readonly string[] {
  const isTop = ["apiVersion", "kind"].includes(path);
  const bad =
    (schema.type === "array" && schema.maxItems === undefined) ||
    (schema.type === "string" &&
      schema.maxLength === undefined &&
      schema.enum === undefined &&
      schema.pattern === undefined);
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, each]) =>
    unlimited(each, path === "" ? key : `${path}.${key}`),
  );
  const items = schema.items === undefined ? [] : unlimited(schema.items, `${path}[]`);
  return [...(bad && !isTop ? [path] : []), ...below, ...items];
}
