import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareableText } from "../../src/manifest/parse.ts";

const yaml = `application: shop
containers:
  web:
    image: r.example.com/shop
    env: { TOKEN: "s3cr3t, really", MODE: plain }
    cpu: 500m
environments:
  staging:
    env:
      BLOCK: |
        first s3cr3t
        second s3cr3t
      DB: { secret: shop-db, key: url }
    scale: 1
`;

describe("shareableText", () => {
  it("masks the values of variables, and nothing else", () => {
    expect(shareableText(yaml)).toBe(`application: shop
containers:
  web:
    image: r.example.com/shop
    env: { TOKEN: •••••••• •••••••• MODE: ••••• •
    cpu: 500m
environments:
  staging:
    env:
      BLOCK: •
        ••••• ••••••
        •••••• ••••••
      DB: { secret: shop-db, key: url }
    scale: 1
`);
  });

  it("keeps every line and column of JSON", () => {
    const json = JSON.stringify(
      { application: "shop", containers: { web: { env: { A: "s3cr3t 😀", B: 5 } } } },
      null,
      2,
    );
    const shown = shareableText(json, "manifest.json");
    expect(shown).not.toContain("s3cr3t");
    expect(shown.split("\n").map((line) => line.length)).toEqual(
      json.split("\n").map((line) => line.length),
    );
  });

  it("shows text that cannot be read only where it speaks of no variables", () => {
    expect(shareableText('{"application": "shop"', "m.json")).toBe('{"application": "shop"');
    expect(shareableText('{"env": {"A": "s3cr3t"', "m.json")).toBe("");
  });

  it("never shows a value, however it is written", () => {
    const secret = "Zq9-secret-Zq9";
    const value = fc.constantFrom(secret, `"${secret}"`, `'${secret}'`, `>-\n          ${secret}`);
    fc.assert(
      fc.property(value, fc.boolean(), (written, isLast) => {
        const text = `containers:\n  web:\n    env:\n      A: ${written}\n${isLast ? "" : "    cpu: 1\n"}`;
        expect(shareableText(text)).not.toContain(secret);
      }),
    );
  });
});
