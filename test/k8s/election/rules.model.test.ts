import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Blow, type Fare, Simulation, TwoLeaders } from "./simulation.ts";

const times = { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

const good: Fare = { thereMs: 5, backMs: 5, lost: "no", random: 0.5 };

/** Mostly good; sometimes slow, up to longer than a lease, or lost. */
const fare: fc.Arbitrary<Fare> = fc.record({
  thereMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }) },
    { weight: 1, arbitrary: fc.integer({ min: 50, max: 20_000 }) },
  ),
  backMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }) },
    { weight: 1, arbitrary: fc.integer({ min: 50, max: 20_000 }) },
  ),
  lost: fc.oneof(
    { weight: 6, arbitrary: fc.constant("no" as const) },
    { weight: 1, arbitrary: fc.constantFrom("request" as const, "answer" as const) },
  ),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

/** Clock rates for which 10 s of one are shorter than 15 s of another: (1 - drift) * 15 > (1 + drift) * 10. */
const replica = (drift: number) =>
  fc.record({
    rate: fc.double({ min: 1 - drift, max: 1 + drift, noNaN: true }),
    offset: fc.integer({ min: 0, max: 10_000_000 }),
  });

const troubleMs = 120_000;
const blow = (deletes: boolean): fc.Arbitrary<Blow> => {
  const at = fc.integer({ min: 0, max: troubleMs });
  const who = fc.nat({ max: 2 });
  const pause = fc.record({
    type: fc.constant("pause" as const),
    at,
    who,
    ms: fc.integer({ min: 100, max: 40_000 }),
  });
  const ends = fc.record({ type: fc.constantFrom("kill" as const, "stop" as const), at, who });
  const gone = fc.record({ type: fc.constant("delete" as const), at });
  return deletes ? fc.oneof(pause, ends, gone) : fc.oneof(pause, ends);
};

interface Trouble {
  readonly replicas: readonly { readonly rate: number; readonly offset: number }[];
  readonly fares: fc.Stream<Fare>;
  readonly blows: readonly Blow[];
}

const trouble = (drift: number, deletes = false): fc.Arbitrary<Trouble> =>
  fc.record({
    replicas: fc.array(replica(drift), { minLength: 2, maxLength: 3 }),
    fares: fc.infiniteStream(fare),
    blows: fc.array(blow(deletes), { maxLength: 8 }),
  });

/** The network of a trouble until `healthy` is called, then a good one. */
function* network(fares: fc.Stream<Fare>, isHealthy: () => boolean): Generator<Fare> {
  for (;;) {
    if (isHealthy()) yield good;
    else {
      const { value } = fares.next();
      yield value;
    }
  }
}

function play({ replicas, fares, blows }: Trouble) {
  let healthy = false;
  const simulation = new Simulation(
    replicas,
    times,
    network(fares, () => healthy),
  );
  simulation.run(troubleMs, blows);
  return {
    simulation,
    heal: () => {
      healthy = true;
    },
  };
}

describe("the rules of the election, as a model", () => {
  it("never let two lead at one instant, while clocks run within 19 % of each other", () => {
    fc.assert(
      fc.property(trouble(0.19), (each) => {
        play(each);
      }),
      { numRuns: 2_000 },
    );
  });

  it("do not protect clocks that run far apart, which shows that the model can fail", () => {
    const result = fc.check(
      fc.property(trouble(0.6), (each) => {
        play(each);
      }),
      { numRuns: 20_000 },
    );
    expect(result.failed).toBe(true);
    expect(result.errorInstance).toBeInstanceOf(TwoLeaders);
  });

  it("let somebody lead again, whoever died, once the network is well", () => {
    fc.assert(
      fc.property(trouble(0.19), (each) => {
        const { simulation, heal } = play(each);
        heal();
        const alive = simulation.nodes.some(({ dead }) => !dead);
        // What is still on its way (20 s), a whole lease and a whole wait, by the slowest clock.
        simulation.run(troubleMs + 40_000 + (20_000 + 15_000 + 2 * 4_400) / 0.81);
        expect(simulation.leaders()).toHaveLength(alive ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it("survive that somebody deletes the lease, as long as all replicas have seen it", () => {
    fc.assert(
      fc.property(
        fc.record({
          replicas: fc.array(replica(0.19), { minLength: 2, maxLength: 3 }),
          at: fc.integer({ min: 20_000, max: 60_000 }),
        }),
        ({ replicas, at }) => {
          const simulation = new Simulation(
            replicas,
            times,
            network(fc.sample(fc.infiniteStream(fare), 1)[0] as fc.Stream<Fare>, () => true),
          );
          simulation.run(120_000, [{ type: "delete", at }]);
          expect(simulation.leaders()).toHaveLength(1);
          expect(simulation.won).toHaveLength(1);
        },
      ),
      { numRuns: 300 },
    );
  });
});
