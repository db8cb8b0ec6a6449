/** A weight and what it stands for. */
export type Weighted<Value> = readonly (readonly [weight: number, value: Value])[];

/**
 * Numbers that depend on a seed and an index alone, so that any input can be made again without those
 * before it. sfc32 by Chris Doty-Humphrey (PractRand); its first numbers are thrown away, as he asks.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, index: number) {
    this.#a = seed;
    this.#b = index;
    this.#c = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index, 0xc2b2ae35);
    for (let round = 0; round < 15; round += 1) {
      this.#next();
    }
  }

  /** At least 0, less than 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** A whole number of any order of magnitude alike: small ones are as frequent as large ones. */
  size(least: number, most: number): number {
    return Math.floor(least * (most / least) ** this.fraction());
  }

  /** True in this share of the cases. */
  chance(share: number): boolean {
    return this.fraction() < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    const [value] = values.slice(this.int(0, values.length - 1));
    if (value === undefined) {
      throw new RangeError("nothing to pick from");
    }
    return value;
  }

  weighted<Value>(choices: Weighted<Value>): Value {
    let left = this.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    const chosen = choices.find(([weight]) => (left -= weight) < 0) ?? choices.at(-1);
    if (chosen === undefined) {
      throw new RangeError("nothing to choose from");
    }
    return chosen[1];
  }

  /** As many values as asked for, each made anew. */
  times<Value>(count: number, make: (index: number) => Value): Value[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
