import { describe, expect, it } from "vitest";
import type { Application, Phase, Release } from "../../src/release/release.ts";
import type { History, Said } from "./history.ts";
import { count, judge } from "./judge.ts";

const at = "2026-11-25T12:00:00.000Z";
const image = (tag: string): string => `registry.example.com/web:${tag}`;

function release(revision: number, tag: string, phase: Phase = "succeeded"): Release {
  const name = `web-${revision}`;
  const objects = [
    { kind: "Deployment", spec: { template: { spec: { containers: [{ image: image(tag) }] } } } },
  ];
  const ended = {
    finishedAt: at,
    verdict: { outcome: "succeeded", affected: "", ready: 1, wanted: 1, urls: [] },
  };
  return {
    metadata: { name, namespace: "docc", uid: name, resourceVersion: "1", creationTimestamp: at },
    spec: {
      app: "web",
      environment: "env0",
      kind: "deploy",
      source: { type: "stored" },
      words: { tag },
      reason: `m${revision}`,
      requester: { provider: "slack", team: "T1", user: "U1" },
    },
    status: {
      phase,
      app: "web",
      revision,
      deadline: at,
      transitions: [{ phase: "progressing" }],
      plan: { objects: JSON.stringify(objects) },
      slack: { channel: "C1", ts: `${revision}.0`, told: [] },
      ...(phase === "succeeded" ? ended : {}),
    } as unknown as NonNullable<Release["status"]>,
  };
}

const root = (revision: number, ts = `${revision}.0`, life = 1): Said => ({
  channel: "C1",
  ts,
  threadTs: undefined,
  text: `web -> env0\n2017 is live in env0.\nAsked by @developer, release ${revision}: "m${revision}"`,
  mark: `web-${revision} root`,
  asks: false,
  life,
});
const reply = (key: string, ts: string, life: number): Said => ({
  channel: "C1",
  ts,
  threadTs: "1.0",
  text: "Applied 1 object.",
  mark: `web-1 ${key}`,
  asks: false,
  life,
});
const direct = (ts: string, life: number, asks = false): Said => ({
  channel: "DAPPROVER",
  ts,
  threadTs: undefined,
  text: "Approval needed: web 2016 -> 2017.\nRelease web-1.",
  mark: undefined,
  asks,
  life,
});

/** Two deploys that went as they must. */
function good(): History & { readonly heads: Application[] } {
  return {
    asked: [1, 2].map((mark) => ({
      mark: `m${mark}`,
      app: "web",
      environment: "env0",
      accepted: "yes" as const,
    })),
    releases: [release(1, "2016"), release(2, "2017")],
    heads: [
      {
        metadata: {
          name: "env0.web",
          namespace: "docc",
          uid: "head",
          resourceVersion: "1",
          creationTimestamp: at,
        },
        spec: { app: "web", environment: "env0" },
        status: {
          nextRevision: 3,
          inventory: [],
          applied: { release: "web-2", manifest: "{}", revision: 2 },
          current: { release: "web-2", manifest: "{}", revision: 2 },
        },
      },
    ],
    running: [
      { environment: "env0", name: "web", image: image("2017"), release: "web-2", rollouts: 2 },
    ],
    said: [root(1), root(2), reply("applied", "1.1", 1)],
    mayLook: true,
    now: Date.parse(at) + 61_000,
    patienceMs: 60_000,
  };
}

const wrong = (change: Partial<History>): string =>
  Object.entries(count(judge({ ...good(), ...change })))
    .filter(([, many]) => many > 0)
    .map(([fault, many]) => `${fault} ${many}`)
    .join(", ");

