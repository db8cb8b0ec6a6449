import { afterEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import { startFakeSlack } from "../../sandbox/slack/server.ts";
import { settingsOf } from "./harness.ts";
import { createTransport, type Transport } from "../../src/slack/transport.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe("the Socket Mode connection", () => {
  /** Added to the time of day: a connection may be made old without waiting. */
  let aged = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aged };
  let slack: FakeSlack;
  let transport: Transport;
  const start = async (appToken?: string): Promise<void> => {
    slack = await startFakeSlack({ clock: systemClock });
    const settings = {
      ...settingsOf(slack, "socket"),
      ...(appToken === undefined ? {} : { appToken }),
    };
    transport = createTransport({ settings, clock, random: () => 0, logger: quiet });
    await transport.start();
  };
  afterEach(async () => {
    await transport.stop();
    await slack.stop();
  });

  it("is back at once when Slack asks for a refresh, not after five seconds", async () => {
    await start();
    aged = 60_000;
    expect(transport.connected()).toBe(true);
    slack.disconnect("refresh_requested");
    await slack.waitFor(() => slack.connections() === 0);
    const gone = performance.now();
    await slack.waitFor(() => slack.connections() === 1);
    expect(performance.now() - gone).toBeLessThan(1_000);
  });

  it("comes back after a cut, and after Slack refused the first tries", async () => {
    await start();
    slack.faults.add({ method: "apps.connections.open", kind: "status500", times: 1 });
    slack.faults.add({ method: "socket", kind: "reset", times: 1 });
    slack.disconnect("cut");
    await slack.waitFor(() => slack.connections() === 0);
    await slack.waitFor(() => slack.connections() === 1, 15_000);
    expect(slack.faults.pending).toEqual([]);
  });

  it("says at once that the app token is no good", async () => {
    await expect(start("xapp-wrong")).rejects.toMatchObject({
      reason: "bad-config",
      message: "Slack refused the app token (invalid_auth).",
    });
    expect(transport.connected()).toBe(false);
  });

  it("stops for good", async () => {
    await start();
    await transport.stop();
    expect(transport.connected()).toBe(false);
    await slack.waitFor(() => slack.connections() === 0);
  });
});
