import type { Clock } from "../clock.ts";
import type { Cluster } from "../k8s/cluster.ts";
import type { RecordCache } from "../k8s/record-cache.ts";
import type { Records } from "../k8s/records.ts";
import type { Logger } from "../log.ts";
import type { Platform } from "../manifest/platform.ts";
import type { RolloutTimes } from "../release/times.ts";
import type { ManifestFiles, Messenger } from "./messenger.ts";

/** One environment as the controller acts in it. */
export interface Environment {
  readonly name: string;
  readonly platform: Platform;
  readonly cluster: Cluster;
  /** For manifests that do not say. */
  readonly rollout: RolloutTimes;
  /** Slack channel id where its releases are told; undefined: where they were asked for. */
  readonly channel: string | undefined;
}

/** Everything outside that the controller touches. */
export interface ControllerPorts {
  readonly clock: Clock;
  readonly random: () => number;
  /** Hex SHA-256. */
  readonly hash: (text: string) => string;
  readonly records: Records;
  readonly cache: RecordCache;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly files: ManifestFiles;
  readonly messenger: Messenger;
  readonly log: Logger;
}
