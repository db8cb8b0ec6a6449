/** What goes wrong with a request, on demand. */
type FaultKind =
  | "status500"
  | "status429"
  /** The watch or list is answered 410 Gone over HTTP. */
  | "status410"
  /** The connection ends before the request is looked at. */
  | "reset"
  /** No answer ever comes. */
  | "hang"
  /** The request takes effect, the connection ends before the answer. */
  | "commit-then-reset"
  /** The request waits `ms` of the cluster's time first. */
  | "delay";

export interface Fault {
  /** `path` is tested against the path with its query. */
  readonly match: { readonly method?: string; readonly path: RegExp };
  /** How many matching requests it hits. */
  readonly times: number;
  readonly kind: FaultKind;
  /** For "delay": simulated milliseconds. */
  readonly ms?: number;
}

/** Faults waiting for their requests, first added first served. */
export class Faults {
  readonly #waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The fault that hits this request, if any; each hit is used up. */
  take(method: string, path: string): Fault | undefined {
    const index = this.#waiting.findIndex(
      ({ fault: { match } }) =>
        (match.method === undefined || match.method === method) && match.path.test(path),
    );
    const hit = this.#waiting[index];
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#waiting.splice(index, 1);
    return hit.fault;
  }
}
