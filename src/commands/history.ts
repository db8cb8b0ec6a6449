import { z } from "zod";
import { type HistoryGap, historyOf, type HistoryRow } from "../release/history.ts";
import { atName } from "../release/people.ts";
import { chooseEarlier } from "../release/rollback.ts";
import { advise } from "../text/advice.ts";
import { sayMinute } from "../text/minute.ts";
import { defineCommand } from "./define.ts";
import {
  appArgument,
  environmentArgument,
  environmentFor,
  knownApplication,
} from "./environment.ts";

const wholeNumber = "takes a whole number from 1 to 90";
const usual = 15;

export const history = defineCommand({
  name: "history",
  summary: "Show the releases of an app, newest first: who, what, how it ended",
  needs: "read",
  answers: "later",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    lines: z.coerce
      .number(wholeNumber)
      .int(wholeNumber)
      .min(1, wholeNumber)
      .max(90, wholeNumber)
      .optional()
      .describe(`how many lines, ${usual} unless told`),
    in: environmentArgument,
  }),
  examples: ["history kubecon-2017", "history kubecon-2017 in=production lines=50"],
  run: ({ app, in: wished, lines = usual }, request, ports) => {
    const environment = environmentFor(wished, request, ports).name;
    const { status } = knownApplication(ports, app, environment);
    const releases = ports.releases.of(app, environment);
    const earlier = status === undefined ? "nothing-earlier" : chooseEarlier(status, releases);
    const target = typeof earlier === "string" ? undefined : earlier.revision;
    const all = historyOf(releases, status, target);
    const shown = all.slice(0, lines);
    const more = all.length - shown.length;
    return Promise.resolve({
      text: `Releases of ${app} in ${environment}, newest first, times in UTC.`,
      table: {
        columns: ["Revision", "When", "By", "What", "Outcome", "Took"],
        rows: shown.map(cells),
      },
      named: [...new Set(shown.flatMap(slackIds))],
      ...(more > 0
        ? { lines: [`${more} older lines: ${advise("history", { app, environment }, "lines=90")}`] }
        : {}),
    });
  },
});

function cells(row: HistoryRow | HistoryGap): readonly string[] {
  if ("gap" in row) {
    const [from, to] = row.gap;
    return [from === to ? `${from}` : `${from}..${to}`, "", "", "not kept any more", "", ""];
  }
  const { revision, at, by, what, outcome, took, mark } = row;
  const number = revision === undefined ? "" : String(revision);
  return [
    mark === undefined ? number : `${number} (${mark})`,
    sayMinute(at),
    atName(by),
    what,
    outcome,
    took,
  ];
}

function slackIds(row: HistoryRow | HistoryGap): readonly string[] {
  return "by" in row && row.by.provider === "slack" ? [row.by.user] : [];
}
