import { tagPattern } from "../../manifest/schema/image.ts";
import type { Answer } from "./http.ts";
import { membersOf } from "./json.ts";
import type { Session } from "./session.ts";

const perPage = 1_000;
const mostPages = 10;
const mostBytes = 512 * 1_024;
const longestLink = 4_096;

/**
 * Tags of a repository, as many as docc reads: ten pages of 512 KiB. A page that fails ends the list, as
 * it only serves to say what may have been meant.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 *
 * @returns undefined when the registry has no such repository
 */
export async function listTags(session: Session): Promise<ReadonlySet<string> | undefined> {
  const tags = new Set<string>();
  let next: string | URL | undefined = `tags/list?n=${perPage}`;
  for (let page = 0; page < mostPages && next !== undefined; page += 1) {
    const answer: Answer | undefined = await session
      .ask("GET", next, { accept: "application/json", mostBytes })
      .catch(() => undefined);
    if (answer?.status === 404 && page === 0) return undefined;
    if (answer?.status !== 200) break;
    const before = tags.size;
    for (const tag of tagsIn(answer)) tags.add(tag);
    // A registry that gives the same page again would do so for ever.
    next = tags.size > before ? nextPage(answer) : undefined;
  }
  return tags;
}

function tagsIn({ body }: Answer): readonly string[] {
  const { tags } = membersOf(body);
  const all: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return all.filter((each) => typeof each === "string").filter((tag) => tagPattern.test(tag));
}

/** RFC 8288's `rel="next"`, as far as it leads to the same list. */
function nextPage({ header, url }: Answer): URL | undefined {
  const link = header("link") ?? "";
  if (link.length > longestLink) return undefined;
  const target = /<([^<>]*)>\s*;\s*rel="?next"?/u.exec(link)?.[1];
  const next = target === undefined ? null : URL.parse(target, url.href);
  return next !== null && next.origin === url.origin && next.pathname === url.pathname
    ? next
    : undefined;
}
