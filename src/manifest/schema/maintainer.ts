/** An e-mail address as people have them: RFC 5321 without quoted parts and address literals. */
const email =
  "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*" +
  "@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+";

/** Slack ids: a user (U, W), a usergroup (S) or a channel (C), never a name: names can be forged. */
const slackId = "[UWSC][A-Z0-9]{6,20}";

export const maintainerPattern = new RegExp(`^(?:${email}|${slackId})$`, "u");

/** What to do about a maintainer that {@link maintainerPattern} refuses. */
export function maintainerHint(maintainer: string): string {
  if (/\[email.protected\]/iu.test(maintainer)) {
    return "A web page put this in place of an address; write the address itself.";
  }
  if (/^[@#<]/u.test(maintainer)) {
    return "Names can be forged: give the id, like U0123456789; Slack shows it under Copy member ID.";
  }
  return "Give an address like team@example.com, or an id like U0123456789, S… or C….";
}
