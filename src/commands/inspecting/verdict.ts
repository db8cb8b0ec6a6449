import { judgeMoment, type Moment } from "../../release/moment.ts";
import type { Observation } from "../../release/observation.ts";
import type { Release } from "../../release/release.ts";
import type { Progress } from "../../release/story.ts";
import { sayAffected } from "../../release/verdict.ts";
import { cap } from "../../text/cap.ts";
import { oneLine } from "../../text/clean.ts";
import { ended } from "../../text/ended.ts";
import type { Part } from "./inspection.ts";
import { saySilence } from "./silence.ts";

/** The verdict of the moment: one sentence, and the lines that explain it. */
export interface Said {
  readonly text: string;
  readonly lines: readonly string[];
}

/**
 * @param place `kubecon-2017 in production`
 * @param release what was applied last, where it is kept
 * @param before the tag that ran before it; empty where none did
 */
export function sayMoment(
  place: string,
  observation: Part<Observation>,
  { release, before, now }: { release: Release | undefined; before: string; now: number },
): Said {
  if ("silence" in observation) {
    const why = saySilence(observation.silence);
    return { text: `How ${place} does is not known: ${why}.`, lines: [] };
  }
  const moment = judgeMoment(observation.value, release, now);
  const text = sentenceOf(place, moment);
  if (moment.state !== "failing") return { text, lines: [] };
  const { evidence, next } = moment.cause;
  return {
    text,
    lines: [
      sayAffected(observation.value, before),
      ...evidence.slice(0, 2).map((line) => cap(oneLine(line), 300)),
      ...(next === "" ? [] : [`Next: ${ended(next)}`]),
    ],
  };
}

function sentenceOf(place: string, moment: Moment): string {
  switch (moment.state) {
    case "gone":
      return `${place} is gone: it has no Deployment.`;
    case "well":
      return moment.progress.wanted === 0
        ? `${place} is scaled to 0: nothing runs.`
        : `${place} is well: ${counts(moment.progress)}.`;
    case "waiting": {
      const { cause, progress } = moment;
      const why = cause?.sentence ?? progress.waitingFor;
      return `${place} is not complete: ${words(why)} (${counts(progress)}).`;
    }
    case "failing":
      return `${place} is failing: ${words(moment.cause.sentence)} (${counts(moment.progress)}).`;
  }
}

function words(sentence: string): string {
  return cap(oneLine(sentence), 300);
}

function counts({ ready, wanted }: Progress): string {
  return `${ready} of ${wanted} ready`;
}
