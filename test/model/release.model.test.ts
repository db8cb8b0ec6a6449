import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/policy/decide.ts";
import type { Identity, Release } from "../../src/release/release.ts";
import { type Defect, promise } from "./store.ts";
import { app, ModelWorld } from "./world.ts";

const person = (user: string): Identity => ({ provider: "slack", team: "T", user });
const developer = person("UDEV");
const digestOfOld = `sha256:${"0".repeat(64)}`;

const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("request"), tag: fc.constantFrom("2017", "2018") }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("click"),
      verdict: fc.constantFrom("approve", "approve", "approve", "reject", "cancel") as fc.Arbitrary<
        Decision["verdict"]
      >,
      who: fc.constantFrom("UANNA", "UBEN", "UDEV", "UMALLORY"),
      nth: fc.nat(3),
      replica: fc.nat(1),
      seen: fc.constantFrom("now", "now", "old", "none"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("start", "pause", "resume", "lose", "drift", "sick", "well"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill"), nth: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait"), minutes: fc.constantFrom(1, 3, 6) }),
  },
);

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function play(world: ModelWorld, each: Act): Promise<void> {
  if ("tag" in each) return world.request(developer, each.tag);
  if ("minutes" in each) return world.clock.step(each.minutes * 60_000);
  if ("verdict" in each) {
    const release = world.store.release(`${app}-${each.nth + 1}`);
    if (release === undefined) return;
    const now = release.status?.plan?.digest;
    const digest = each.seen === "now" ? now : each.seen === "old" ? digestOfOld : undefined;
    const decision = { verdict: each.verdict, by: person(each.who), digest, reason: "" };
    return world.click(decision, release.metadata.name, each.replica);
  }
  if ("nth" in each) return world.kill(each.nth);
  const doing: Readonly<Record<string, () => void>> = {
    start: () => world.start(),
    pause: () => world.pause(),
    resume: () => world.resume(),
    lose: () => world.loseAnswer(),
    drift: () => world.drift(),
    sick: () => void (world.healthy = false),
    well: () => void (world.healthy = true),
  };
  doing[each.do]?.();
}

/**
 * Who may have come to the Deployment last, newest first, from the release that the head names: one that ended before
 * it had applied everything may have, or may not (docs/status.md).
 */
function lastToCome(releases: readonly Release[], noted: number): readonly (string | undefined)[] {
  const revisionOf = ({ status }: Release): number => status?.revision ?? 0;
  const isOut = ({ status }: Release): boolean =>
    status?.verdict?.cause?.evidence.some((line) => /Not applied:.*Deployment/.test(line)) === true;
  const isThrough = ({ status }: Release): boolean =>
    status?.transitions.some(({ phase }) => phase === "progressing") === true;
  const begun = releases
    .filter((release) => revisionOf(release) > 0 && revisionOf(release) <= noted && !isOut(release))
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
  const sure = begun.findIndex(isThrough);
  const names = begun.map(({ metadata }) => metadata.name);
  return sure < 0 ? [...names, undefined] : names.slice(0, sure + 1);
}

const figures = { runs: 0, ends: new Map<string, number>() };

/** What holds after any acts, in any order of all requests. */
function sequences(defect: Defect) {
  const acts = fc.array(fc.tuple(act, fc.nat(25)), { minLength: 2, maxLength: 14 });
  return fc.asyncProperty(
    fc.scheduler(),
    fc.integer({ min: 0, max: 2 }),
    acts,
    async (scheduler, approvals, all) => {
      const world = new ModelWorld(scheduler, defect, approvals);
      try {
        await world.request(developer, "2017");
        for (const [each, turns] of all) {
          await play(world, each);
          await world.turns(turns);
        }
        world.resume();
        world.start();
        await world.settle(6_000);
        promise(world.broken.length === 0, world.broken.join("; "));
        const noted = world.store.head()?.status?.applied?.revision ?? 0;
        const last = lastToCome(world.store.releases(), noted);
        promise(
          last.includes(world.runs()),
          `${world.runs()} runs, and ${last[0]} was applied last`,
        );
        figures.runs += 1;
        for (const { status } of world.store.releases()) {
          figures.ends.set(status?.phase ?? "", (figures.ends.get(status?.phase ?? "") ?? 0) + 1);
        }
      } finally {
        world.end();
      }
    },
  );
}

const runs = Number(process.env["MODEL_RUNS"] ?? 500);

describe("the state machine of releases, on the real controller", { timeout: 3_600_000 }, () => {
  it("keeps its promises in any order of clicks, kills, pauses, lost answers, drift and time", async () => {
    await fc.assert(sequences("none"), { numRuns: runs });
    const ends = JSON.stringify(Object.fromEntries(figures.ends));
    process.stdout.write(`model: ${figures.runs} sequences ended in ${ends}\n`);
    expect([...figures.ends.keys()]).toEqual(
      expect.arrayContaining(["succeeded", "expired", "cancelled"]),
    );
  });

  it.each(["blind writes", "approvals of any plan", "approvals of the requester"] as const)(
    "would find %s",
    async (defect) => {
      const found = await fc.check(sequences(defect), { numRuns: 500, endOnFailure: true });
      expect(found.failed, `seed ${found.seed}`).toBe(true);
    },
  );
});
