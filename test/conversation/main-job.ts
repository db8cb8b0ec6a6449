import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gesture } from "../../sandbox/slack/gesture.ts";
import type { Answer } from "../../sandbox/slack/response-urls.ts";
import type { Ephemeral } from "../../sandbox/slack/types.ts";
import { certificates, deployments, ingresses, services } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import type { SlackSettings } from "../../src/slack/settings.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/**
 * The main job as a conversation: the talk's manifest comes in, a command changes its tag, the
 * thread tells the truth. The same on every target and over both of Slack's transports.
 */
export function mainJob(target: Target, mode: SlackSettings["mode"]): void {
  describe(`the main job on the ${target.name} over ${mode} mode`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, mode);
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    it("puts manifest 4 on the cluster from an uploaded file, to success", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      await threadSays(stage, 1, /^Applied 5 objects\.$/m);
      await threadSays(stage, 1, /3 of 3 ready\. Watching/);
      await rootSays(stage, 1, /2016 is live in production\. 3 of 3 ready and stable/);
      expect(await rootSays(stage, 1, /https:/)).toContain(`https://kubecon-2017.${stage.domain}`);
    });

    it("makes Deployment, Service, Ingress and Certificate with docc's fields and marks", async () => {
      await objectsAreRight(stage);
    });

    it("deploys kubecon-2017 tag=2017 by one command, in a thread of its own", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.revision).toBe(2);
      await rootSays(stage, 2, /2016 -> 2017/);
      await rootSays(stage, 2, /2017 is live in production/);
      await threadSays(stage, 2, /Applied 1 object; 4 unchanged\./);
    });

    it("says that nothing is new when the same tag is deployed again, and deploys nothing", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const release = await stage.ended(3);
      expect(say(release)).toBe("refused: no-change");
      expect(release.status).not.toHaveProperty("revision");
      await rootSays(
        stage,
        3,
        /^Not deployed: production runs exactly this already, as revision 2\.$/m,
      );
    });

    it("ends a crash loop in failed, with the last line and who is affected", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      const release = await stage.ended(4);
      expect(say(release)).toBe("failed: crash-loop");
      expect(release.status?.verdict?.affected).toBe(
        "Users are still on 2017: 3 of 3 old pods ready.",
      );
      await rootSays(stage, 4, /2018 failed in production: kubecon exits with code 1 at start/);
      await threadSays(stage, 4, /DATABASE_URL is not set/);
      await threadSays(stage, 4, /Changed: image 2017 -> 2018 only\./);
    });

    it("tells the requester and the maintainer of a failure by name", async () => {
      const text = await threadSays(stage, 4, /exits with code 1/);
      expect(text).toContain("@developer");
      expect(text).toContain("@maintainer");
    });

    it("ends a tag that does not exist in failed, and says so", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2081");
      const release = await stage.ended(5);
      expect(say(release)).toBe("failed: image-not-found");
      await rootSays(
        stage,
        5,
        /image registry\.corp\.example\.com\/demo\/kubecon:2081 does not exist/,
      );
    });

    it("ends a pod that never gets ready in failed, at the deadline", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2019");
      const release = await stage.ended(6);
      expect(say(release)).toBe("failed: not-ready");
      await threadSays(stage, 6, /Warning: Unhealthy on Pod/);
      const replies = stage.slack.thread("#deploys", stage.roots()[5]?.ts ?? "");
      const warnings = replies
        .map((each) => stage.read(each))
        .filter((text) => text.startsWith("Warning"));
      expect(warnings.join(), "an older release's trouble").not.toMatch(/BackOff|2081/);
    });

    it("tells each group of warnings once", async () => {
      const root = stage.roots()[5];
      const replies = stage.slack
        .thread("#deploys", root?.ts ?? "")
        .map((each) => stage.read(each));
      const warnings = replies.filter((text) => text.startsWith("Warning:"));
      const reasons = warnings.map((text) => text.split(" on ")[0]);
      expect(new Set(reasons).size).toBe(reasons.length);
    });

    it("comes back to a good tag", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2016 scale=2");
      const release = await stage.ended(7);
      expect(say(release)).toBe("succeeded");
      await rootSays(stage, 7, /2 of 2 ready and stable/);
    });

    it("agrees with kubectl", async ({ skip }) => {
      const mayLack = process.env["DOCC_REQUIRE_REAL"] !== "1";
      skip(!stage.hasKubectl && mayLack, "there is no kubectl on this machine");
      const rollout = await stage.kubectl(
        "-n",
        stage.apps,
        "rollout",
        "status",
        "deployment/kubecon-2017",
        "--timeout=5s",
      );
      expect(rollout).toContain('deployment "kubecon-2017" successfully rolled out');
      const story = await stage.kubectl(
        "-n",
        stage.home,
        "get",
        "releases",
        "--sort-by=.status.revision",
      );
      const columns = story
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/));
      const applied = columns.filter((column) => !column.includes("refused"));
      expect(applied).toHaveLength(columns.length - 1);
      expect(applied.map((column) => column.slice(1, 7).join(" "))).toEqual([
        "APP ENVIRONMENT KIND TAG REVISION PHASE",
        "kubecon-2017 production deploy 2016 1 succeeded",
        "kubecon-2017 production deploy 2017 2 succeeded",
        "kubecon-2017 production deploy 2018 3 failed",
        "kubecon-2017 production deploy 2081 4 failed",
        "kubecon-2017 production deploy 2019 5 failed",
        "kubecon-2017 production deploy 2016 6 succeeded",
      ]);
    });

    it("answers list, show, logs, events, validate and help to the asker alone", async () => {
      const before = stage.roots().length;
      const row =
        /kubecon-2017 \| production \| healthy, 2 of 2 \| kubecon:2016 \| \d \| 6 \| \S+ \| \d+( s|m|h)/;
      await answers(stage, "/docc list", row);
      await answers(stage, "/docc list in=production health=healthy maintainer=@", row);
      await answers(stage, "/docc list health=unhealthy", /runs no app with health=unhealthy/);
      await answers(stage, "/docc list health=helthy", /Did you mean health=healthy/);
      await answers(stage, "/docc show kubecon-2017", /"image_tag": "2016"/);
      await answers(stage, "/docc show kubecon-2017 revision=2 as=yaml", /image_tag: "2017"/);
      await answers(stage, "/docc show kubecon-2017 revision=90", /it keeps 1, 2, 3, 4, 5 and 6/);
      await answers(stage, "/docc logs kubecon-2017", / {2}kubecon 2016 starting/);
      await answers(stage, "/docc events kubecon-2017", /Warning (BackOff|Failed|Unhealthy)/);
      await answers(stage, "/docc validate kubecon-2017", /is valid/);
      await answers(stage, "/docc help deploy", /\/docc deploy \[app\]/);
      expect(stage.roots()).toHaveLength(before);
    });
  });
}

