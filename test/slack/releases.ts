import type {
  Phase,
  Plan,
  Release,
  ReleaseSpec,
  ReleaseStatus,
  Verdict,
} from "../../src/release/release.ts";
import { openPolicy } from "../release/releases.ts";
import type { ReleaseView } from "../../src/release/story.ts";

/** The talk's second deploy, at noon: 2016 -> 2017 of kubecon-2017 by the developer. */
export const noon = Date.UTC(2017, 11, 6, 12);

const order: readonly Phase[] = ["accepted", "planned", "applying", "progressing", "verifying"];

export const plan: Plan = {
  number: 1,
  digest: `sha256:${"0".repeat(64)}`,
  manifest: "{}",
  objects: "[]",
  changes: [
    object("Deployment", "change", "image"),
    object("Service", "unchanged"),
    object("Ingress", "unchanged"),
    object("Certificate", "unchanged"),
  ],
  diff: "[]",
  policy: openPolicy,
  from: "2016",
  to: "2017",
  risks: [],
  warnings: [],
  plannedAt: new Date(noon).toISOString(),
};

function object(kind: string, action: "change" | "unchanged", note = ""): Plan["changes"][number] {
  return {
    apiVersion: "v1",
    kind,
    namespace: "default",
    name: "kubecon-2017",
    action,
    note,
    takesOver: [],
  };
}

/** A release that entered each phase one second after the one before, the last one at noon. */
export function releaseIn(
  phase: Phase,
  more: { readonly spec?: Partial<ReleaseSpec>; readonly status?: Partial<ReleaseStatus> } = {},
): Release {
  const before = order.slice(0, order.includes(phase) ? order.indexOf(phase) : 3);
  const phases = [...before, phase];
  const planned = phase !== "accepted" && phase !== "refused";
  return {
    metadata: {
      name: "kubecon-2017-0123456789ab",
      namespace: "docc",
      uid: "11111111-1111-4111-8111-111111111111",
      resourceVersion: "1",
      creationTimestamp: new Date(noon).toISOString(),
    },
    spec: {
      app: "kubecon-2017",
      environment: "production",
      kind: "deploy",
      source: { type: "stored" },
      words: { tag: "2017" },
      reason: "new schedule",
      requester: { provider: "slack", team: "T0DOCC", user: "UDEVELOPER" },
      channel: "CDEPLOYS",
      ...more.spec,
    },
    status: {
      phase,
      ...(planned ? { plan, revision: 8 } : {}),
      transitions: phases.map((entered, at) => ({
        phase: entered,
        at: new Date(noon - (phases.length - 1 - at) * 1_000).toISOString(),
        actor: "docc",
      })),
      ...more.status,
    },
  };
}

export function viewOf(release: Release, more: Partial<ReleaseView> = {}): ReleaseView {
  return { release, now: noon, stableMs: 60_000, ...more };
}

export const failure: Verdict = {
  outcome: "failed",
  affected: "Users are still on 2017: 3 of 3 old pods ready.",
  cause: {
    code: "exits",
    sentence: "kubecon exits with code 1 at start",
    evidence: ["DATABASE_URL is not set"],
    next: "add DATABASE_URL to env, or roll back",
  },
  ready: 0,
  wanted: 3,
  urls: [],
};
