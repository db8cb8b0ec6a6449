export interface LogLine {
  /** Milliseconds since the epoch, on the cluster's clock. */
  readonly at: number;
  readonly text: string;
}

interface ContainerLog {
  readonly lines: LogLine[];
  ended: boolean;
  readonly followers: Set<Follower>;
}

interface Follower {
  line(line: LogLine): void;
  end(): void;
}

/** What containers printed, by container id; kept after the container is gone, as kubelets do for one. */
export class LogBook {
  readonly #logs = new Map<string, ContainerLog>();

  #of(id: string): ContainerLog {
    let log = this.#logs.get(id);
    if (log === undefined) {
      log = { lines: [], ended: false, followers: new Set() };
      this.#logs.set(id, log);
    }
    return log;
  }

  append(id: string, line: LogLine): void {
    const log = this.#of(id);
    log.lines.push(line);
    for (const follower of log.followers) follower.line(line);
  }

  end(id: string): void {
    const log = this.#of(id);
    log.ended = true;
    for (const follower of log.followers) follower.end();
    log.followers.clear();
  }

  lines(id: string): readonly LogLine[] {
    return this.#logs.get(id)?.lines ?? [];
  }

  /** Hears every later line until the container ends; returns what stops listening. */
  follow(id: string, follower: Follower): () => void {
    const log = this.#of(id);
    if (log.ended) {
      follower.end();
      return () => undefined;
    }
    log.followers.add(follower);
    return () => log.followers.delete(follower);
  }
}
