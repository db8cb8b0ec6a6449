import type { Manifest } from "../manifest/schema/manifest.ts";
import { parseDuration } from "../text/duration.ts";

/** How a rollout is judged; both in milliseconds. */
export interface RolloutTimes {
  /** A rollout that is not complete by then has failed. */
  readonly timeout: number;
  /** How long all must stay well before it is a success. */
  readonly stable: number;
}

/** What the manifest says, else what the operator does. */
export function timesOf(
  { deploy }: Pick<Manifest, "deploy">,
  operator: RolloutTimes,
): RolloutTimes {
  const given = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseDuration(text);
  return {
    timeout: given(deploy?.timeout) ?? operator.timeout,
    stable: given(deploy?.stable) ?? operator.stable,
  };
}
