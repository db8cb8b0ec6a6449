import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanToMask, mask, maskLines, maskSecrets } from "../../src/text/mask-secrets.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const secrets = {
  aws: `AKIA${"IOSFODNN7EXAMPLE"}`,
  github: `ghp_${"16C7e42F292c6912E7710c838347Ae178B4a"}`,
  pat: `github_pat_${"11AAAAAAA0aBcDeFgHiJkL_mNoPqRsTuVwXyZ"}`,
  gitlab: `glpat-${"aB3dE6fG9hJ2kL5mN8pQ"}`,
  slack: `xoxb-${"123456789012-abcdefABCDEF"}`,
  jwt: `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIiOiIxIn0"}.${"c2lnbmF0dXJl"}`,
};
const key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";

describe("masking", () => {
  it.each([
    ["Authorization: Bearer abc.def-123456", "Authorization: Bearer [masked]", 1],
    ["got Basic dXNlcjpwYXNz.", "got Basic [masked].", 1],
    [`key ${secrets.aws} used`, "key [masked] used", 1],
    [`cloning with ${secrets.github}`, "cloning with [masked]", 1],
    [`x${secrets.pat}x`, "x[masked]", 1],
    [secrets.gitlab, "[masked]", 1],
    [`slack=${secrets.slack}`, "slack=[masked]", 1],
    [`(${secrets.jwt})`, "([masked])", 1],
    [`token=${secrets.jwt}`, "token=[masked]", 1],
    ["DB_PASSWORD=hunter2 next", "DB_PASSWORD=[masked] next", 1],
    ["password: hunter2, user: bob", "password: [masked], user: bob", 1],
    ['{"password":"a\\"b","user":"bob"}', '{"password":"[masked]","user":"bob"}', 1],
    ['"{\\"token\\":\\"abc\\",\\"n\\":1}"', '"{\\"token\\":\\"[masked]\\",\\"n\\":1}"', 1],
    ["{'api_key': 'x y'}", "{'api_key': '[masked]'}", 1],
    ['secret = "open end', 'secret = "[masked]', 1],
    ["GET /?token=abc&page=2", "GET /?token=[masked]&page=2", 1],
    ["x-api-key: 12ab", "x-api-key: [masked]", 1],
    ["AWS_SECRET_ACCESS_KEY=a/b+c", "AWS_SECRET_ACCESS_KEY=[masked]", 1],
    ["postgres://u:p@ss@db:5432/shop", "postgres://u:[masked]@db:5432/shop", 1],
    ["a://b:c@d e://f:g@h", "a://b:[masked]@d e://f:[masked]@h", 2],
    [
      `-----BEGIN RSA PRIVATE KEY-----\\n${key}\\n-----END RSA PRIVATE KEY----- ok`,
      "-----BEGIN RSA PRIVATE KEY-----[masked] ok",
      1,
    ],
    [`-----BEGIN PRIVATE KEY----- ${key}`, "-----BEGIN PRIVATE KEY-----[masked]", 1],
  ])("hides %s", (text, expected, count) => {
    expect(maskSecrets(text)).toEqual({ text: expected, count });
    expect(maskSecrets(expected), "a second time").toEqual({ text: expected, count: 0 });
  });

  it.each([
    "Basic authentication failed",
    "Basic Settings loaded",
    'WWW-Authenticate: Bearer realm="api"',
    "tokens=35 max_tokens: 40",
    "http://host:8080/path?email=a@b.example",
    "password reset for bob",
    "secretName: tls",
    'password=""',
    "sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
  ])("leaves %s alone", (text) => {
    expect(maskSecrets(text)).toEqual({ text, count: 0 });
  });

  it("hides the lines of a private key, as one", () => {
    const lines = [
      "ready",
      "-----BEGIN PRIVATE KEY-----",
      key,
      `${key}==`,
      "-----END PRIVATE KEY-----",
    ];
    expect(maskLines([...lines, "served"])).toEqual({
      lines: ["ready", `-----BEGIN PRIVATE KEY-----${mask}`, mask, mask, mask, "served"],
      count: 1,
    });
    expect(maskLines(lines.slice(2)), "without its beginning").toEqual({
      lines: [mask, mask, mask],
      count: 1,
    });
    expect(maskLines([...lines.slice(0, 3), "a line of text."]).lines.slice(2)).toEqual([
      mask,
      "a line of text.",
    ]);
  });
});

const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);

/** What rules begin with, or might stumble over. */
const pieces = [
  "\u009d",
  "\u001b]",
  "\u001b[",
  "\u0090",
  "eyJ",
  "eyJaaaaa.",
  ".",
  'password="',
  "password='",
  "token:",
  "secret=",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "://a:",
  "://",
  "@",
  "bearer ",
  "bearer authenticat",
  "Basic ",
  "basic a",
  "\\",
  '\\"',
  "xoxb-",
  "ghp_",
  "github_pat_",
  "AKIA",
  "[masked]",
  " ",
  "\t",
  "=",
  ":",
  "a",
  "A1",
  "_",
  "-",
  "/",
];

describe(`masking whatever comes (seed ${seed})`, () => {
  it("lets no secret through, whatever stands around it", () => {
    const around = fc
      .array(fc.constantFrom(...pieces), { maxLength: 30 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(
        around,
        fc.constantFrom(...Object.values(secrets)),
        around,
        (before, secret, after) => {
          const { text, count } = maskSecrets(cleanToMask(`${before} ${secret} ${after}`));
          expect(text).not.toContain(secret);
          // Nor what makes it valuable.
          expect(text).not.toContain(secret.slice(-10));
          expect(count).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000, seed },
    );
  });

  it("hides the value of a password, whatever it is", () => {
    const value = fc.string({
      unit: fc.constantFrom(...Array.from("abcXYZ019!#$%*+-./:?@[]^_{}~")),
      minLength: 8,
    });
    const name = fc.constantFrom(
      "password=",
      "DB_PASSWORD: ",
      '"password": "',
      "token=",
      "api_key=",
    );
    fc.assert(
      fc.property(name, value, (written, hidden) => {
        const end = written.endsWith('"') ? '"' : "";
        const { text } = maskSecrets(`${written}${hidden}${end} ok`);
        expect(text).not.toContain(hidden);
        expect(text).toContain(mask);
      }),
      { numRuns: 1_000, seed },
    );
  });

  it("takes time that grows with the text alone", () => {
    const timeOf = (text: string): number => {
      const start = performance.now();
      maskLines([maskSecrets(cleanToMask(text)).text]);
      return performance.now() - start;
    };
    // 256 KiB of it takes some milliseconds; where time grows with the square, minutes.
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), (unit) => {
        const text = unit.join("").repeat(Math.ceil(262_144 / unit.join("").length));
        expect(Math.min(timeOf(text), timeOf(text)), unit.join("")).toBeLessThan(1_000);
      }),
      { numRuns: 150, seed },
    );
  });
});
