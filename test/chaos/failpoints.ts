import type { Random } from "../../fuzz/random.ts";

/** Where docc is killed: before a call leaves it, or when its answer is there and docc has not seen it. */
export interface Failpoint {
  /** Kind of the call, such as `PUT releases/status`; undefined: whatever comes first. */
  readonly kind: string | undefined;
  readonly side: "before" | "after";
  /** So many calls of that kind pass first. */
  readonly skip: number;
}

export function say({ kind = "any call", side, skip }: Failpoint): string {
  return `${side} ${kind}${skip === 0 ? "" : `, the ${skip + 1}th`}`;
}

interface Tally {
  hits: number;
  /** Lives in which the call never came. */
  misses: number;
}

/**
 * Which failpoint is next. Every other one goes to the kind and side that was hit least, writes before
 * reads, so that every kind of call that was ever seen is hit before and after; the others are drawn,
 * writes and messages four times as often as reads.
 */
export class Failpoints {
  readonly #tallies = new Map<string, Tally>();
  readonly #seen = new Set<string>();
  #turn = 0;

  /** A call of this kind came by. */
  saw(kind: string): void {
    this.#seen.add(kind);
  }

  next(random: Random): Failpoint {
    this.#turn += 1;
    const points = [...this.#seen].flatMap((kind) =>
      (["before", "after"] as const).map((side) => ({ kind, side, ...this.#of(kind, side) })),
    );
    if (points.length === 0) return { kind: undefined, side: "before", skip: random.int(0, 10) };
    if (this.#turn % 2 === 0) {
      const cost = ({ kind, hits, misses }: Tally & { readonly kind: string }): number =>
        hits + (isRead(kind) ? 1 + 2 * misses : misses);
      const least = Math.min(...points.map(cost));
      const rare = points.filter((point) => cost(point) === least);
      const { kind, side } = pick(rare, random);
      return { kind, side, skip: 0 };
    }
    const { kind, side } = pickWeighted(points, random);
    return { kind, side, skip: random.int(0, 3) };
  }

  hit(kind: string, side: Failpoint["side"]): void {
    this.#of(kind, side).hits += 1;
  }

  missed({ kind, side, skip }: Failpoint): void {
    if (kind !== undefined && skip === 0) this.#of(kind, side).misses += 1;
  }

  /** `before/after` hits by kind, most hit first. */
  coverage(): readonly {
    readonly kind: string;
    readonly before: number;
    readonly after: number;
  }[] {
    return [...this.#seen]
      .map((kind) => ({
        kind,
        before: this.#of(kind, "before").hits,
        after: this.#of(kind, "after").hits,
      }))
      .toSorted((a, b) => b.before + b.after - a.before - a.after || a.kind.localeCompare(b.kind));
  }

  #of(kind: string, side: Failpoint["side"]): Tally {
    const key = `${side} ${kind}`;
    const known = this.#tallies.get(key) ?? { hits: 0, misses: 0 };
    this.#tallies.set(key, known);
    return known;
  }
}

function pick<T>(all: readonly T[], random: Random): T {
  const chosen = all[random.int(0, all.length - 1)];
  if (chosen === undefined) throw new RangeError("nothing to choose from");
  return chosen;
}

/** What changes nothing, in the cluster or in Slack. */
const reads =
  /^(GET|LIST|WATCH) |\(dry run\)$|^(auth\.test|apps\.connections\.open|chat\.getPermalink|frame)$|^(users|usergroups|conversations|files)\./;

function isRead(kind: string): boolean {
  return reads.test(kind);
}

function pickWeighted<T extends { readonly kind: string }>(all: readonly T[], random: Random): T {
  return pick(
    all.flatMap((point) => Array.from({ length: isRead(point.kind) ? 1 : 4 }, () => point)),
    random,
  );
}
