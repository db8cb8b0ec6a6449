import type { webApi } from "@slack/bolt";
import type { Address } from "../controller/messenger.ts";
import type { Release } from "../release/release.ts";
import { explain, failureOf } from "./failures.ts";
import { describeError, type Logger } from "./logger.ts";
import { readMark, rootKey } from "./marks.ts";

/**
 * Looks for docc's own messages by their marks. It needs scopes that are optional: without them, and where
 * docc is no member, the answer is undefined, and nothing is remembered: the refusal itself tells that Slack
 * answers again, and a scope that is granted later is used.
 */
export interface Lookout {
  /** Root messages of a release among the channel's newest, oldest first. */
  roots(channel: string, release: Release): Promise<readonly Address[] | undefined>;
  /** Keys of the milestones in a release's thread. */
  replies(address: Address, release: Release): Promise<readonly string[] | undefined>;
  /** A link to a message; "" when Slack gives none. */
  link(address: Address): Promise<string>;
}

const pageSize = 200;
/** A root is looked for soon after it was posted; further back is not worth the calls. */
const mostPages = 5;

type Found = NonNullable<webApi.ConversationsHistoryResponse["messages"]>[number];
type Page = Pick<
  webApi.ConversationsHistoryResponse,
  "messages" | "has_more" | "response_metadata"
>;

export function createLookout(
  client: webApi.WebClient,
  botUserId: string,
  logger: Logger,
): Lookout {
  /** The key of a message of docc's own about this release. Others can write a mark, but not as docc. */
  const keyIn = ({ user, metadata }: Found, release: Release): string | undefined => {
    const mark = user === botUserId ? readMark(metadata) : undefined;
    return mark?.release === release.metadata.uid ? mark.key : undefined;
  };

  return {
    roots: (channel, release) =>
      allowed(async () => {
        const ask = (cursor: Cursor): Promise<Page> =>
          client.conversations.history({
            channel,
            limit: pageSize,
            include_all_metadata: true,
            ...cursor,
          });
        const isRoot = (each: Found): boolean => keyIn(each, release) === rootKey;
        for await (const messages of pages(ask)) {
          const roots = messages.flatMap((each) =>
            isRoot(each) && each.ts !== undefined ? [{ channel, ts: each.ts }] : [],
          );
          if (roots.length > 0) return roots.toSorted((a, b) => a.ts.localeCompare(b.ts));
        }
        return [];
      }),
    replies: ({ channel, ts }, release) =>
      allowed(async () => {
        const ask = (cursor: Cursor): Promise<Page> =>
          client.conversations.replies({
            channel,
            ts,
            limit: pageSize,
            include_all_metadata: true,
            ...cursor,
          });
        const keys: string[] = [];
        for await (const messages of pages(ask)) {
          keys.push(...messages.flatMap((each) => keyIn(each, release) ?? []));
        }
        return keys;
      }),
    link: async ({ channel, ts }) => {
      try {
        const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
        return permalink ?? "";
      } catch (error) {
        logger.warn(describeError(error), "slack gave no link to a message");
        return "";
      }
    },
  };
}

type Cursor = { readonly cursor?: string };

async function* pages(ask: (cursor: Cursor) => Promise<Page>): AsyncGenerator<readonly Found[]> {
  let cursor: Cursor = {};
  for (let asked = 0; asked < mostPages; asked += 1) {
    const { messages = [], has_more: hasMore, response_metadata: next } = await ask(cursor);
    yield messages;
    if (hasMore !== true || !next?.next_cursor) return;
    cursor = { cursor: next.next_cursor };
  }
}

/** @throws DoccError `unavailable` when Slack did not answer */
async function allowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "permanent") return undefined;
    throw explain(failure, error);
  }
}
