import { z } from "zod";
import { DoccError } from "../errors.ts";
import { readManifest, storedManifest } from "../manifest/canonical.ts";
import { changeManifest, type Words } from "../manifest/change.ts";
import { inEnvironment } from "../manifest/environment.ts";
import { hasErrors } from "../manifest/finding.ts";
import { sayScale } from "../manifest/rescale.ts";
import type { Scale } from "../manifest/schema/scale.ts";
import { releaseName } from "../release/names.ts";
import type { Release } from "../release/release.ts";
import { updateRequest } from "../release/request.ts";
import { succeededReleases } from "../release/rollback.ts";
import { accept } from "./accept.ts";
import { refused } from "./asked.ts";
import { askerOf, defineCommand } from "./define.ts";
import {
  appArgument,
  applicationNamed,
  environmentArgument,
  environmentFor,
  reasonArgument,
} from "./environment.ts";
import { advise } from "../text/advice.ts";

const states = ["pause", "resume"] as const;

export const update = defineCommand({
  name: "update",
  summary: "Change a few things of what runs, or pause and resume it",
  needs: "deploy",
  who: "Everybody may ask; it is planned and applied as a `deploy` is, past nothing that holds a deploy up.",
  answers: "ack",
  positional: ["app", "state"],
  args: z.object({
    app: appArgument,
    state: z
      .enum(states, "takes pause or resume")
      .optional()
      .describe("pause: no copy runs; resume: as many as before that"),
    in: environmentArgument,
    reason: reasonArgument,
  }),
  rest: "words",
  examples: [
    "update kubecon-2017 scale=5",
    "update kubecon-2017 env.LOG_LEVEL=debug memory=1Gi in=staging",
    'update kubecon-2017 pause in=staging reason="nobody needs it at night"',
    "update kubecon-2017 resume in=staging",
  ],
  run: async ({ app, state, in: wished, reason }, request, ports, words) => {
    const environment = environmentFor(wished, request, ports);
    const { name, platform } = environment;
    const place: Place = { app, environment: name };
    const { status } = applicationNamed(ports, app, name);
    const manifest = storedManifest(status?.applied?.manifest ?? "");
    const scale = inEnvironment(manifest, name).scale;
    const releases = ports.releases.of(app, name);
    const wanted = changesOf(state, words, { place, scale, releases });
    const { findings } = changeManifest(manifest, wanted, platform);
    if (hasErrors(findings)) return refused("the words", findings);
    const spec = updateRequest(app, { environment: name, reason }, wanted, askerOf(request));
    const release = releaseName(app, ports.hash(request.delivery));
    await accept(ports, release, spec);
    return {
      text: `Accepted: ${sayUpdate(place, state, wanted)}. Its thread tells the rest.`,
      about: { ...place, release },
    };
  },
});

interface Place {
  readonly app: string;
  readonly environment: string;
}

interface Known {
  readonly place: Place;
  /** What is applied now. */
  readonly scale: Scale;
  readonly releases: readonly Release[];
}

/** @throws DoccError `bad-input` where nothing, or two things, are said; `conflict` where it is so already */
function changesOf(state: (typeof states)[number] | undefined, words: Words, known: Known): Words {
  const { app, environment } = known.place;
  if (state === undefined) {
    if (Object.keys(words).length > 0) return words;
    throw new DoccError("bad-input", `Say what changes of ${app}.`, {
      hint: `Write ${advise("update", known.place, "scale=5")}, or in its place tag=, env.NAME=, cpu= or memory=, or pause, or resume.`,
    });
  }
  if ("scale" in words) {
    const hint = `Write ${advise("update", known.place, state)}, or scale=N in its place.`;
    throw new DoccError("bad-input", `${state} and scale= both say how many copies run.`, { hint });
  }
  if ((state === "pause") === (known.scale === 0)) {
    const sentence =
      state === "pause"
        ? `${app} in ${environment} is paused already.`
        : `${app} in ${environment} is not paused: its scale is ${sayScale(known.scale)}.`;
    throw new DoccError("conflict", sentence);
  }
  return { ...words, scale: state === "pause" ? "0" : sayScale(scaleBefore(known)) };
}

/**
 * What it ran at before it was paused.
 * @throws DoccError `not-found` where no record that is kept tells
 */
function scaleBefore({ place, releases }: Known): Scale {
  const { app, environment } = place;
  for (const { status } of succeededReleases(releases)) {
    const manifest = readManifest(status?.plan?.manifest ?? "");
    const scale = manifest && inEnvironment(manifest, environment).scale;
    if (scale !== undefined && scale !== 0) return scale;
  }
  const sentence = `docc does not know any more how many copies of ${app} ran in ${environment}.`;
  throw new DoccError("not-found", sentence, {
    hint: `Write ${advise("update", place, "scale=N")}.`,
  });
}

function sayUpdate({ app, environment }: Place, state: string | undefined, words: Words): string {
  if (state === undefined) return `${app} in ${environment} changes`;
  const again = state === "resume" ? `resumes at scale ${words["scale"] ?? ""}` : "pauses";
  return `${app} in ${environment} ${again}`;
}
