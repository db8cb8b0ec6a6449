import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { adoptedBy } from "../../src/controller/adopting.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import { Refusal } from "../../src/controller/refusal.ts";
import type { Accepted } from "../../src/controller/step.ts";
import { DoccError } from "../../src/errors.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { openRules } from "../../src/policy/rules.ts";
import { foundIn, seenOf } from "../../src/release/found.ts";
import type { Application, Plan } from "../../src/release/release.ts";
import { startedAt } from "../release/cluster.ts";
import { plan, release } from "../release/releases.ts";

const labels = { "app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web" };
const here = {
  name: "production",
  platform: { ...platform, registries: ["registry.example.com"] },
};
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const maintainer = "dev@example.com";

/** Without docc, and what it is when somebody changes it. */
function live({ name = "web", marks = {}, pods = labels, image = "registry.example.com/web:1" }) {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop", uid: "u1", labels: marks },
    spec: {
      selector: { matchLabels: pods },
      template: { metadata: { labels: pods }, spec: { containers: [{ name: "web", image }] } },
    },
  };
  return { deployment, objects: [], unread: [] };
}
type Live = ReturnType<typeof live>;

/** @param seen what was shown; nothing that there ever was unless it is given */
function adoption(seen?: Live, made?: Plan): Accepted {
  const shown = seen && seenOf(foundIn(seen, maintainer, here), hash);
  const source = {
    type: "adoption",
    adopts: { seen: shown ?? "0123456789ab", maintainer },
  } as const;
  const transitions = [
    { phase: "accepted", at: new Date(startedAt).toISOString(), actor: "U1" },
  ] as const;
  const status = {
    phase: "accepted",
    app: "web",
    ...(made === undefined ? {} : { plan: made }),
    transitions,
  } as const;
  return { ...release(undefined, { app: "web", source }), status };
}

async function adopted(
  asked: Accepted,
  read: () => Promise<Live>,
  rules: Partial<Environment["rules"]> = {},
): Promise<unknown> {
  const env = {
    ...here,
    rules: { ...openRules, ...rules },
    cluster: { adoptable: read },
  } as unknown as Environment;
  const head: Application = {
    metadata: asked.metadata,
    spec: { app: "web", environment: "production" },
    status: { nextRevision: 1, inventory: [] },
  };
  const ports = {
    hash,
    clock: new SteppedClock(startedAt),
    people: [],
    organisation: { operators: [], roles: {}, teams: {} },
    directory: { isAmong: () => Promise.resolve(false) },
  } as unknown as ControllerPorts;
  try {
    return await adoptedBy(asked, env, head, ports);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, sentence, next } = error.why;
    return { code, sentence, next };
  }
}

const reads = (found: Live) => () => Promise.resolve(found);
const unread = () => Promise.reject(new Error("it is read"));

describe("what an adoption makes docc's", () => {
  it("is what was shown, by its uid", async () => {
    const shop = live({});
    expect(await adopted(adoption(shop), reads(shop))).toMatchObject({
      manifest: { application: "web", maintainer: [maintainer] },
      takes: [{ kind: "Deployment", name: "web", uid: "u1" }],
    });
  });

  it("is nothing for another request", async () => {
    const asked = { ...adoption(), spec: { ...adoption().spec, source: { type: "stored" } } };
    expect(await adopted(asked as Accepted, unread)).toBeUndefined();
  });

  it.each([
    ["runs something else", reads(live({ image: "registry.example.com/web:2" }))],
    ["is gone", () => Promise.reject(new DoccError("not-found", "There is none."))],
  ])("is nothing when the Deployment %s since it was shown", async (_what, read) => {
    expect(await adopted(adoption(live({})), read)).toEqual({
      code: "changed-outside",
      sentence: "Deployment web is not what was shown any more",
      next: "look at it again by /docc init from=deployment/web in=production",
    });
  });

  it.each([
    ["finds its pods otherwise", live({ pods: { app: "web" } as never }), "selector-differs"],
    [
      "is docc's",
      live({ marks: { ...labels, "app.kubernetes.io/managed-by": "docc" } }),
      "not-ours",
    ],
    ["has another name", live({ name: "Web" }), "not-ours"],
    ["may not run there", live({ image: "elsewhere.example.com/web:1" }), "bad-manifest"],
  ])("is nothing of what %s, whoever made the request", async (_what, found, code) => {
    expect(await adopted(adoption(found), reads(found))).toMatchObject({ code });
  });

  it("is read for those alone who may deploy there", async () => {
    const asked = adoption(live({}));
    const deployers = ["U0OTHER"];
    expect(await adopted(asked, unread, { deployers })).toMatchObject({ code: "not-entitled" });
  });

  it("says that docc may not read it, and waits for a cluster that does not answer", async () => {
    const asked = adoption(live({}));
    const forbidden = new DoccError("not-allowed", "You may not read it.");
    expect(await adopted(asked, () => Promise.reject(forbidden))).toMatchObject({
      code: "not-entitled",
      sentence: "docc may not read Deployments in production",
    });
    const trouble = new KubeError("unavailable", "It does not answer.");
    await expect(adopted(asked, () => Promise.reject(trouble))).rejects.toBe(trouble);
  });

  it("stays what the first plan took, whatever runs by then", async () => {
    const taken = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
    const change = { ...taken, action: "change", note: "", takesOver: [], uid: "u1" } as const;
    const made = { ...plan, changes: [change] };
    expect(await adopted(adoption(live({}), made), unread)).toMatchObject({
      manifest: { application: "kubecon-2017" },
      takes: [{ kind: "Deployment", name: "web", uid: "u1" }],
    });
  });
});