describe("the model of the kill test", () => {
  it("finds nothing wrong where all went well", () => {
    expect(judge(good())).toEqual([]);
  });

  it("misses a request that was accepted and has no release", () => {
    const forged = { mark: "m3", app: "web", environment: "env0", accepted: "yes" } as const;
    expect(wrong({ asked: [...good().asked, forged] })).toBe("lost 1");
    const unknown = { ...forged, accepted: "unknown" } as const;
    expect(wrong({ asked: [...good().asked, unknown] })).toBe("");
  });

  it("sees two releases of one delivery", () => {
    const [first = release(1, "2016"), second = release(2, "2017")] = good().releases;
    const copy = { ...second, spec: { ...second.spec, reason: "m1" } };
    expect(wrong({ releases: [first, copy], asked: good().asked.slice(0, 1) })).toBe("doubled 1");
  });

  it("sees a revision that is given twice, and one that is skipped", () => {
    const twice = [
      release(1, "2016"),
      { ...release(1, "2017"), metadata: release(2, "2017").metadata },
    ];
    expect(wrong({ releases: twice })).toMatch(/doubled [12]/);
    expect(wrong({ releases: [release(1, "2016"), { ...release(3, "2017") }] })).toMatch(/lost/);
  });

  it("sees a release that does not end in its time, and only then", () => {
    const releases = [release(1, "2016"), release(2, "2017", "progressing")];
    expect(wrong({ releases })).toMatch(/stuck 1/);
    expect(wrong({ releases, now: Date.parse(at) + 59_000 })).not.toMatch(/stuck/);
  });

  it("sees an end that nobody was told, or not the right one", () => {
    expect(wrong({ said: [root(1)] })).toBe("lost 1");
    const stale = { ...root(2), text: 'Rolling out 2017: 0 of 1 ready, 3 s. "m2"' };
    expect(wrong({ said: [root(1), stale] })).toBe("lost 1");
  });

  it("sees a terminal release without a verdict", () => {
    const { verdict: _verdict, ...status } = release(2, "2017").status ?? {};
    const broken = { ...release(2, "2017"), status } as Release;
    expect(wrong({ releases: [release(1, "2016"), broken] })).toBe("lost 1");
  });

  it("sees more rollouts than templates, and another image than the last release's", () => {
    const [running] = good().running;
    if (running === undefined) throw new Error("nothing runs");
    expect(wrong({ running: [{ ...running, rollouts: 3 }] })).toBe("doubled 1");
    expect(wrong({ running: [{ ...running, image: image("2016") }] })).toBe("lost 1");
    expect(wrong({ running: [{ ...running, release: "web-1" }] })).toBe("lost 1");
  });

  it("sees a head that holds an app for ever, or does not know the last success", () => {
    const [head] = good().heads;
    if (head?.status === undefined) throw new Error("there is no head");
    const { status } = head;
    expect(wrong({ heads: [{ ...head, status: { ...status, inFlight: "web-2" } }] })).toBe(
      "stuck 1",
    );
    const { current: _current, ...others } = status;
    expect(wrong({ heads: [{ ...head, status: others }] })).toBe("lost 1");
  });

  it("lets a crash double a message once where docc may not look for it, and no life repeat itself", () => {
    const { said } = good();
    const copies = (...more: readonly Said[]): Partial<History> => ({ said: [...said, ...more] });
    for (const [second, third] of [
      [root(1, "9.0", 2), root(1, "9.1", 2)],
      [reply("applied", "1.2", 2), reply("applied", "1.3", 2)],
    ] as const) {
      expect(wrong({ ...copies(second), mayLook: false })).toBe("");
      expect(wrong(copies(second))).toBe("doubled 1");
      expect(wrong({ ...copies(second, third), mayLook: false })).toBe("doubled 1");
    }
    expect(wrong({ ...copies(reply("applied", "1.2", 1)), mayLook: false })).toBe("doubled 1");
  });

  it("lets a plan that is made anew ask again in the same words", () => {
    const { said } = good();
    expect(wrong({ said: [...said, reply("ask:1", "1.2", 1), reply("ask:2", "1.3", 1)] })).toBe("");
  });

  it("sees a direct message that is sent twice, and one that asks for ever", () => {
    const { said, releases } = good();
    expect(wrong({ said: [...said, direct("1.0", 1), direct("1.1", 2)] })).toBe("");
    expect(wrong({ said: [...said, direct("1.0", 1), direct("1.1", 1)] })).toBe("doubled 1");
    const [first, second] = releases;
    if (first?.status?.slack === undefined || second === undefined) throw new Error("no thread");
    const slack = { ...first.status.slack, direct: [{ channel: "DAPPROVER", ts: "1.0" }] };
    const asked = [{ ...first, status: { ...first.status, slack } }, second];
    expect(wrong({ releases: asked, said: [...said, direct("1.0", 1)] })).toBe("");
    expect(wrong({ releases: asked, said: [...said, direct("1.0", 1, true)] })).toBe("lost 1");
  });

  it("takes a release that was stopped before its first object for one that changed nothing", () => {
    const [first, second] = good().releases;
    if (first === undefined || second?.status === undefined) throw new Error("no releases");
    const [head] = good().heads;
    if (head?.status === undefined) throw new Error("there is no head");
    const stopped = { ...second, status: { ...second.status, transitions: [] } };
    const before = { release: "web-1", manifest: "{}", revision: 1 };
    const heads = [{ ...head, status: { ...head.status, applied: before } }];
    const [running] = good().running;
    if (running === undefined) throw new Error("nothing runs");
    const runs = [{ ...running, image: image("2016"), release: "web-1", rollouts: 1 }];
    expect(wrong({ releases: [first, stopped], heads, running: runs })).toBe("");
    expect(wrong({ heads, running: runs })).toBe("lost 1");
  });

  it("counts a rollout for every restart, and no more", () => {
    const [first, second] = good().releases;
    const [running] = good().running;
    if (first === undefined || second === undefined || running === undefined) throw new Error();
    const again = { ...second, spec: { ...second.spec, kind: "restart" as const } };
    expect(wrong({ releases: [first, again], running: [{ ...running, rollouts: 3 }] })).toBe("");
    expect(wrong({ releases: [first, again], running: [{ ...running, rollouts: 4 }] })).toBe(
      "doubled 1",
    );
  });
});
