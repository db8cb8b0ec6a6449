import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/commands/answer.ts";
import type { EnvironmentPort } from "../../src/commands/ports.ts";
import type { ObjectDrift } from "../../src/release/drift.ts";
import type { Phase, Release, ReleaseSpec, ReleaseStatus } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";
import { application, say, worldOf } from "./ports.ts";

const at = (minute: number): string => `2017-12-06T12:${String(minute).padStart(2, "0")}:00.000Z`;

interface Made {
  readonly name: string;
  readonly minute: number;
  readonly phase: Phase;
  readonly revision?: number;
  readonly spec?: Partial<ReleaseSpec>;
  readonly status?: Partial<ReleaseStatus>;
}

function made({ name, minute, phase, revision, spec = {}, status = {} }: Made): Release {
  const isOver = ["succeeded", "failed", "refused"].includes(phase);
  const base = release(
    {
      phase,
      app: "kubecon-2017",
      plan,
      ...(revision === undefined ? {} : { revision }),
      transitions: [
        { phase: "accepted", at: at(minute), actor: "docc" },
        ...(revision === undefined
          ? []
          : [{ phase: "applying", at: at(minute + 1), actor: "docc" } as const]),
      ],
      ...(isOver ? { finishedAt: at(minute + 2) } : {}),
      ...status,
    },
    { environment: "staging", ...spec },
  );
  return { ...base, metadata: { ...base.metadata, name } };
}

const cause = {
  code: "crash-loop",
  sentence: "kubecon exits with code 1 at start",
  evidence: [],
  next: "",
} as const;
const verdict = { outcome: "failed", affected: "", ready: 0, wanted: 3, urls: [], cause } as const;

const story: readonly Release[] = [
  made({
    name: "r2",
    minute: 1,
    phase: "succeeded",
    revision: 2,
    status: { plan: { ...plan, from: "", to: "2016" } },
  }),
  made({
    name: "r5",
    minute: 10,
    phase: "succeeded",
    revision: 5,
    status: {
      plan: { ...plan, from: "2016", to: "2017", objects: '[{"kind":"Deployment","spec":{}}]' },
    },
  }),
  made({ name: "r6", minute: 20, phase: "failed", revision: 6, status: { verdict } }),
  made({
    name: "refused",
    minute: 25,
    phase: "refused",
    spec: { words: { tag: "2081", "env.TOKEN": "secret" } },
    status: {
      verdict: { ...verdict, outcome: "refused" },
      plan: { ...plan, from: "2017", to: "2017" },
    },
  }),
  made({
    name: "r7",
    minute: 30,
    phase: "succeeded",
    revision: 7,
    spec: {
      kind: "rollback",
      source: { type: "release", release: "r5", revision: 5 },
      requester: { provider: "docc", team: "", user: "docc" },
    },
    status: { plan: { ...plan, objects: '[{"kind":"Deployment","spec":{}}]' } },
  }),
  made({
    name: "r8",
    minute: 40,
    phase: "progressing",
    revision: 8,
    spec: { kind: "restart", words: {} },
  }),
  made({ name: "w1", minute: 41, phase: "accepted", spec: { words: { scale: "5" } } }),
  made({ name: "w2", minute: 42, phase: "accepted", spec: { words: { tag: "2019" } } }),
  made({ name: "ask", minute: 39, phase: "awaiting-approval", spec: { words: { tag: "2019" } } }),
];

function world(more: Parameters<typeof worldOf>[0] = {}) {
  const head = application("kubecon-2017", "staging");
  const applied = { release: "r8", revision: 8, manifest: head.status?.applied?.manifest ?? "" };
  const status = {
    nextRevision: 9,
    inventory: [],
    applied,
    current: { ...applied, release: "r7", revision: 7 },
    inFlight: "r8",
  };
  return worldOf({ apps: [{ ...head, status }], releases: story, ...more });
}

function print({ text, table, lines = [], reason }: Answer): string {
  const rows =
    table === undefined ? [] : [table.columns, ...table.rows].map((row) => row.join(" | "));
  return [text, ...rows, ...lines, ...(reason === undefined ? [] : [`(${reason})`])].join("\n");
}

