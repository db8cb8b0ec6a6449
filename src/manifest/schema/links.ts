import { z } from "zod";
import { isLink, strangePlaceholder } from "../links.ts";
import { becomings, notes } from "./note.ts";

const LONGEST_LINK = 2_000;

/** What stands in a link for something of a release. */
const placeholders = ["app", "from", "to"] as const;

const linkName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,29}$/u)
  .register(notes, {
    code: "bad-name",
    says: "cannot name a link",
    hint: "Use at most 30 lower-case letters, digits, _ and -, with a letter first.",
  });

const link = z
  .string()
  .max(LONGEST_LINK)
  .refine((text) => isLink(text, placeholders))
  .describe("an https address; {app}, {from} and {to} are filled in")
  .register(notes, {
    code: "bad-url",
    says: "is no link that docc can show",
    hint: linkHint,
    // It may hold a name and a password.
    isPrivate: true,
  });

/** Entries are counted by rules/counts.ts. */
export const links = z
  .record(linkName, link)
  .describe("an object of https addresses by name, like dashboard, logs, repo and runbook")
  .meta({
    examples: [
      {
        dashboard: "https://grafana.example.com/d/{app}",
        compare: "https://git.example.com/shop/compare/{from}...{to}",
      },
    ],
  })
  .register(becomings, {
    becomes:
      "Buttons of `/docc open` and under `/docc inspect`; `compare` is the button Changes under a plan. `{app}` stands for the application, `{from}` and `{to}` for two versions; `/docc open` knows only the one that runs, `{to}`.",
  });

function linkHint(text: string): string {
  if (/^http:/iu.test(text)) {
    return "Use https.";
  }
  if (/^https:\/\/[^/?#]*[{}]/u.test(text)) {
    return "Nothing is filled into the host.";
  }
  if (/^https:\/\/[^/?#]*@/u.test(text)) {
    return "Leave out name and password.";
  }
  const strange = strangePlaceholder(text, placeholders);
  return strange === undefined
    ? "Write it like https://grafana.example.com/d/{app}."
    : `docc fills in ${placeholders.map((name) => `{${name}}`).join(", ")}, and not ${strange}.`;
}
