import type { Preferences } from "../release/preferences.ts";
import type { People } from "./people.ts";
import { inline, type Mention } from "./views/phrases.ts";

/** How those whom the end of a release is told want to hear of it, now. */
export interface Addressing {
  /** `mention` as it is for who wants to be called; the others are named, and Slack calls them not. Never rejects. */
  politely(names: readonly string[], mention: Mention): Promise<Mention>;
  /** Slack user ids of those who want a direct message. Never rejects. */
  directly(names: readonly string[]): Promise<readonly string[]>;
}

/** Slack's own limit of a display name. */
const longestName = 80;
const called = /^<@([UW][A-Z0-9]{2,20})>$/;

/** @param preferences of a person, by Slack user id */
export function createAddressing(
  people: Pick<People, "mentions" | "nameOf">,
  preferences: (user: string) => Preferences,
): Addressing {
  return {
    politely: async (names, mention) => {
      const finished = new Map<string, string>();
      for (const name of names) {
        const said = mention(name);
        const user = called.exec(said)?.[1];
        if (user === undefined || (preferences(user).notify ?? "mention") === "mention") continue;
        const known = await people.nameOf(user);
        // A message that names nobody would help nobody.
        if (known !== undefined) finished.set(said, inline(known, longestName));
      }
      return (name) => finished.get(mention(name)) ?? mention(name);
    },
    directly: async (names) => {
      const mention = await people.mentions(names);
      const users = names.flatMap((name) => called.exec(mention(name))?.[1] ?? []);
      const wanting = users.filter((user) => {
        const { notify, quiet } = preferences(user);
        return notify === "dm" && quiet !== true;
      });
      return [...new Set(wanting)];
    },
  };
}
