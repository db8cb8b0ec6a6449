import { describe, expect, it } from "vitest";
import { renderText } from "../../sandbox/slack/render.ts";
import type { Answer } from "../../src/commands/answer.ts";
import type { Inspection } from "../../src/commands/inspecting/inspection.ts";
import { type Facts, screen } from "../../src/commands/inspecting/screen.ts";
import type { Deployment, Pod } from "../../src/k8s/kinds.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import type { Observation } from "../../src/release/observation.ts";
import type { ReleaseStatus } from "../../src/release/release.ts";
import { limits } from "../../src/slack/limits.ts";
import { answerMessage } from "../../src/slack/views/answer.ts";
import {
  at,
  condition,
  crashing,
  deployment,
  midway,
  observation,
  oldPod,
  pod,
  stamp,
  up,
  waiting,
} from "../release/cluster.ts";
import { plan, release } from "../release/releases.ts";
import { application, manifest as plainManifest, say, unanswered, worldOf } from "./ports.ts";

const now = at(7_200);
const digest = "0123456789abcdef".repeat(4);

function live(image: string, rest: Parameters<typeof deployment>[0] = {}): Deployment {
  const made = deployment(rest);
  const resources = { requests: { cpu: "250m" }, limits: { memory: "256Mi" } };
  const template = { spec: { containers: [{ name: "kubecon", image, resources }] } };
  return { ...made, spec: { ...made.spec, selector: {}, template } };
}

const image = `registry.example.com/kubecon:2018@sha256:${digest}`;

/** A cluster that answers everything about a healthy app. */
function answered(look: Observation, rest: Partial<Inspection> = {}): Inspection {
  return {
    observation: { value: look },
    pods: { value: look.pods },
    ingresses: { value: ["kubecon-2017"] },
    certificates: { value: [{ name: "kubecon-2017", notAfter: stamp(90 * 86_400) }] },
    autoscaler: { value: undefined },
    usage: { value: undefined },
    events: { value: [] },
    ...rest,
  };
}

const manifest: Manifest = {
  ...(plainManifest as unknown as Manifest),
  maintainer: ["U0MAINTAIN", "dev@example.com"],
  team: "payments",
  ingresses: { "kubecon-2017": { scheme: "https", container_port: 8080 } },
  links: {
    dashboard: "https://grafana.example.com/d/{app}",
    compare: "https://git.example.com/compare/{from}...{to}",
  },
};

const ended: ReleaseStatus = {
  phase: "succeeded",
  plan,
  deadline: stamp(600),
  rollout: { name: "kubecon-2017", uid: "u", generation: 2, templateHash: "h" },
  finishedAt: stamp(90),
  transitions: [
    { phase: "accepted", at: stamp(-5), actor: "docc" },
    { phase: "applying", at: stamp(0), actor: "docc" },
    { phase: "progressing", at: stamp(1), actor: "docc" },
  ],
};
const last = release(ended);

const production: Facts["environment"] = {
  name: "production",
  platform: { ...defaultPlatform, environment: "production" },
  links: {},
};

function facts(inspection: Inspection, rest: Partial<Facts> = {}): Facts {
  const applied = { release: last.metadata.name, revision: 8, manifest: "{}" };
  return {
    app: "kubecon-2017",
    environment: production,
    head: { nextRevision: 9, inventory: [], applied, current: applied },
    release: last,
    manifest,
    inspection,
    now,
    ...rest,
  };
}

const shown = (of: Facts): string =>
  `\n${renderText(JSON.parse(JSON.stringify(answerMessage(screen(of)))), (id) => id)}\n`;

