import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { type HomeData, homeOf } from "../../src/commands/home.ts";
import type { NamedPerson } from "../../src/commands/own-names.ts";
import type { AppHealth, Ports } from "../../src/commands/ports.ts";
import type { Release, ReleaseSpec, ReleaseStatus } from "../../src/release/release.ts";
import { release } from "../release/releases.ts";
import { running, worldOf } from "./ports.ts";

const developer: NamedPerson = {
  person: { provider: "slack", team: "T0TEAM", user: "U0DEVELOPER" },
  address: "Developer@corp.example.com",
  ids: ["U0DEVELOPER", "SPAYMENTS", "kubernetes:dev"],
};

const theirs = (...maintainer: readonly string[]) => ({ maintainer });
const somebody = { provider: "slack", team: "T0TEAM", user: "U0OTHER" } as const;

function asked(
  app: string,
  at: string,
  status: Partial<ReleaseStatus> = {},
  spec: Partial<ReleaseSpec> = {},
): Release {
  const phase = status.phase ?? "succeeded";
  const isOver = phase === "succeeded" || phase === "failed";
  const base = release(
    {
      phase,
      app,
      transitions: [{ phase: "accepted", at, actor: "docc" }],
      ...(isOver ? { finishedAt: at } : {}),
      ...status,
    },
    { app, environment: "staging", requester: somebody, ...spec },
  );
  return { ...base, metadata: { ...base.metadata, name: `${app}-${at.slice(0, 10)}` } };
}

async function look(
  ports: Ports,
  options: Partial<Parameters<typeof homeOf>[2]> = {},
): Promise<HomeData> {
  const wall = new SteppedClock();
  return homeOf(developer, ports, { people: [], wall, known: () => undefined, ...options });
}

const names = (apps: readonly { readonly app: string }[]) => apps.map(({ app }) => app);

describe("whose apps are whose", () => {
  it.each([
    ["by e-mail, whatever its case", { maintainer: ["developer@CORP.example.com"] }],
    ["by Slack id", { maintainer: ["U0DEVELOPER"] }],
    ["by a usergroup", { maintainer: ["SPAYMENTS"] }],
    [
      "by their team, whose owners docc.yaml names",
      { maintainer: ["x@example.com"], team: "shop" },
    ],
  ])("is told %s", async (_how, more) => {
    const teams = { shop: ["kubernetes:dev"], base: ["U0OTHER"] };
    const apps = [
      running("web", more),
      running("api", { maintainer: ["y@example.com"], team: "base" }),
    ];
    const { mine, teams: others } = await look(worldOf({ apps, teams }).ports);
    expect(names(mine)).toEqual(["web"]);
    expect(others.map(({ team, apps: own }) => [team, names(own)])).toEqual([["base", ["api"]]]);
  });

  it("is told by a release that they asked for in the last thirty days, in that environment", async () => {
    const own = { requester: developer.person };
    const releases = [
      asked("web", "2017-12-01T09:00:00.000Z", {}, own),
      asked("old", "2017-10-01T09:00:00.000Z", {}, own),
      asked("api", "2017-12-01T09:00:00.000Z"),
    ];
    const apps = ["web", "old", "api"].map((app) => running(app, theirs("x@example.com")));
    const elsewhere = running("web", theirs("x@example.com"), "production");
    const { mine } = await look(worldOf({ apps: [...apps, elsewhere], releases }).ports);
    expect(mine.map(({ app, environment }) => `${app} ${environment}`)).toEqual(["web staging"]);
  });

  it("puts the teams in order, and the apps without one last", async () => {
    const apps = [
      running("a", theirs("x@example.com")),
      running("b", { ...theirs("x@example.com"), team: "shop" }),
      running("c", { ...theirs("x@example.com"), team: "base" }),
    ];
    const { teams } = await look(worldOf({ apps }).ports);
    expect(teams.map(({ team }) => team)).toEqual(["base", "shop", undefined]);
  });
});

