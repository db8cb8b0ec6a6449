import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call } from "./calls.ts";
import type { Fate } from "./fates.ts";

/** An answer that goes on, and what can be done to it on its way. */
export interface OpenStream {
  readonly call: Call;
  /** Nothing passes any more, and the connection stays: a watch that is dead and says nothing. */
  freeze(): void;
  /** Ends it as the upstream would. */
  end(): void;
  /** Resets docc's connection. */
  reset(): void;
}

export type BreakFate = Extract<Fate, { type: "break" }>;

/** Passes an answer on byte by byte, unbuffered, until it ends or is made to. */
export async function pipe(
  call: Call,
  from: IncomingMessage,
  to: ServerResponse,
  fate: BreakFate | undefined,
  open: Set<OpenStream>,
): Promise<void> {
  const stream = new Stream(call, from, to);
  open.add(stream);
  const timer =
    fate?.afterMs === undefined ? undefined : setTimeout(() => stream.stop(fate.how), fate.afterMs);
  try {
    await stream.run(fate);
  } finally {
    clearTimeout(timer);
    open.delete(stream);
  }
}

class Stream implements OpenStream {
  readonly call: Call;
  readonly #from: IncomingMessage;
  readonly #to: ServerResponse;
  #passes = true;

  constructor(call: Call, from: IncomingMessage, to: ServerResponse) {
    this.call = call;
    this.#from = from;
    this.#to = to;
  }

  /** Resolves when docc's side is over. */
  async run(fate: BreakFate | undefined): Promise<void> {
    const over = new Promise<void>((resolve) => this.#to.once("close", resolve));
    let left = fate?.afterBytes ?? Infinity;
    this.#from.on("data", (chunk: Buffer) => {
      if (!this.#passes) return;
      const part = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= part.length;
      this.#to.write(part);
      if (left === 0 && fate !== undefined) this.stop(fate.how);
    });
    this.#from.once("end", () => this.#passes && this.#to.end());
    this.#from.once("error", () => this.#passes && this.reset());
    await over;
    this.#from.destroy();
  }

  stop(how: BreakFate["how"]): void {
    if (how === "freeze") this.freeze();
    else if (how === "end") this.end();
    else this.reset();
  }

  freeze(): void {
    this.#passes = false;
  }

  end(): void {
    this.#passes = false;
    this.#to.end();
  }

  reset(): void {
    this.#passes = false;
    // What was written before may still leave; then nothing more can.
    setImmediate(() => this.#to.socket?.resetAndDestroy());
  }
}