describe("inspect", () => {
  it("shows a healthy app on one screen", () => {
    const look = observation({ deployment: live(image) });
    const whole = answered(look, {
      autoscaler: {
        value: {
          current: 3,
          desired: 4,
          min: 2,
          max: 10,
          metrics: [{ name: "cpu", now: "81%", target: "70%" }],
        },
      },
      usage: { value: { pods: 3, cores: 0.4567, bytes: 410 * 2 ** 20 } },
      events: {
        value: ["Pulled", "Started", "ScalingReplicaSet", "Created"].map((reason) => ({
          type: "Normal",
          reason,
          kind: "Pod",
          name: "kubecon-2017-a",
          message: "all is well",
          count: 3,
          last: stamp(9),
        })),
      },
    });
    expect(shown(facts(whole))).toMatchInlineSnapshot(`
      "
      kubecon-2017 in production is well: 3 of 3 ready.
      Revision 8 (2017), released 2017-12-06 09:00 UTC by @U0DEVELOPER: succeeded.
      Image of kubecon: registry.example.com/kubecon:2018@sha256:0123456789ab…
      Ingress kubecon-2017: https://kubecon-2017.example.com
      Certificate kubecon-2017 expires in 89 days, at 2018-03-06 09:00 UTC.
      Autoscaler: 3 now, 4 wanted, of 2 to 10; cpu 81%, aims at 70%.
      Uses 0.46 cores of 0.75 requested and 410 MiB of 768 MiB allowed, 3 pods together.
      Last events, times in UTC:
      09:00:09 Normal Pulled x3 (Pod kubecon-2017-a): all is well
      09:00:09 Normal Started x3 (Pod kubecon-2017-a): all is well
      09:00:09 Normal ScalingReplicaSet x3 (Pod kubecon-2017-a): all is well
      1 older group: /docc events kubecon-2017 in=production
      Owner: @U0MAINTAIN, dev@example.com, team payments.
      Pod | State | Ready | Restarts | Age
      new-1 | Running | 1 of 1 | 0 | 2h
      new-2 | Running | 1 of 1 | 0 | 2h
      new-3 | Running | 1 of 1 | 0 | 2h
      [url] [compare] [dashboard]
      "
    `);
  });

  it("says first why it fails, who is affected and what to do", () => {
    const crash = pod("kubecon-2017-7d9f8-x2k4p", [
      crashing(7, { code: 1, at: 7_100 }),
      up({ name: "proxy" }),
    ]);
    const look = midway([crash], {
      deployment: live(image, {
        replicas: 4,
        updatedReplicas: 1,
        readyReplicas: 3,
        availableReplicas: 3,
      }),
    });
    const failed = release({ ...ended, phase: "failed" });
    const older = { release: "kubecon-2017-older", revision: 7, manifest: "{}" };
    const head = facts(answered(look)).head;
    expect(
      shown(
        facts(answered(look), {
          release: failed,
          ...(head === undefined ? {} : { head: { ...head, current: older, inFlight: "next" } }),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "
      kubecon-2017 in production is failing: kubecon exits with code 1 at start (0 of 3 ready).
      Users are still on 2017: 3 of 3 old pods ready.
      Next: mend what its last lines say, and deploy again.
      Revision 8 (2017), released 2017-12-06 09:00 UTC by @U0DEVELOPER: failed.
      Revision 7 succeeded last.
      In flight: next.
      Image of kubecon: registry.example.com/kubecon:2018@sha256:0123456789ab…
      Ingress kubecon-2017: https://kubecon-2017.example.com
      Certificate kubecon-2017 expires in 89 days, at 2018-03-06 09:00 UTC.
      No recent events.
      Owner: @U0MAINTAIN, dev@example.com, team payments.
      Pod | State | Ready | Restarts | Age
      7d9f8-x2k4p | CrashLoopBackOff (kubecon) | 1 of 2 | 7 (1m ago) | 2h
      old-1 | Running | 1 of 1 | 0 | 3h
      old-2 | Running | 1 of 1 | 0 | 3h
      old-3 | Running | 1 of 1 | 0 | 3h
      [url] [compare] [dashboard]
      "
    `);
  });

  it.each([
    [
      "no Deployment",
      observation({ deployment: undefined, pods: [] }),
      "is gone: it has no Deployment.",
    ],
    [
      "a scale of 0",
      observation({ deployment: deployment({}, { replicas: 0 }), pods: [] }),
      "is scaled to 0: nothing runs.",
    ],
    [
      "a node that was emptied, long after the release",
      observation({ deployment: deployment({ readyReplicas: 2, availableReplicas: 2 }) }),
      "is not complete: 2 of 3 pods available (3 of 3 ready).",
    ],
    [
      "no ready endpoint",
      observation({ readyEndpoints: 0 }),
      "is not complete: pods are ready, but the Service has no ready endpoint (3 of 3 ready).",
    ],
    [
      "a certificate that is not ready",
      observation({ certificates: [{ name: "web", ready: false, message: "DNS is pending" }] }),
      "is not complete: pods are ready, but certificate web is not ready: DNS is pending (3 of 3 ready).",
    ],
    [
      "a quota",
      observation({
        deployment: deployment({
          updatedReplicas: 0,
          conditions: [condition("ReplicaFailure", "True", "FailedCreate")],
        }),
        pods: [],
      }),
      "is failing: the cluster refuses to create pods (0 of 3 ready).",
    ],
  ])("tells %s by the rules of a rollout", (_what, look, said) => {
    expect(screen(facts(answered(look))).text).toBe(`kubecon-2017 in production ${said}`);
  });

  it("believes the deadline of a release that is under way", () => {
    const look = observation({
      deployment: deployment({ readyReplicas: 2, availableReplicas: 2 }),
    });
    const { finishedAt: _finishedAt, ...open } = ended;
    const underWay = release({ ...open, phase: "progressing" });
    const text = (when: number): string =>
      screen(facts(answered(look), { release: underWay, now: at(when) })).text;
    expect(text(599)).toMatch(/^kubecon-2017 in production is not complete: 2 of 3 pods available/);
    expect(text(600)).toMatch(
      /^kubecon-2017 in production is failing: the rollout did not complete/,
    );
  });

  it("lets what the cluster did not answer spoil its own line alone", () => {
    const whole = answered(observation({ deployment: live(image) }));
    expect(screen(facts(whole)).lines?.filter((line) => line.includes("not known"))).toEqual([]);
    for (const part of Object.keys(whole)) {
      const { lines = [], text } = screen(
        facts({ ...whole, [part]: { silence: "forbidden" } } as Inspection),
      );
      const unknown = [text, ...lines].filter((line) => line.includes("not known"));
      expect(unknown.every((line) => line.includes("docc may not read that"))).toBe(true);
      expect({ part, count: unknown.length }).toEqual({
        part,
        count: part === "observation" ? 2 : 1,
      });
    }
  });

  it("still says what docc knows itself where the cluster answers nothing", () => {
    const slow = Object.fromEntries(
      Object.keys(unanswered).map((part) => [part, { silence: "slow" }]),
    ) as unknown as Inspection;
    expect(shown(facts(slow))).toMatchInlineSnapshot(`
      "
      How kubecon-2017 in production does is not known: the cluster did not answer in time.
      Pods: not known, the cluster did not answer in time.
      Revision 8 (2017), released 2017-12-06 09:00 UTC by @U0DEVELOPER: succeeded.
      Images: not known, the cluster did not answer in time.
      Ingress kubecon-2017: https://kubecon-2017.example.com
      Whether they are there: not known, the cluster did not answer in time.
      Certificates: not known, the cluster did not answer in time.
      Autoscaler: not known, the cluster did not answer in time.
      Use: not known, the cluster did not answer in time.
      Events: not known, the cluster did not answer in time.
      Owner: @U0MAINTAIN, dev@example.com, team payments.
      [url] [compare] [dashboard]
      "
    `);
  });

  it.each([
    [-3 * 86_400, /^Warning: certificate web expired at 2017-12-03 09:00 UTC, 3d ago\.$/],
    [7_200 + 3_600, /^Warning: certificate web expires today, at 2017-12-06 12:00 UTC/],
    [7_200 + 14 * 86_400 - 1, /^Warning: certificate web expires in 13 days/],
    [7_200 + 14 * 86_400, /^Certificate web expires in 14 days, at 2017-12-20 11:00 UTC\.$/],
  ])("tells of a certificate that ends after %d s", (seconds, said) => {
    const value = [{ name: "web", notAfter: stamp(seconds) }];
    const { lines } = screen(facts(answered(observation(), { certificates: { value } })));
    expect(lines?.find((line) => /certificate web/i.test(line))).toMatch(said);
  });

  it("says that an Ingress is gone, that nothing is issued, and why nothing is scaled", () => {
    const { lines } = screen(
      facts(
        answered(observation(), {
          ingresses: { value: [] },
          certificates: { value: [{ name: "web" }] },
          autoscaler: {
            value: {
              current: 3,
              desired: 0,
              min: 2,
              max: 4,
              metrics: [{ name: "cpu", target: "70%" }],
              trouble: "FailedGetResourceMetric",
            },
          },
        }),
      ),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        "Ingress kubecon-2017: https://kubecon-2017.example.com; the Ingress is gone",
        "Certificate web: nothing is issued yet.",
        "Autoscaler: 3 now, of 2 to 4; cpu not known, aims at 70%. It does not scale: FailedGetResourceMetric.",
      ]),
    );
  });

  it("counts nothing for an autoscaler that has not begun", () => {
    const metrics = [{ name: "cpu", target: "70%" }];
    const value = { current: 0, desired: 0, min: 2, max: 4, metrics };
    const { lines } = screen(facts(answered(observation(), { autoscaler: { value } })));
    expect(lines).toContain(
      "Autoscaler: 2 to 4; cpu not known, aims at 70%. It has not begun yet.",
    );
  });

  it("shows few of 200 pods, those in trouble first, and counts the others", () => {
    const many = [
      ...Array.from({ length: 190 }, (_, index) => oldPod(`kubecon-2017-a-${index}`)),
      ...Array.from({ length: 10 }, (_, index) =>
        pod(`kubecon-2017-b-${index}`, [waiting("ImagePullBackOff")]),
      ),
    ];
    const { lines, table } = screen(facts(answered(observation(), { pods: { value: many } })));
    expect(table?.rows).toHaveLength(12);
    expect(table?.rows.slice(0, 10).map(([, state]) => state)).toEqual(
      Array.from({ length: 10 }, () => "ImagePullBackOff"),
    );
    expect(lines).toContain("188 more pods are not shown: 188 ready, 0 not.");
  });

  const hostile =
    "<!channel> <@U0VICTIM> *bold* `code` & <https://evil.example.com|log in>\u202e\u0007\n:fire: " +
    "x".repeat(3_000);

  it("says hostile words as they are, on one line, and mentions nobody", () => {
    const words = pod(`kubecon-2017-${hostile}`, [
      waiting(hostile, hostile, { name: hostile, image: hostile }),
      waiting(hostile, hostile, { name: "two" }),
    ]);
    const look = observation({ deployment: live(hostile), pods: [words, ...observation().pods] });
    const event = { type: hostile, reason: hostile, kind: hostile, name: hostile };
    const message = answerMessage(
      screen(
        facts(
          answered(look, {
            certificates: { value: [{ name: hostile }] },
            autoscaler: {
              value: {
                current: 1,
                desired: 1,
                min: 1,
                max: 1,
                metrics: [{ name: hostile, now: hostile, target: hostile }],
                trouble: hostile,
              },
            },
            events: { value: [{ ...event, message: hostile, count: 1, last: stamp(1) }] },
          }),
        ),
      ),
    );
    const sections = message.blocks.flatMap((block) =>
      block.type === "section" ? [block.text?.text ?? ""] : [],
    );
    const finished = [message.text, ...sections].join("\n");
    expect(finished.match(/<[^>]*>/g)?.toSorted()).toEqual(["<@U0DEVELOPER>", "<@U0MAINTAIN>"]);
    expect(JSON.stringify(message)).not.toMatch(/\u202e|\\u0007/);
    const lines = screen(facts(answered(look))).lines ?? [];
    expect(lines.filter((line) => line.includes("\n"))).toEqual([]);
  });

  it("names one address of the app, then the manifest's and the operator's links, but compares with nothing", () => {
    const web = { scheme: "https", container_port: 8080 } as const;
    const two: Manifest = { ...manifest, ingresses: { a: web, b: web } };
    const environment = {
      ...production,
      links: {
        dashboard: "https://grafana.example.com/operators",
        logs: "https://logs.example.com/{namespace}/{app}?env={environment}",
        runbook: `https://docs.example.com/${"x".repeat(300)}`,
      },
    };
    const whole = answered(observation());
    const linksAt = (rest: Partial<Facts>): Answer["links"] =>
      screen(facts(whole, { manifest: two, environment, ...rest })).links;
    const since = release({ ...ended, plan: { ...plan, from: "2016" } });
    expect(linksAt({ release: since })).toEqual([
      { text: "url", url: "https://kubecon-2017-a.example.com" },
      { text: "compare", url: "https://git.example.com/compare/2016...2017" },
      { text: "dashboard", url: "https://grafana.example.com/d/kubecon-2017" },
      { text: "logs", url: "https://logs.example.com/default/kubecon-2017?env=production" },
    ]);
    const { plan: _plan, ...bare } = ended;
    expect(linksAt({ release: release(bare), manifest: undefined })).toEqual([
      { text: "dashboard", url: "https://grafana.example.com/operators" },
      { text: "logs", url: "https://logs.example.com/default/kubecon-2017?env=production" },
    ]);
  });

  it("stays within Slack's limits at the longest names and the most of everything", () => {
    const long = (length: number, index: number, letter = "x"): string =>
      `${letter.repeat(length - 3)}${String(index).padStart(3, "0")}`;
    const app = "a".repeat(50);
    const host = `${"h".repeat(63)}.${"h".repeat(63)}.${"h".repeat(63)}.${"h".repeat(57)}`;
    const containers = Array.from({ length: 10 }, (_, index) => ({
      name: `${"c".repeat(60)}${index}`,
      image: `${"r/".repeat(200)}:${"t".repeat(128)}@sha256:${digest}`,
    }));
    const made = deployment();
    const look = observation({
      deployment: {
        ...made,
        spec: { ...made.spec, selector: {}, template: { spec: { containers } } },
      },
    });
    const pods: readonly Pod[] = Array.from({ length: 200 }, (_, index) =>
      pod(long(253, index), [waiting(long(3_000, index), "", { name: long(63, 1) }), up()]),
    );
    const names = Array.from({ length: 20 }, (_, index) => index);
    const big: Manifest = {
      ...manifest,
      application: app,
      maintainer: names.map((index) => `${"m".repeat(60)}${index}@${"d".repeat(60)}.example.com`),
      team: "t".repeat(63),
      ingresses: Object.fromEntries(
        names.map((index) => [
          `${"i".repeat(10)}${index}`,
          {
            scheme: "https",
            container_port: 8080,
            hosts: Array.from({ length: 20 }, () => host),
            path: `/${"p".repeat(1_000)}`,
          } as const,
        ]),
      ),
      links: Object.fromEntries(
        names.map((index) => [`${"l".repeat(28)}${index}`, `https://x.com/${"l".repeat(280)}`]),
      ),
    };
    const message = answerMessage(
      screen(
        facts(
          answered(look, {
            pods: { value: pods },
            ingresses: { value: [] },
            certificates: { value: names.map((index) => ({ name: long(253, index) })) },
            events: {
              value: names.map((index) => ({
                type: "Warning",
                reason: long(200, index),
                kind: "Pod",
                name: long(253, index),
                message: long(1_024, index, "&"),
                count: 999_999,
                last: stamp(index),
              })),
            },
          }),
          { app, environment: { ...production, name: "e".repeat(63) }, manifest: big },
        ),
      ),
    );
    expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(limits.message);
    expect(message.text.length).toBeLessThanOrEqual(limits.text);
    expect(message.blocks.length).toBeLessThanOrEqual(limits.blocks);
    const kinds = message.blocks.map(({ type }) => type);
    expect(kinds).toContain("table");
    expect(kinds).toContain("actions");
  });

  it("asks for the Certificates of what runs, and refuses an app that was never applied", async () => {
    const world = worldOf({
      apps: [application("kubecon-2017", "staging"), application("web", "staging", false)],
    });
    const { answer } = await say("inspect kubecon-2017", world);
    expect(world.asked).toEqual([{ app: "kubecon-2017", certificates: [], objects: [] }]);
    expect(answer.text).toBe(
      "How kubecon-2017 in staging does is not known: the cluster did not answer that.",
    );
    expect((await say("inspect web", world)).answer).toMatchObject({ reason: "not-found" });
    expect((await say("inspect kubecom-2017", world)).answer.lines).toEqual([
      "Did you mean kubecon-2017?",
    ]);
  });
});