describe("the health of one's own apps", () => {
  const apps = ["api", "mail", "web"].map((app) => running(app, theirs("U0DEVELOPER")));

  it("puts first what is not well, then what is not known", async () => {
    const health = (app: string): Promise<AppHealth | undefined> =>
      app === "mail"
        ? Promise.reject(new Error("ECONNREFUSED"))
        : Promise.resolve({ ready: app === "web" ? 1 : 3, wanted: 3 });
    const { mine } = await look(worldOf({ apps, health }).ports);
    expect(mine.map(({ app, seen }) => `${app}: ${seen?.said ?? ""}`)).toEqual([
      "web: unhealthy, 1 of 3",
      "mail: unknown",
      "api: healthy, 3 of 3",
    ]);
  });

  it("is unknown where a cluster has not answered within three seconds", async () => {
    const wall = new SteppedClock();
    const silent = new Promise<undefined>(() => undefined);
    const health = (app: string) =>
      app === "api" ? Promise.resolve({ ready: 3, wanted: 3 }) : silent;
    const looking = look(worldOf({ apps, health }).ports, { wall });
    await Promise.resolve();
    expect(wall.nextDue).toBe(wall.now() + 3_000);
    // Whoever answers at once has been heard.
    await new Promise((resolve) => setImmediate(resolve));
    wall.step(3_000);
    const { mine } = await looking;
    expect(mine.map(({ app, seen }) => [app, seen?.said])).toEqual([
      ["mail", undefined],
      ["web", undefined],
      ["api", "healthy, 3 of 3"],
    ]);
  });

  it("is asked before that of others, of at most forty, and not where it is known already", async () => {
    const heard: string[] = [];
    const health = (app: string) => {
      heard.push(app);
      return Promise.resolve({ ready: 3, wanted: 3 });
    };
    const many = Array.from({ length: 60 }, (_, at) => running(`app-${at}`, theirs("U0DEVELOPER")));
    const other = running("other", theirs("x@example.com"));
    const { mine } = await look(worldOf({ apps: [...many, other], health }).ports, {
      known: ({ app }) => (app === "app-0" ? { state: "healthy", said: "healthy" } : undefined),
    });
    expect(mine).toHaveLength(60);
    expect(heard).toHaveLength(39);
    expect(heard).not.toContain("other");
  });
});

describe("the health of the others' apps", () => {
  it("is asked of those that the page shows, as far as one's own leave places", async () => {
    const heard: string[] = [];
    const health = (app: string) => {
      heard.push(app);
      return Promise.resolve({ ready: 1, wanted: 3 });
    };
    const own = Array.from({ length: 30 }, (_, at) => running(`own-${at}`, theirs("U0DEVELOPER")));
    const others = ["base", "shop"].flatMap((team) =>
      Array.from({ length: 9 }, (_, at) =>
        running(`${team}-${at}`, { ...theirs("x@example.com"), team }),
      ),
    );
    const { teams } = await look(worldOf({ apps: [...own, ...others], health }).ports);
    expect(heard).toHaveLength(40);
    const seen = teams.flatMap(({ apps }) => apps.filter((each) => each.seen !== undefined));
    expect(names(seen)).toEqual([
      ...Array.from({ length: 8 }, (_, at) => `base-${at}`),
      "shop-0",
      "shop-1",
    ]);
    expect(seen[0]?.seen?.said).toBe("unhealthy, 1 of 3");
  });
});

describe("what waits for somebody", () => {
  const waiting = [
    asked("web", "2017-12-02T09:00:00.000Z", { phase: "awaiting-approval" }),
    asked("api", "2017-12-01T09:00:00.000Z", { phase: "awaiting-approval" }),
    asked("mail", "2017-12-01T09:00:00.000Z", { phase: "applying" }),
  ];

  it("is what they may approve, the oldest first", async () => {
    const world = worldOf({ apps: [], releases: waiting, standing: { isApprover: true } });
    const { waiting: found, unsure } = await look(world.ports);
    expect(found.map(({ spec }) => spec.app)).toEqual(["api", "web"]);
    expect(unsure).toBe(0);
  });

  it("is not known while Slack does not say who is who, and the rest of the page stands", async () => {
    const { ports } = worldOf({ releases: waiting });
    const mayApprove = (): Promise<boolean> => Promise.reject(new Error("slack is away"));
    const data = await look({ ...ports, mayApprove });
    expect(data).toMatchObject({ waiting: [], unsure: 2 });
    expect(data.recent).toHaveLength(3);
  });
});

describe("what happened last", () => {
  it("is ten releases of everybody, the newest first, with outcome and who", async () => {
    const releases = Array.from({ length: 12 }, (_, at) =>
      asked(`app-${at}`, `2017-11-${String(at + 10)}T09:00:00.000Z`),
    );
    const { recent } = await look(worldOf({ releases }).ports);
    expect(recent).toHaveLength(10);
    expect(recent[0]).toEqual({
      app: "app-11",
      environment: "staging",
      what: "tag=2018",
      outcome: "succeeded",
      by: somebody,
      at: Date.UTC(2017, 10, 21, 9),
    });
  });
});

it("is empty until docc has read its records once", async () => {
  const data = await look(worldOf({ apps: [running("web")], ready: false }).ports);
  expect(data).toMatchObject({ ready: false, mine: [], teams: [], recent: [], waiting: [] });
});
