import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeCredential } from "../../../src/manifest/rules/credentials.ts";

const random = "Zk3vR8qLx0TnW5yB";

describe("looksLikeCredential", () => {
  it.each([
    // By the name of the variable.
    ["PASSWORD", "hunter2"],
    ["DB_PASSWORD", "hunter2"],
    ["db_password", "hunter2"],
    ["DB_PASS", "hunter2"],
    ["DB_PASSWD", "hunter2"],
    ["DB_PWD", "hunter2"],
    ["DB_PW", "hunter2"],
    ["PGPASSWORD", "hunter2"],
    ["MYSQL_ROOT_PASSWORD", "hunter2"],
    ["KEY_PASSPHRASE", "correct horse battery staple"],
    ["API_KEY", random],
    ["APIKEY", random],
    ["STRIPE_APIKEY_LIVE", random],
    ["AWS_SECRET_ACCESS_KEY", random],
    ["AWS_SESSION_TOKEN", random],
    ["TOKEN", random],
    ["GITHUB_TOKEN", random],
    ["CLIENT_SECRET", random],
    ["SECRET_KEY_BASE", random],
    ["COOKIE_SECRET", random],
    ["JWT_SIGNING_KEY", random],
    ["ENCRYPTION_KEY", random],
    ["TLS_PRIVATE_KEY", random],
    ["CREDENTIALS", "{}{}"],
    ["TOKEN", "changeme"],
    // By the form of the value, whatever the name.
    ["KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
    ["KEY", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["KEY", "-----BEGIN OPENSSH PRIVATE KEY-----\nMIIE"],
    ["WHO", `AKIA${"ABCDEFGH23456789"}`],
    ["WHO", `ASIA${"ABCDEFGH23456789"}`],
    ["A", `ghp_${"a1B2".repeat(9)}`],
    ["A", `github_pat_${"a1B2".repeat(9)}`],
    ["A", `glpat-${"a1B2".repeat(5)}`],
    ["A", `npm_${"a1B2".repeat(9)}`],
    ["A", `xoxb-${"1".repeat(12)}-abcdef`],
    ["A", `xapp-1-A0-${"1".repeat(12)}-abcdef`],
    ["A", `AIza${"a1B2-".repeat(7)}`],
    ["A", `sk_live_${"a1B2".repeat(5)}`],
    ["A", `sk-proj-${"a1B2".repeat(8)}`],
    ["A", `eyJ${"hbGciOiJI"}.eyJ${"zdWIiOiIx"}.signature`],
    ["A", "https://hooks.slack.com/services/T0/B0/abcdefgh"],
    ["DATABASE_URL", "postgres://shop:hunter2@db.example.com/shop"],
    ["REDIS_URL", "redis://:hunter2@cache.example.com:6379/0"],
    ["PROXY", "http://user:hunter2@proxy.example.com:3128"],
    ["A", `the key is ghp_${"a1B2".repeat(9)} for now`],
  ])("warns of %s=%s", (name, value) => {
    expect(looksLikeCredential(name, value)).toBe(true);
  });

  it.each([
    // Names that say where a credential is, or something about it.
    ["PASSWORD_FILE", "/run/secrets/password"],
    ["TOKEN_PATH", "var/token"],
    ["TOKEN_URL", "https://login.example.com/token"],
    ["OAUTH_TOKEN_ENDPOINT", "https://login.example.com/token"],
    ["SECRET_NAME", "shop-db"],
    ["API_KEY_ID", "shop-1"],
    ["API_KEY_HEADER", "X-Api-Key"],
    ["TOKEN_ISSUER", "login.example.com"],
    ["TOKEN_TTL", "15 minutes"],
    ["TOKEN_TYPE", "Bearer"],
    ["TOKEN_ALGORITHM", "RS256"],
    ["TOKEN_AUDIENCE", "shop"],
    ["SECRET_PROVIDER", "vault"],
    ["PASSWORD_MIN_LENGTH", "twelve"],
    // Values that are none.
    ["PASSWORD", ""],
    ["PASSWORD", "$(DB_PASSWORD)"],
    ["PASSWORD", "${DB_PASSWORD}"],
    ["USE_TOKEN", "true"],
    ["TOKEN", "none"],
    ["TOKEN_RETRIES", "3"],
    ["TOKEN_EXPIRY", "15m"],
    ["SECRET", "/run/secrets/shop"],
    // Names and values that only remind of one.
    ["MONKEY", "banana"],
    ["COMPASS", "north"],
    ["BYPASS", "all"],
    ["PASSENGERS", "many"],
    ["KEYBOARD", "qwerty"],
    ["TOKENIZER", "gpt2"],
    ["SECRETARY", "jane"],
    ["PRIMARY_KEY", "id"],
    ["PARTITION_KEY", "customer"],
    ["PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB"],
    ["CERT", "-----BEGIN CERTIFICATE-----\nMIIB"],
    ["DATABASE_URL", "postgres://db.example.com/shop"],
    ["DATABASE_URL", "postgres://shop@db.example.com/shop"],
    ["UPSTREAM", "http://cache.example.com:6379/a@b"],
    ["LOG_LEVEL", "info"],
    ["A", "AKIA-nothing"],
    ["A", "ghp_short"],
    ["A", "task-scheduler-with-a-long-name-and-more"],
    ["GIT_SHA", "0123456789abcdef0123456789abcdef01234567"],
    ["IMAGE", `sha256:${"0123456789abcdef".repeat(4)}`],
  ])("does not warn of %s=%s", (name, value) => {
    expect(looksLikeCredential(name, value)).toBe(false);
  });

  it("answers soon, whatever the longest name and value", () => {
    const pieces = [
      "a",
      "A_",
      "PASS_",
      "eyJ",
      "-",
      "https://",
      "a:",
      "@",
      "-----BEGIN ",
      "\n",
      "${",
      "sk-",
      ".",
    ];
    const long = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("").repeat(Math.ceil(32_768 / parts.join("").length)));
    fc.assert(
      fc.property(long, long, (name, value) => {
        const started = performance.now();
        looksLikeCredential(name.slice(0, 128), value);
        looksLikeCredential("TOKEN", value);
        // Generous for a loaded machine; a pattern that tries again and again takes seconds.
        expect(performance.now() - started).toBeLessThan(250);
      }),
      { numRuns: 300 },
    );
  });
});
