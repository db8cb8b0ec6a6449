import { describe, expect, it } from "vitest";
import { boltLogger, describeError, redact } from "../../src/slack/logger.ts";
import { apiUrlOf, type SlackSettings, trustedFileOrigin } from "../../src/slack/settings.ts";

const settings = (apiUrl?: string): SlackSettings => ({
  mode: "socket",
  botToken: "xoxb-1",
  ...(apiUrl === undefined ? {} : { apiUrl }),
});

describe("the Slack API URL", () => {
  it.each([
    "http://slack.example/api",
    "http://127.0.0.1.evil.example/api",
    "http://10.0.0.1/",
    "ftp://127.0.0.1/",
    "nonsense",
    "https://user:word@slack.example/api",
  ])("%s is refused", (url) => {
    expect(() => apiUrlOf(settings(url))).toThrow(
      expect.objectContaining({ reason: "bad-config" }),
    );
  });

  it.each([
    ["https://slack.example/api", "https://slack.example/api/", undefined],
    ["http://127.0.0.1:4100/api/", "http://127.0.0.1:4100/api/", "http://127.0.0.1:4100"],
    ["http://[::1]:4100/api", "http://[::1]:4100/api/", "http://[::1]:4100"],
    ["http://localhost:4100/api", "http://localhost:4100/api/", "http://localhost:4100"],
  ])("%s is used, and its files are trusted only on loopback", (url, used, origin) => {
    expect(apiUrlOf(settings(url))).toBe(used);
    expect(trustedFileOrigin(settings(url))).toBe(origin);
  });

  it("is Slack's own unless told", () => {
    expect(apiUrlOf(settings())).toBeUndefined();
    expect(trustedFileOrigin(settings())).toBeUndefined();
  });
});

describe("the log", () => {
  it.each([
    "token xoxb-1234-abcd",
    "app xapp-1-A0-9",
    "Authorization: Bearer abc.def",
    "url https://hooks.slack.com/commands/T0/1/abc",
    "wss://wss-primary.slack.com/link/?ticket=abcd&app_id=1",
  ])("has no secret of %j", (text) => {
    expect(redact(text)).toContain("[redacted]");
    expect(redact(text)).not.toMatch(/1234|A0-9|abc/);
  });

  it("has no body of a failed call, and no debug payload", () => {
    const lines: string[] = [];
    const keep = (_fields: object, message: string): void => void lines.push(message);
    const logger = boltLogger({ debug: keep, info: keep, warn: keep, error: keep });
    logger.debug("payload", { text: "secret" });
    logger.error(Object.assign(new Error("HTTP 500"), { body: "secret" }));
    expect(lines).toEqual(["Error: HTTP 500"]);
    expect(describeError(Object.assign(new Error("no"), { body: "secret" })).error).toBe(
      "Error: no",
    );
  });
});
