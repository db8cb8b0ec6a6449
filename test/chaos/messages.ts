import { isTerminal, phaseOf } from "../../src/release/phases.ts";
import type { Finding, History, Said } from "./history.ts";

/** What is wrong with what Slack shows. Pure. */
export function messages(history: History): readonly Finding[] {
  return [...repeats(history), ...asks(history)];
}

const isDirect = ({ channel }: Said): boolean => channel.startsWith("D");

/**
 * The same message twice: of one release and milestone, whatever its words (a plan made anew asks again in
 * the same ones). Where docc may look for what it has said there is no excuse. Where it may not, a life may
 * say again what another said and could not note; never what it has said itself.
 */
function repeats({ said, mayLook }: History): Finding[] {
  return [...Map.groupBy(said, keyOf)].flatMap(([key, copies]): Finding[] => {
    if (copies.length === 1) return [];
    const lives = copies.map(({ life }) => life);
    const isExcused = new Set(lives).size === copies.length && !lives.includes(undefined);
    const isFound = mayLook && copies.every(({ mark }) => mark !== undefined);
    if (isExcused && !isFound) return [];
    const texts = [...new Set(copies.map(({ text }) => text.slice(0, 120)))].join(" | ");
    const what = `said ${copies.length} times, in the lives ${lives.join(", ")}: ${texts}`;
    return [{ fault: "doubled", about: key.slice(0, 160), what }];
  });
}

function keyOf(one: Said): string {
  if (one.mark !== undefined) return one.mark;
  const release = isDirect(one) ? /Release ([a-z0-9-]+)\./.exec(one.text)?.[1] : undefined;
  return release === undefined
    ? `${one.channel} ${one.threadTs ?? ""} ${one.text}`
    : `${one.channel} about ${release}`;
}

/** Nobody is asked any more about what is over. */
function asks({ said, releases }: History): Finding[] {
  const known = new Map(said.map((one) => [`${one.channel} ${one.ts}`, one]));
  return releases.flatMap((release): Finding[] => {
    if (!isTerminal(phaseOf(release))) return [];
    const direct = release.status?.slack?.direct ?? [];
    const open = direct.find(({ channel, ts }) => known.get(`${channel} ${ts}`)?.asks === true);
    if (open === undefined) return [];
    const what = `${phaseOf(release)}, and the direct message ${open.ts} still asks`;
    return [{ fault: "lost", about: release.metadata.name, what }];
  });
}
