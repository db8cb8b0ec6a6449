import type { Clock } from "../clock.ts";
import type { DecisionRecord } from "../release/decision-record.ts";
import type { KubeApi } from "./api.ts";
import { decisions } from "./kinds.ts";
import { asDecision } from "./records.ts";
import { reflect } from "./reflector.ts";

/** A local copy of the decisions that came from outside Slack. */
export interface DecisionCache {
  decision(name: string): DecisionRecord | undefined;
  names(): readonly string[];
  stop(): Promise<void>;
}

export function openDecisionCache(options: {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onDecision: (name: string) => void;
  /** Hears of every list and watch that failed; they go on by themselves. */
  readonly onError: (error: Error) => void;
}): DecisionCache {
  const { api, namespace, clock, random, onError } = options;
  const copy = reflect(api, decisions, {
    namespace,
    clock,
    random,
    onError,
    project: asDecision,
    onChange: ({ value }) => options.onDecision(value.metadata.name),
  });
  return {
    decision: (name) => copy.get(`${namespace}/${name}`),
    names: () => copy.values().map(({ metadata }) => metadata.name),
    stop: () => copy.stop(),
  };
}