export async function command(stage: Stage, typed: string, who = "developer"): Promise<void> {
  const { ack } = await stage.slack.as(who).command("#deploys", typed);
  expect(ack.ok).toBe(true);
}

export async function uploadManifest(stage: Stage, example: string, words = ""): Promise<void> {
  const content = await readFile(new URL(`../../examples/${example}`, import.meta.url));
  await uploadFile(stage, { name: example, content }, words);
}

/** The file comes in by the form that `/docc deploy` opens. */
export async function uploadFile(
  stage: Stage,
  file: { readonly name: string; readonly content: string | Buffer },
  words = "",
): Promise<void> {
  const developer = stage.slack.as("developer");
  await developer.command("#deploys", "/docc deploy");
  const view = await stage.until("the form opens", () => stage.slack.views("developer").at(-1));
  const { errors } = await developer.submit(view, { words }, { file: [file] });
  expect(errors).toEqual({});
}

/** `succeeded`, or `failed: crash-loop`. */
export function say({ status }: Release): string {
  const code = status?.verdict?.cause?.code;
  return code === undefined ? (status?.phase ?? "") : `${status?.phase ?? ""}: ${code}`;
}

export async function rootSays(stage: Stage, nth: number, pattern: RegExp): Promise<string> {
  return stage.until(`root ${nth} says ${pattern}`, () => {
    const root = stage.roots()[nth - 1];
    const text = root === undefined ? "" : stage.read(root);
    return pattern.test(text) ? text : undefined;
  });
}

