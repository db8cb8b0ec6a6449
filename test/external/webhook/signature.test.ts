import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSecret, sign } from "../../../src/external/webhook/signature.ts";
import { verifies } from "./standard-webhooks.ts";

/** The example of the Standard Webhooks specification. */
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const message = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
};

function headersOf({ id, timestamp }: typeof message, signature: string) {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signature,
  };
}

function keyOf(text: string): Uint8Array {
  const key = readSecret(text);
  if (key === undefined) throw new Error("no secret");
  return key;
}

const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
const secretOf = (key: Uint8Array): string => `whsec_${Buffer.from(key).toString("base64")}`;

describe("a signature", () => {
  it("is the one that the specification publishes", () => {
    const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    expect(sign(message, [keyOf(secret)])).toBe(signature);
    expect(verifies(secret, headersOf(message, signature), message.body)).toBe(true);
  });

  it("is accepted by whoever has one of the two secrets, and by nobody else", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(bytes, { minLength: 3, maxLength: 3 }),
        fc.string(),
        (keys, body) => {
          const [one = bytesOf(1), two = bytesOf(2), other = bytesOf(3)] = keys;
          fc.pre(new Set(keys.map(secretOf)).size === 3);
          const signature = sign({ ...message, body }, [one, two]);
          const headers = headersOf(message, signature);
          expect(verifies(secretOf(one), headers, body)).toBe(true);
          expect(verifies(secretOf(two), headers, body)).toBe(true);
          expect(verifies(secretOf(other), headers, body)).toBe(false);
          expect(verifies(secretOf(one), headers, `${body} `)).toBe(false);
          const later = { ...headers, "webhook-timestamp": String(message.timestamp + 1) };
          expect(verifies(secretOf(one), later, body)).toBe(false);
        },
      ),
    );
  });
});

function bytesOf(fill: number): Uint8Array {
  return new Uint8Array(24).fill(fill);
}

describe("a secret", () => {
  it("is read back as the bytes that it was made of", () => {
    fc.assert(
      fc.property(bytes, (key) => {
        expect([...keyOf(secretOf(key))]).toEqual([...key]);
      }),
    );
  });

  it.each([
    ["no prefix", secret.slice("whsec_".length)],
    ["another prefix", secret.replace("whsec_", "whpk_")],
    ["nothing", "whsec_"],
    ["23 bytes", secretOf(new Uint8Array(23))],
    ["65 bytes", secretOf(new Uint8Array(65))],
    ["what is no base64", `${secret}!`],
    ["base64 that breaks off", `${secret}A`],
    ["base64url", secretOf(new Uint8Array(24).fill(255)).replaceAll("/", "_")],
    ["a line after it", `${secret}\n`],
  ])("is not read with %s", (_what, text) => {
    expect(readSecret(text)).toBeUndefined();
  });
});
