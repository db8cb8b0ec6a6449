import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SteppedClock } from "../../../sandbox/clock.ts";
import type { FakeSlack } from "../../../sandbox/slack/fake-slack.ts";
import type { JsonObject } from "../../../sandbox/slack/json.ts";
import { startFakeSlack } from "../../../sandbox/slack/server.ts";
import type { RunningApp } from "./bolt.ts";
import { startHttpApp, startSocketApp } from "./bolt.ts";
import { call } from "./support.ts";

let slack: FakeSlack;
let clock: SteppedClock;
let stops: (() => Promise<void>)[];
let pick: number;

beforeEach(async () => {
  clock = new SteppedClock();
  pick = 0;
  stops = [];
  slack = await startFakeSlack({ clock, random: () => pick });
});

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await slack.stop();
});

/** A bare Socket Mode connection: what it received, and the means to answer. */
interface Line {
  readonly socket: WebSocket;
  readonly received: JsonObject[];
  readonly next: (type: string) => Promise<JsonObject>;
}

async function connect(): Promise<Line> {
  const { body } = await call(slack, "apps.connections.open", {}, slack.credentials.appToken);
  return listenTo(String(body["url"]));
}

function listenTo(url: string): Line {
  const socket = new WebSocket(url);
  stops.push(async () => socket.terminate());
  const received: JsonObject[] = [];
  let waiting: (() => void)[] = [];
  socket.on("message", (data: Buffer) => {
    received.push(JSON.parse(data.toString()) as JsonObject);
    const woken = waiting;
    waiting = [];
    woken.forEach((wake) => wake());
  });
  const next = async (type: string): Promise<JsonObject> => {
    for (;;) {
      const at = received.findIndex((message) => message["type"] === type);
      const [found] = at === -1 ? [] : received.splice(at, 1);
      if (found !== undefined) {
        return found;
      }
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
  };
  return { socket, received, next };
}

const acknowledge = (line: Line, envelope: JsonObject, payload?: object): void =>
  line.socket.send(JSON.stringify({ envelope_id: envelope["envelope_id"], payload }));

describe("Socket Mode", () => {
  it("greets a connection and tells how many there are", async () => {
    const line = await connect();
    expect(await line.next("hello")).toMatchObject({
      num_connections: 1,
      connection_info: { app_id: "A0DOCC" },
    });
    expect(slack.connections()).toBe(1);
  });

  it("takes each ticket once", async () => {
    const { body } = await call(slack, "apps.connections.open", {}, slack.credentials.appToken);
    await listenTo(String(body["url"])).next("hello");
    const again = new WebSocket(String(body["url"]));
    const status = await new Promise((resolve) => {
      again.on("unexpected-response", (_, response) => resolve(response.statusCode));
    });
    again.on("error", () => {});
    again.terminate();
    expect(status).toBe(403);
  });

  it("turns the eleventh connection away", async () => {
    for (let count = 0; count < 10; count += 1) {
      await (await connect()).next("hello");
    }
    const eleventh = await connect();
    expect(await eleventh.next("disconnect")).toMatchObject({ reason: "too_many_websockets" });
    expect(slack.connections()).toBe(10);
  });

  it("sends each payload to exactly one connection, whichever it happens to be", async () => {
    const lines = [await connect(), await connect()] as const;
    await Promise.all(lines.map((line) => line.next("hello")));
    for (const [at, chance] of [0.49, 0.5].entries()) {
      pick = chance;
      const pending = slack.as("developer").command("#deploys", `/docc status ${at}`);
      const line = at === 0 ? lines[0] : lines[1];
      acknowledge(line, await line.next("slash_commands"), { text: `answer ${at}` });
      expect((await pending).shown).toMatchObject({ ephemeral: { text: `answer ${at}` } });
    }
    expect(lines.map(({ received }) => received)).toEqual([[], []]);
  });

  it("delivers again under the same envelope id and the same trigger", async () => {
    const line = await connect();
    await line.next("hello");
    const pending = slack.as("developer").command("#deploys", "/docc status");
    const first = await line.next("slash_commands");
    acknowledge(line, first);
    await pending;
    const again = slack.redeliver();
    const second = await line.next("slash_commands");
    acknowledge(line, second);
    await again;
    expect(second).toEqual(first);
    expect(slack.deliveries()).toMatchObject([{ attempts: 2 }]);
  });

  it("retries an event that nobody acknowledges: at once, after a minute, after five", async () => {
    const line = await connect();
    await line.next("hello");
    const opening = slack.as("developer").openHome();
    const events = [await line.next("events_api")];
    for (const delay of [1_000, 60_000, 300_000]) {
      clock.step(3_000);
      await slack.waitFor(() => slack.deliveries()[0]?.retryAt === clock.now() + delay);
      clock.step(delay);
      events.push(await line.next("events_api"));
    }
    clock.step(3_000);
    await opening;
    await slack.waitFor(() => slack.deliveries()[0]?.ack);
    expect(clock.pending).toBe(0);
    expect(events.map((event) => event["retry_attempt"])).toEqual([0, 1, 2, 3]);
    expect(events.map((event) => event["retry_reason"])).toEqual([
      "",
      "http_timeout",
      "http_timeout",
      "http_timeout",
    ]);
    const ids = events.map((event) => [
      event["envelope_id"],
      (event["payload"] as JsonObject)["event_id"],
    ]);
    expect(new Set(ids.map((id) => id.join(" "))).size).toBe(1);
  });

  it("sends no event that the app did not subscribe to", async () => {
    const narrow = await startFakeSlack({ clock, events: ["app_home_opened"] });
    await narrow.as("developer").say("#deploys", "@docc status");
    expect(narrow.deliveries()).toEqual([]);
    await narrow.stop();
  });

  it("sends no event from a channel without the bot", async () => {
    await slack.as("developer").say("#random", "@docc status");
    expect(slack.deliveries()).toEqual([]);
  });

  it("closes a connection that stays ten seconds after it was asked to leave", async () => {
    const line = await connect();
    await line.next("hello");
    slack.disconnect("refresh_requested");
    expect(await line.next("disconnect")).toMatchObject({ reason: "refresh_requested" });
    expect(slack.connections()).toBe(1);
    clock.step(10_000);
    await slack.waitFor(() => slack.connections() === 0);
  });

  it("lets the real client come back after a refresh, and reach docc again", async () => {
    const hear = (app: RunningApp["app"]): void =>
      app.command("/docc", async ({ ack }) => ack("here"));
    const running = await startSocketApp(slack, hear, 50);
    stops.push(running.stop);
    slack.disconnect("refresh_requested");
    await slack.waitFor(() => slack.connections() === 0);
    const gone = await slack.as("developer").command("#deploys", "/docc status");
    expect(gone.error).toBe("dispatch_failed");
    await slack.waitFor(() => slack.connections() === 1);
    const back = await slack.as("developer").command("#deploys", "/docc status");
    expect(back.shown).toMatchObject({ ephemeral: { text: "here" } });
  });
});

describe("signed HTTP", () => {
  it("is refused by the real receiver when the secret is another one", async () => {
    const running = await startHttpApp(slack, () => {}, "another-secret");
    stops.push(running.stop);
    const gesture = await slack.as("developer").command("#deploys", "/docc status");
    expect(gesture.error).toBe("http_client_error");
  });

  it("retries an event with its number and reason, and the same event id", async () => {
    const heard: unknown[] = [];
    const running = await startHttpApp(slack, (app) => {
      app.use(async ({ context, body, next }) => {
        heard.push([
          context.retryNum,
          context.retryReason,
          "event_id" in body ? body.event_id : undefined,
        ]);
        await next();
      });
    });
    stops.push(running.stop);
    slack.faults.add({ method: "delivery", kind: "timeout", times: 1 });
    const opening = slack.as("developer").openHome();
    clock.step(3_000);
    await opening;
    clock.step(1_000);
    await slack.waitFor(() => slack.deliveries()[0]?.attempts === 2 && heard.length === 1);
    expect(heard).toEqual([[1, "http_timeout", slack.deliveries()[0]?.payload["event_id"]]]);
  });

  it("tells a person that the app is broken when it answers with an error", async () => {
    slack.deliverTo(`${slack.origin}/nothing-here`);
    const gesture = await slack.as("developer").command("#deploys", "/docc status");
    expect(gesture.error).toBe("http_client_error");
    slack.deliverTo("http://127.0.0.1:1/");
    const lost = await slack.as("developer").globalShortcut("docc_deploy_global");
    expect(lost.error).toBe("dispatch_failed");
  });
});
