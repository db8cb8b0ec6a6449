import { z } from "zod";
import { type LockTold, sayLock, sayUntil, sayWhy, type UnlockWish } from "../policy/locks.ts";
import { atName, slackIds } from "../release/people.ts";
import { channelSubject } from "../release/preferences.ts";
import { advise } from "../text/advice.ts";
import { parseDuration } from "../text/duration.ts";
import { ended } from "../text/ended.ts";
import { sayMinute } from "../text/minute.ts";
import { defineCommand, type Request } from "./define.ts";
import {
  appArgument,
  environmentArgument,
  environmentFor,
  knownApplication,
  reasonArgument,
} from "./environment.ts";
import type { Ports } from "./ports.ts";

const [shortest, longest] = [60_000, 30 * 24 * 60 * 60_000];

const lasts = z
  .string()
  .refine((text) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= shortest && ms <= longest;
  }, "takes a duration such as 30m, 2h or 1d, from 1m to 30d")
  .optional()
  .describe("how long, such as 2h; without it until somebody unlocks it");

export const lock = defineCommand({
  name: "lock",
  summary: "Keep an app as it is: nobody but you may change it; rollbacks go all the same",
  needs: "deploy",
  who: "The environment's `deployers`; who else holds a lock must give it up first.",
  answers: "later",
  asRecord: true,
  positional: ["app"],
  args: z.object({
    app: appArgument,
    for: lasts,
    in: environmentArgument,
    reason: reasonArgument.describe("why, in a few words; shown to whom it stops"),
  }),
  examples: ["lock kubecon-2017", 'lock kubecon-2017 in=production for=2h reason="load test"'],
  run: async ({ app, for: time, in: wished, reason }, request, ports) => {
    const place = placeOf(app, wished, request, ports);
    const ms = time === undefined ? undefined : parseDuration(time);
    const answer = await ports.locks.lock(place, {
      ...askerOfLock(request),
      ...(reason === undefined ? {} : { reason }),
      ...(ms === undefined ? {} : { lasts: ms }),
    });
    const said = `${app} in ${place.environment}`;
    const about = { app, environment: place.environment };
    if ("locked" in answer) {
      const { locked, before } = answer;
      const until = `${sayUntil(locked.until)}${sayWhy(locked.reason)}`;
      const text =
        before === undefined
          ? `Locked ${said}${until}`
          : `You had locked ${said} already; the lock now holds${until}`;
      return {
        text: ended(text),
        lines: [
          "Your own releases do not end it. Rollbacks are not held up by it.",
          ...unheard(answer),
        ],
        about,
      };
    }
    if (answer.refused === "locked") {
      return {
        text: ended(`${said} is locked ${sayLock(answer.holder)}`),
        named: slackIds([answer.holder.by]),
        lines: [`Ask them; the app's owners may ${advise("unlock", place)}`],
        reason: "conflict",
        about,
      };
    }
    if (answer.refused === "over") {
      const until = `${said} was to be locked until ${sayMinute(answer.until)} UTC`;
      const text = `${until}, which had passed when docc came to it: nothing was changed.`;
      return { text, reason: "expired", about };
    }
    const text = `Only those who may change applications in ${place.environment} may lock them.`;
    return { text, reason: "not-allowed", about };
  },
});

export const unlock = defineCommand({
  name: "unlock",
  summary: "Let others change an app again; whose lock it was is told",
  needs: "deploy",
  who: "Who holds the lock, the owners of the app and operators.",
  answers: "later",
  asRecord: true,
  positional: ["app"],
  args: z.object({ app: appArgument, in: environmentArgument }),
  examples: ["unlock kubecon-2017 in=production"],
  run: async ({ app, in: wished }, request, ports) => {
    const place = placeOf(app, wished, request, ports);
    const answer = await ports.locks.unlock(place, askerOfLock(request));
    const said = `${app} in ${place.environment}`;
    const about = { app, environment: place.environment };
    if ("unlocked" in answer) {
      const { own, unlocked } = answer;
      const lines = [...ownerLines(answer), ...unheard(answer)];
      const whose = own ? "" : ` It was locked ${sayLock(unlocked)}`;
      return {
        text: ended(`Unlocked ${said}.${whose}`),
        ...(own ? {} : { named: slackIds([unlocked.by]) }),
        ...(lines.length === 0 ? {} : { lines }),
        about,
      };
    }
    if (answer.refused === "not-locked") return { text: `${said} is not locked.`, about };
    const { by } = answer.holder;
    if (answer.refused === "locked-later") {
      return {
        text: `${said} was locked after you had asked to unlock it, and stays so.`,
        named: slackIds([by]),
        lines: [
          ended(`It is locked ${sayLock(answer.holder)}`),
          `To end that lock too, ask again: ${advise("unlock", place)}`,
        ],
        reason: "conflict",
        about,
      };
    }
    return {
      text: `Only ${atName(by)}, those who answer for ${app}, and docc's operators may unlock it.`,
      named: slackIds([by]),
      reason: "not-allowed",
      about,
    };
  },
});

/** A lock that nobody sees is a trap. */
function unheard({ isTold }: LockTold): readonly string[] {
  if (isTold !== false) return [];
  return [
    "No channel has heard of it: name one in the manifest, invite docc there with /invite @docc, or say it yourself.",
  ];
}

function askerOfLock({ requester, askedAt }: Request): UnlockWish {
  return { by: requester, ...(askedAt === undefined ? {} : { askedAt }) };
}

function ownerLines({ isOwnerTold }: LockTold): readonly string[] {
  if (isOwnerTold === undefined) return [];
  return [isOwnerTold ? "They are told." : "They have not been told: tell them."];
}

function placeOf(
  app: string,
  wished: string | undefined,
  request: Request,
  ports: Ports,
): { readonly app: string; readonly environment: string; readonly channel?: string } {
  const { requester } = request;
  // What is told to the asker alone is told to nobody.
  const channel = channelSubject(requester.team, request.channel)?.id;
  const environment = environmentFor(wished, request, ports).name;
  knownApplication(ports, app, environment);
  return { app, environment, ...(channel === undefined ? {} : { channel }) };
}