export async function threadSays(stage: Stage, nth: number, pattern: RegExp): Promise<string> {
  return stage.until(`thread ${nth} says ${pattern}`, () => {
    const ts = stage.roots()[nth - 1]?.ts ?? "";
    const replies = stage.slack.thread("#deploys", ts).map((each) => stage.read(each));
    return replies.find((text) => pattern.test(text));
  });
}

/** The answer to this very command, whatever else who typed it is told meanwhile. */
export async function answerTo(stage: Stage, typed: string, who = "developer"): Promise<Ephemeral> {
  return answerOf(stage, typed, await stage.slack.as(who).command("#deploys", typed));
}

/** @param what the gesture is, for who reads of a failure */
export async function answerOf(
  stage: Stage,
  what: string,
  { ack, answer }: Gesture,
): Promise<Ephemeral> {
  expect(ack.ok).toBe(true);
  const heard: Answer[] = [];
  const hearing = answer(120_000).then((first) => void heard.push(first));
  const first = await stage.until(`${what} is answered`, () => heard[0]);
  await hearing;
  if (first.kind !== "ephemeral") throw new Error(`${what} is answered for all to see`);
  return first.ephemeral;
}

/** The answer to a command arrives after its ack, for the asker's eyes. */
export async function answers(stage: Stage, typed: string, pattern: RegExp): Promise<void> {
  const seen = stage.slack.ephemerals("developer").length;
  await command(stage, typed);
  await stage.until(`${typed} is answered by ${pattern}`, () => {
    const fresh = stage.slack.ephemerals("developer").slice(seen);
    return fresh.some((each) => pattern.test(stage.slack.render(each))) ? true : undefined;
  });
}

async function objectsAreRight({ world, apps, domain }: Stage): Promise<void> {
  const ref = { namespace: apps, name: "kubecon-2017" };
  const [deployment, service, ingress, certificate] = await Promise.all([
    world.api.get(deployments, ref),
    world.api.get(services, ref),
    world.api.get(ingresses, ref),
    world.api.get(certificates, ref),
  ]);
  for (const { metadata } of [deployment, service, ingress, certificate]) {
    expect(metadata.labels).toMatchObject({
      "app.kubernetes.io/name": "kubecon-2017",
      "app.kubernetes.io/instance": "kubecon-2017",
      "app.kubernetes.io/managed-by": "docc",
      "docc.dev/environment": "production",
    });
  }
  const pod = deployment.spec?.template.spec;
  expect(deployment.spec?.replicas).toBe(3);
  expect(deployment.spec?.selector.matchLabels).toEqual({
    "app.kubernetes.io/name": "kubecon-2017",
    "app.kubernetes.io/instance": "kubecon-2017",
  });
  expect(pod?.containers[0]).toMatchObject({
    name: "kubecon",
    image: "registry.corp.example.com/demo/kubecon:2016",
    ports: [{ containerPort: 8080 }],
    volumeMounts: [
      { mountPath: "/etc/docc/tls/kubecon-2017", readOnly: true },
      { mountPath: "/tmp" },
    ],
  });
  expect(pod?.volumes).toMatchObject([
    { secret: { secretName: "kubecon-2017-tls" } },
    { emptyDir: {} },
  ]);
  expect(deployment.metadata.annotations).toMatchObject({
    "docc.dev/release": expect.stringMatching(/^upload-/) as string,
    "docc.dev/revision": "1",
    "docc.dev/requester": "T0DOCC/UDEVELOPER",
    "docc.dev/maintainer": "kubecon-team@corp.example.com",
    "docc.dev/thread": expect.stringMatching(/^CDEPLOYS\/\d+\.\d+$/) as string,
    "docc.dev/manifest": expect.stringContaining('"application":"kubecon-2017"') as string,
  });
  expect(service.spec?.ports).toMatchObject([{ port: 8080, targetPort: 8080 }]);
  expect(ingress.spec?.rules?.[0]?.host).toBe(`kubecon-2017.${domain}`);
  expect(ingress.metadata.annotations).toMatchObject({ "haproxy.org/ssl-passthrough": "true" });
  expect(certificate.spec).toMatchObject({
    secretName: "kubecon-2017-tls",
    dnsNames: [`kubecon-2017.${domain}`],
  });
}
