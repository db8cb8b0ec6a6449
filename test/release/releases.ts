import type {
  Plan,
  PlannedAction,
  PlanPolicy,
  Release,
  ReleaseStatus,
} from "../../src/release/release.ts";
import { startedAt } from "./cluster.ts";

const digest = `sha256:${"0".repeat(64)}`;

/** Nobody is asked. */
export const openPolicy: PlanPolicy = {
  approvals: 0,
  approvers: [],
  self: false,
  outsideSlack: false,
  emergency: false,
};

export const plan: Plan = {
  number: 1,
  digest,
  manifest: '{"application":"kubecon-2017","maintainer":["dev@example.com","U0MAINTAIN"]}',
  objects: "[]",
  changes: [],
  diff: "[]",
  policy: openPolicy,
  from: "2017",
  to: "2018",
  risks: [],
  warnings: [],
  plannedAt: new Date(startedAt).toISOString(),
};

export function planned(
  actions: readonly (readonly [kind: string, action: PlannedAction, note?: string])[],
  rest: Partial<Plan> = {},
): Plan {
  return {
    ...plan,
    changes: actions.map(([kind, action, note = ""]) => ({
      apiVersion: "v1",
      kind,
      namespace: "web",
      name: "kubecon-2017",
      action,
      note,
      takesOver: [],
    })),
    ...rest,
  };
}

/** A release as it is stored; without `status` one that docc has not looked at yet. */
export function release(status?: ReleaseStatus, rest: Partial<Release["spec"]> = {}): Release {
  return {
    metadata: {
      name: "kubecon-2017-0123456789ab",
      namespace: "docc",
      uid: "uid-of-release",
      resourceVersion: "1",
      creationTimestamp: new Date(startedAt).toISOString(),
    },
    spec: {
      app: "kubecon-2017",
      environment: "production",
      kind: "deploy",
      source: { type: "stored" },
      words: { tag: "2018" },
      requester: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
      ...rest,
    },
    ...(status === undefined ? {} : { status }),
  };
}