const hear = async (typed: string, where = world()): Promise<string> =>
  print((await say(typed, where)).answer);

describe("history", () => {
  it("tells what happened, newest first, what is live, where a rollback goes, and what is gone", async () => {
    expect(await hear("history kubecon-2017")).toMatchInlineSnapshot(`
      "Releases of kubecon-2017 in staging, newest first, times in UTC.
      Revision | When | By | What | Outcome | Took
       | 2017-12-06 12:42 | @U0DEVELOPER | 2017 -> 2018 | accepted | 
      8 (live) | 2017-12-06 12:41 | @U0DEVELOPER | restart | progressing | 
       | 2017-12-06 12:41 | @U0DEVELOPER | 2017 -> 2018 scale=5 | accepted | 
       | 2017-12-06 12:39 | @U0DEVELOPER | 2017 -> 2018 | awaiting-approval | 
      7 (rollback returns here) | 2017-12-06 12:31 | docc | rollback to 5 | succeeded | 60 s
       | 2017-12-06 12:27 | @U0DEVELOPER | env.TOKEN=... | refused: kubecon exits with code 1 at start | 
      6 | 2017-12-06 12:21 | @U0DEVELOPER | 2017 -> 2018 | failed: kubecon exits with code 1 at start | 60 s
      5 | 2017-12-06 12:11 | @U0DEVELOPER | 2016 -> 2017 | succeeded | 60 s
      3..4 |  |  | not kept any more |  | 
      2 | 2017-12-06 12:02 | @U0DEVELOPER | 2016 | succeeded | 60 s
      1 |  |  | not kept any more |  | "
    `);
  });

  it("shows as many lines as asked for, and says how many more there are", async () => {
    const said = await hear("history kubecon-2017 lines=2");
    expect(said.split("\n")).toHaveLength(5);
    expect(said).toContain("older lines: /docc history kubecon-2017 lines=90 in=staging");
  });

  it("shows no value of a variable", async () => {
    expect(await hear("history kubecon-2017")).not.toContain("secret");
  });

  it("names people by their ids, and docc by its name", async () => {
    const { named } = (await say("history kubecon-2017", world())).answer;
    expect(named).toEqual(["U0DEVELOPER"]);
  });
});

