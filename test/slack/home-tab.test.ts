import { webApi } from "@slack/bolt";
import { expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { HomeTab } from "../../src/slack/home.ts";
import { worldOf } from "../commands/ports.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

it("makes one page of a person at a time, and one more for all who ask meanwhile", async () => {
  const client = new webApi.WebClient("xoxb-none", {
    // Nobody is asked: the pages are counted where they would leave.
    fetch: async () => {
      sent += 1;
      await gate.promise;
      return Response.json({ ok: true });
    },
  });
  let sent = 0;
  const gate = Promise.withResolvers<void>();
  const home = new HomeTab({
    client,
    door: { admit: ({ user }) => Promise.resolve({ provider: "slack", team: "T0DOCC", user }) },
    joined: [],
    ports: worldOf().ports,
    clock: new SteppedClock(),
    logger: quiet,
  });
  const show = (user: string) => home.show({ user, teams: ["T0DOCC"] });
  const first = show("UDEVELOPER");
  while (sent === 0) await new Promise((resolve) => setImmediate(resolve));
  const others = Array.from({ length: 8 }, () => show("UDEVELOPER"));
  const neighbour = show("UAPPROVER");
  while (sent === 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(2);
  gate.resolve();
  await Promise.all([first, ...others, neighbour]);
  expect(sent).toBe(3);
});
