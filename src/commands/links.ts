import { filledLink } from "../manifest/links.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { urlsOf } from "../manifest/urls.ts";
import { tagOf } from "../release/plan.ts";
import { cap } from "../text/cap.ts";
import { oneLine } from "../text/clean.ts";
import type { AnswerLink } from "./answer.ts";
import type { EnvironmentPort } from "./ports.ts";

/** The name of the app's own addresses. */
export const own = "url";
const longestName = 30;

/** A link by the name that it is asked for. */
export interface NamedLink extends AnswerLink {
  readonly name: string;
}

/** What the links of one app in one environment are made of. */
export interface LinkSources {
  readonly app: string;
  /** Of what was applied last, where it can be read. */
  readonly manifest: Manifest | undefined;
  readonly environment: Pick<EnvironmentPort, "name" | "platform" | "links">;
  /** The tag that ran before; without it a link that compares two versions is left out. */
  readonly from?: string;
}

/** The app's addresses, then the manifest's links, then those of the operator's that it does not name itself. */
export function linksOf({ app, environment, from, manifest }: LinkSources): readonly NamedLink[] {
  const addresses = manifest === undefined ? [] : addressesOf(manifest, environment);
  const theirs = filled(manifest?.links ?? {}, {
    app,
    to: manifest === undefined ? "" : tagOf(manifest),
    ...(from === undefined ? {} : { from }),
  });
  const operators = filled(environment.links, {
    app,
    environment: environment.name,
    namespace: environment.platform.namespace,
  });
  const named = new Map([...operators, ...theirs].map((link) => [link.name, link]));
  if (addresses.length > 0) named.delete(own);
  const others = [...named.values()].toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  return [...addresses, ...others];
}

/** What a record that was written past docc cannot have: another scheme, a name, or what nobody sees. */
const address = /^https?:\/\/[!-?A-[\]-~]{1,2000}$/u;

/** Where there are several addresses, each button says its own. */
function addressesOf(
  manifest: Manifest,
  { platform }: LinkSources["environment"],
): readonly NamedLink[] {
  const urls = [...new Set(urlsOf(manifest, platform))].filter(
    (url) => address.test(url) && URL.canParse(url),
  );
  return urls.map((url) => ({
    name: own,
    text: urls.length === 1 ? own : url.replace(/^https?:\/\//u, ""),
    url,
  }));
}

/** A record may have been written past docc: what is no link any more is left out. */
function filled(
  links: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): readonly NamedLink[] {
  return Object.entries(links).flatMap(([key, link]) => {
    const name = cap(oneLine(key), longestName);
    const url = typeof link === "string" ? filledLink(link, values) : undefined;
    return name === "" || url === undefined ? [] : [{ name, text: name, url }];
  });
}