describe("status", () => {
  it("of an app tells what is in flight, what waits and behind whom", async () => {
    expect(await hear("status kubecon-2017")).toMatchInlineSnapshot(`
      "kubecon-2017 in staging runs 2017, revision 8, 2 of 3 ready.
      In flight: restart by @U0DEVELOPER (r8, progressing).
      Waits for approval: 2017 -> 2018 by @U0DEVELOPER (ask, awaiting-approval).
      Waits as number 1, behind r8: 2017 -> 2018 scale=5 by @U0DEVELOPER (w1, accepted).
      Waits as number 2, behind w1: 2017 -> 2018 by @U0DEVELOPER (w2, accepted)."
    `);
  });

  it("of an app tells its lock and the freeze", async () => {
    const head = world().ports.apps.find("kubecon-2017", "staging");
    if (head?.status === undefined) throw new Error("there is a head");
    const lock = {
      by: { provider: "slack", team: "T0TEAM", user: "U0OTHER" },
      reason: "load test",
      at: at(0),
    } as const;
    const freezes = [{ from: "* * * * *", lasts: 60_000, zone: "UTC", reason: "new year" }];
    const { inFlight: _none, ...status } = head.status;
    const quiet = world({
      apps: [{ ...head, status: { ...status, lock } }],
      releases: [],
      freezes,
    });
    expect(await hear("status kubecon-2017", quiet)).toMatchInlineSnapshot(`
      "kubecon-2017 in staging runs 2017, revision 8, 2 of 3 ready.
      Nothing is in flight.
      Locked by @U0OTHER: load test
      staging is frozen until 2017-12-06 00:01 UTC: new year"
    `);
  });

  describe("of an app whose objects somebody has changed", () => {
    const objects = '[{"kind":"Service","metadata":{"name":"kubecon-2017"}}]';
    /** Nothing moves, and the release that was applied last has reached its last object. */
    const settledWorld = (drift: EnvironmentPort["drift"]) => {
      const head = world().ports.apps.find("kubecon-2017", "staging");
      if (head?.status === undefined) throw new Error("there is a head");
      const { inFlight: _none, applied, ...rest } = head.status;
      if (applied === undefined) throw new Error("something is applied");
      const status = { ...rest, applied, current: applied };
      const rollout = { name: "kubecon-2017", uid: "u", generation: 1, templateHash: "h" };
      const last = made({
        name: "r8",
        minute: 30,
        phase: "succeeded",
        revision: 8,
        status: { rollout, plan: { ...plan, objects } },
      });
      return world({ apps: [{ ...head, status }], releases: [last], drift });
    };

    it("tells what, by whom and when, and what helps", async () => {
      const drift: readonly ObjectDrift[] = [
        {
          kind: "Deployment",
          name: "kubecon-2017",
          what: "changed",
          fields: [
            {
              path: "container kubecon: image",
              change: "changed",
              before: "2017",
              after: "2016",
              by: [{ manager: "kubectl", at: "2017-12-06T09:02:00Z" }],
            },
            { path: "container kubecon: env LEVEL", change: "removed", by: [] },
            { path: "paused", change: "added", after: "true", by: [{ manager: "kubectl" }] },
          ],
        },
        { kind: "Service", name: "kubecon-2017", what: "deleted", fields: [] },
      ];
      const asked: unknown[] = [];
      const said = await hear(
        "status kubecon-2017",
        settledWorld((some) => {
          asked.push(...some);
          return Promise.resolve(drift);
        }),
      );
      expect(asked).toEqual(JSON.parse(objects));
      expect(said).toMatchInlineSnapshot(`
        "kubecon-2017 in staging runs 2017, revision 8, 2 of 3 ready.
        Nothing is in flight.
        Changed outside docc:
        Deployment kubecon-2017: container kubecon: image  2017 -> 2016 (by kubectl, 2017-12-06 09:02 UTC)
        Deployment kubecon-2017: container kubecon: env LEVEL  removed (by somebody)
        Deployment kubecon-2017: paused  added: true (by kubectl)
        Service kubecon-2017: deleted by somebody
        /docc deploy kubecon-2017 in=staging puts it back; to keep it, put it in the manifest.
        What was added stays when docc deploys: whoever added it takes it away."
      `);
    });

    it("says that nothing was changed, and that it cannot know", async () => {
      const asIs = settledWorld(() => Promise.resolve([]));
      expect(await hear("status kubecon-2017", asIs)).toContain("It is as docc left it.");
      const away = settledWorld(() => Promise.reject(new Error("away")));
      expect(await hear("status kubecon-2017", away)).toContain(
        "Whether it was changed outside docc is not known",
      );
    });
  });

  it("of an app says when its cluster cannot be asked", async () => {
    const away = world({ health: () => Promise.reject(new Error("away")) });
    expect(await hear("status kubecon-2017", away)).toContain(
      "and its cluster cannot be asked now.",
    );
  });

  it("of everything tells what is not finished, and what waits for the asker", async () => {
    const said = await hear("status", world({ standing: { isApprover: true } }));
    expect(said).toMatchInlineSnapshot(`
      "4 releases are not finished; 1 of them waits for your approval.
      App | Environment | What | By | State | Release
      kubecon-2017 | staging | 2017 -> 2018 | @U0DEVELOPER | awaiting-approval | ask
      kubecon-2017 | staging | restart | @U0DEVELOPER | progressing | r8
      kubecon-2017 | staging | 2017 -> 2018 scale=5 | @U0DEVELOPER | waits behind r8 | w1
      kubecon-2017 | staging | 2017 -> 2018 | @U0DEVELOPER | waits behind r8 | w2
      To say yes: /docc approve ask"
    `);
    expect(await hear("status", world())).not.toContain("/docc approve");
  });

  it("says that there is nothing", async () => {
    expect(await hear("status", world({ releases: [] }))).toMatchInlineSnapshot(
      `"Nothing is in flight, and nothing waits."`,
    );
    expect(await hear("status in=production", world())).toMatchInlineSnapshot(
      `"Nothing is in flight in production, and nothing waits."`,
    );
  });
});
