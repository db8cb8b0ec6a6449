import type { Workspace } from "./workspace.ts";

/** How Slack rewrites what people type, and how it shows what apps write. */

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const email = /(?<![\w.<|])[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}/gi;
const url = /https?:\/\/[^\s<>|]+/g;
const bareDomain =
  /(?<![\w@.:/|-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|co)(?:[/:?#][^\s<>|]*)?(?![\w.-])/gi;

/**
 * What a person typed, as the app receives it. With `labels`, as slash commands do when the app
 * asked for `should_escape`, mentions carry the name (`<@U1|dev>`); in messages they do not.
 * Addresses become links with or without: `<https://x.com>`, `<http://x.com|x.com>`.
 */
export function encodeTyped(text: string, workspace: Workspace, labels: boolean): string {
  const label = (name: string): string => (labels ? `|${name}` : "");
  const linked = escape(text)
    .replaceAll(email, (address) => `<mailto:${address}|${address}>`)
    .replaceAll(url, (address) => `<${address}>`)
    .replaceAll(bareDomain, (address) => `<http://${address}|${address}>`);
  return linked
    .replaceAll(/(?<![\w<|@:])@([\w.-]*\w)/g, (typed, name: string) => {
      const user = workspace.users.find((one) => one.name === name);
      const group = workspace.usergroups.find((one) => one.handle === name);
      if (user !== undefined) {
        return `<@${user.id}${label(user.name)}>`;
      }
      return group === undefined ? typed : `<!subteam^${group.id}${label(`@${group.handle}`)}>`;
    })
    .replaceAll(/(?<![\w<|/&])#([\w-]+)/g, (typed, name: string) => {
      const channel = workspace.channels.find((one) => one.kind !== "im" && one.name === name);
      return channel === undefined ? typed : `<#${channel.id}${label(channel.name)}>`;
    });
}

/** Gives the name of a user, channel or user group id, without its sign. */
export type Names = (id: string) => string | undefined;

/** Formatted text (`mrkdwn`) as a phone shows it: mentions by name, links by label, no marks. */
export function displayText(text: string, names: Names = () => undefined): string {
  const shown = text.replaceAll(
    /<([^<>|]+)(?:\|([^<>]*))?>/g,
    (_, target: string, label?: string) => displayLink(target, label, names),
  );
  return unescape(
    shown
      .replaceAll(/(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/g, "$1")
      .replaceAll(/(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])/g, "$1")
      .replaceAll(/(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/g, "$1"),
  );
}

function displayLink(target: string, label: string | undefined, names: Names): string {
  const id = target.slice(1);
  if (target.startsWith("@")) {
    return `@${names(id) ?? label ?? id}`;
  }
  if (target.startsWith("#")) {
    return `#${names(id) ?? label ?? id}`;
  }
  if (target.startsWith("!subteam^")) {
    const group = target.slice("!subteam^".length);
    return `@${names(group) ?? label?.replace(/^@/, "") ?? group}`;
  }
  if (target.startsWith("!date^")) {
    return label ?? target;
  }
  return target.startsWith("!") ? `@${id}` : (label ?? target.replace(/^mailto:/, ""));
}
