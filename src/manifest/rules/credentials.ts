/** Names that people give to variables with credentials. */
const names =
  /(?:^|_)(?:PASS(?:WD|PHRASE)?|PWD?|SECRET|TOKEN|CREDENTIALS?|(?:API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY)(?:_|$)|PASSWORD(?:_|$)/iu;
/** Parts of such names that say where a credential is, or something about it, and not what it is. */
const places =
  /_(?:FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|ID|TYPE|VERSION|TTL|EXPIRY|TIMEOUT|LENGTH|HEADER|ISSUER|AUDIENCE|ALGORITHM|PROVIDER)$/iu;
const harmless =
  /^(?:|true|false|yes|no|on|off|none|null|required|optional|\d{1,4}(?:ms|s|m|h|d)?|\/.*|\$\{.*\}|\$\(.*\))$/iu;

/** Forms that only credentials have. */
const forms: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/u,
  /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/u,
  /\bAIza[A-Za-z0-9_-]{35}/u,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/u,
  /\bgithub_pat_[A-Za-z0-9_]{30,}\b/u,
  /\bglpat-[A-Za-z0-9_-]{20,}/u,
  /\bnpm_[A-Za-z0-9]{36}\b/u,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/u,
  /\bxapp-\d-[A-Za-z0-9-]{10,}/u,
  /\bhttps:\/\/hooks\.slack\.com\/services\/\S{8,}/u,
  /\b[rs]k_live_[A-Za-z0-9]{16,}/u,
  /\bsk-[A-Za-z0-9_-]{0,12}[A-Za-z0-9]{20,}/u,
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
