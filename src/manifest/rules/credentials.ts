/** Names that people give to variables with credentials. */
const names =
  /(?:^|_)(?:PASS(?:WORD|WD|PHRASE)?|PW|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SIGNING_?KEY)(?:_|$)/iu;
/** Parts of such names that say where a credential is, and not what it is. */
const places = /_(?:FILE|PATH|DIR|URL|URI|NAME|ID|TTL|TIMEOUT|LENGTH|HEADER|ISSUER)$/iu;
const harmless =
  /^(?:|true|false|yes|no|on|off|none|null|required|optional|\d{1,4}|\/.*|\$\{.*\})$/iu;

/** Forms that only credentials have. */
const forms: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/u,
  /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/u,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/u,
  /\bgithub_pat_[A-Za-z0-9_]{30,}\b/u,
  /\bglpat-[A-Za-z0-9_-]{20,}/u,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/u,
  /\b[rs]k_live_[A-Za-z0-9]{16,}/u,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./u,
  // name:password@ in an address
  /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#\s:@]{0,200}:[^/?#\s@]{1,200}@/iu,
];

/** Whether the value of a variable looks like a credential, by its form or by the variable's name. */
export function looksLikeCredential(name: string, value: string): boolean {
  const head = value.slice(0, 4_096);
  const isNamed = names.test(name) && !places.test(name) && !harmless.test(head);
  return isNamed || forms.some((form) => form.test(head));
}
