import { webApi } from "@slack/bolt";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { section, preformatted } from "../../src/slack/blocks.ts";
import type { Message } from "../../src/slack/message.ts";
import { budget, emptyLedger } from "../../src/slack/budget.ts";
import { permittedWire } from "../../src/slack/wire.ts";
import { type Book, MessageWriter, type Place, type Wire } from "../../src/slack/writer.ts";
import type { Address } from "../../src/controller/messenger.ts";

type Sent = {
  readonly at: number;
  readonly what: string;
  readonly place: Place | Address;
  readonly message: Message;
};

/** A wire that keeps what went over it and fails as it is told, in order. */
class Line implements Wire {
  readonly sent: Sent[] = [];
  readonly failures: Error[] = [];
  readonly #clock: SteppedClock;
  constructor(clock: SteppedClock) {
    this.#clock = clock;
  }
  async post(place: Place, message: Message): Promise<Address> {
    this.#send("post", place, message);
    return Promise.resolve({ channel: place.channel, ts: `${this.sent.length}.0` });
  }
  async update(address: Address, message: Message): Promise<void> {
    this.#send("update", address, message);
    return Promise.resolve();
  }
  #send(what: string, place: Place | Address, message: Message): void {
    this.sent.push({ at: this.#clock.now(), what, place, message });
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const say = (text: string): Message => ({ text, blocks: [section(text)] });
const platform = (error: string): Error => new webApi.WebAPIPlatformError({ ok: false, error });
const root: Address = { channel: "C1", ts: "1.0" };
const draft = { final: false } as const;
const verdict = { final: true } as const;
const asking = { asks: true, final: false } as const;

describe("a wire with leave", () => {
  it("is asked before each call, and carries nothing without it", async () => {
    const line = new Line(new SteppedClock());
    let mayWrite = true;
    const wire = permittedWire(line, () => {
      if (!mayWrite) throw new Error("not now");
    });
    const address = await wire.post({ channel: "C1" }, say("one"));
    await wire.update(address, say("two"));
    mayWrite = false;
    await expect(wire.post({ channel: "C1" }, say("three"))).rejects.toThrow("not now");
    await expect(wire.update(address, say("four"))).rejects.toThrow("not now");
    expect(line.sent.map(({ message }) => message.text)).toEqual(["one", "two"]);
  });
});

describe("the writer", () => {
  let clock: SteppedClock;
  let line: Line;
  let book: Book;
  let writer: MessageWriter;
  const texts = (): readonly string[] => line.sent.map(({ message }) => message.text);

  /** Lets promises settle between timers, so that work started by one is seen by the next. */
  async function pass(ms: number): Promise<void> {
    const end = clock.now() + ms;
    for (;;) {
      await new Promise(setImmediate);
      const due = clock.nextDue;
      if (due === undefined || due > end) break;
      clock.step(due - clock.now());
    }
    clock.step(end - clock.now());
    await new Promise(setImmediate);
  }

  beforeEach(() => {
    clock = new SteppedClock();
    line = new Line(clock);
    book = { ledger: emptyLedger };
    writer = writerOf(book);
  });

  const writerOf = (shared: Book): MessageWriter =>
    new MessageWriter({ wire: line, book: shared, clock, random: () => 0.5, logger: quiet });

  it("sends the latest state of a message and leaves out those between", async () => {
    writer.edit(root, say("1 of 3"), draft);
    await pass(0);
    for (const text of ["2 of 3", "still 2 of 3", "3 of 3"]) writer.edit(root, say(text), draft);
    await pass(10_000);
    expect(texts()).toEqual(["1 of 3", "3 of 3"]);
  });

  it("leaves three seconds between two edits of a message, but not before a verdict", async () => {
    writer.edit(root, say("1 of 3"), draft);
    await pass(0);
    writer.edit(root, say("2 of 3"), draft);
    await pass(2_999);
    expect(texts()).toEqual(["1 of 3"]);
    await pass(1);
    expect(texts()).toEqual(["1 of 3", "2 of 3"]);
    writer.edit(root, say("live"), verdict);
    await pass(0);
    expect(texts()).toEqual(["1 of 3", "2 of 3", "live"]);
  });

  it("sends nothing that the message shows already", async () => {
    writer.edit(root, say("2 of 3"), draft);
    await pass(5_000);
    writer.edit(root, say("2 of 3"), draft);
    await pass(5_000);
    expect(texts()).toEqual(["2 of 3"]);
  });

  it("retries a verdict until Slack takes it, through limits and outages", async () => {
    line.failures.push(
      new webApi.WebAPIHTTPError(503, "Service Unavailable", {}),
      new webApi.WebAPIRequestError(new Error("timeout")),
      new webApi.WebAPIRateLimitedError(30),
      platform("internal_error"),
    );
    writer.edit(root, say("live"), verdict);
    await pass(120_000);
    expect(texts()).toEqual(["live", "live", "live", "live", "live"]);
    const [, , third, fourth] = line.sent;
    expect((fourth?.at ?? 0) - (third?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  it("retries with the newest state, and stays final", async () => {
    line.failures.push(new webApi.WebAPIHTTPError(500, "", {}));
    writer.edit(root, say("failed"), verdict);
    writer.edit(root, say("failed, users are on 2017"), draft);
    await pass(10_000);
    expect(texts()).toEqual(["failed", "failed, users are on 2017"]);
  });

  it("shows a new plan at once, behind more verdicts than a minute has room for", async () => {
    for (let n = 1; n <= 80; n += 1)
      writer.edit({ channel: "C1", ts: `${n}.5` }, say("live"), verdict);
    for (let turn = 1; turn <= 20; turn += 1) await pass(10);
    expect(texts()).toHaveLength(budget.editsPerMinute - budget.leftByFinal);
    writer.edit(root, say("Approve plan 2?"), asking);
    await pass(0);
    expect(texts().at(-1)).toBe("Approve plan 2?");
    await pass(180_000);
    expect(texts().filter((text) => text === "live")).toHaveLength(80);
  });

  it("tells a verdict in a new message when the old one is gone", async () => {
    line.failures.push(platform("message_not_found"));
    const onShown = vi.fn();
    writer.edit(root, say("live"), { ...verdict, onShown });
    await pass(1_000);
    expect(onShown).toHaveBeenCalledOnce();
    expect(line.sent.map(({ what, place }) => [what, place.channel])).toEqual([
      ["update", "C1"],
      ["post", "C1"],
    ]);
  });

  it.each(["channel_not_found", "is_archived", "cant_update_message"])(
    "gives up on %s",
    async (code) => {
      line.failures.push(platform(code));
      writer.edit(root, say("live"), verdict);
      await pass(60_000);
      expect(texts()).toEqual(["live"]);
      await writer.flush(0);
    },
  );

  it("tells nobody else the last word of what is aside, but its caller that the message is gone", async () => {
    line.failures.push(platform("message_not_found"));
    const onGone = vi.fn();
    writer.edit(root, say("over"), { ...verdict, aside: true, onGone });
    await pass(60_000);
    expect(onGone).toHaveBeenCalledOnce();
    expect(texts()).toEqual(["over"]);
  });

  it("calls no message gone that Slack may take later", async () => {
    line.failures.push(platform("internal_error"), platform("invalid_blocks"));
    const onGone = vi.fn();
    writer.edit(root, say("two lines"), { ...draft, aside: true, onGone });
    await pass(10_000);
    expect(onGone).not.toHaveBeenCalled();
    expect(texts()).toEqual(["two lines", "two lines", "two lines"]);
  });

  it("spends with other writers from one book, and goes on aside when they leave room", async () => {
    const voice = writerOf(book);
    for (let n = 1; n <= 20; n += 1)
      voice.edit({ channel: "C1", ts: `${n}.5` }, say("1 of 3"), draft);
    for (let turn = 1; turn <= 10; turn += 1) await pass(0);
    writer.edit(root, say("log"), { ...draft, aside: true });
    await pass(59_000);
    expect(texts()).toEqual(Array.from({ length: 20 }, () => "1 of 3"));
    await pass(2_000);
    expect(texts().at(-1)).toBe("log");
  });

  it("does not post again when nobody knows whether Slack has the message", async () => {
    line.failures.push(new webApi.WebAPIRequestError(new Error("socket hang up")));
    const posted = writer.post({ channel: "C1" }, say("accepted"));
    await expect(posted).rejects.toMatchObject({ reason: "unavailable" });
    await pass(60_000);
    expect(texts()).toEqual(["accepted"]);
  });

  it("posts again after a 429, which says that nothing was posted", async () => {
    line.failures.push(new webApi.WebAPIRateLimitedError(5));
    const posted = writer.post({ channel: "C1" }, say("accepted"));
    await pass(5_000);
    await expect(posted).resolves.toMatchObject({ channel: "C1" });
  });

  it("says how to let it in where it is no member", async () => {
    line.failures.push(platform("not_in_channel"));
    await expect(writer.post({ channel: "C1" }, say("accepted"))).rejects.toMatchObject({
      reason: "slack-refused",
      hint: "Invite it there with /invite @docc.",
    });
  });

  it("posts one message per second and channel, in order", async () => {
    const posts = ["one", "two", "three"].map((text) => writer.post({ channel: "C1" }, say(text)));
    await pass(3_000);
    await Promise.all(posts);
    expect(texts()).toEqual(["one", "two", "three"]);
    expect(line.sent.map(({ at }) => at - (line.sent[0]?.at ?? 0))).toEqual([0, 1_000, 2_000]);
  });

  it("falls back to classic blocks, for an hour, then to words alone", async () => {
    const rich = (text: string): Message => ({ text, blocks: [preformatted(text)] });
    const types = (): readonly string[] =>
      line.sent.map(({ message }) => message.blocks[0]?.type ?? "");
    line.failures.push(platform("invalid_blocks"));
    writer.edit(root, rich("one"), draft);
    await pass(10_000);
    writer.edit(root, rich("two"), draft);
    await pass(10_000);
    expect(types()).toEqual(["rich_text", "section", "section"]);
    line.failures.push(platform("invalid_blocks"));
    writer.edit(root, rich("three"), draft);
    await pass(10_000);
    expect(line.sent.at(-1)?.message.blocks).toEqual([section("three")]);
    await pass(60 * 60_000);
    writer.edit(root, rich("four"), draft);
    await pass(10_000);
    expect(types().at(-1)).toBe("rich_text");
  });

  it("flushes when every verdict is told, or when the deadline passes", async () => {
    const flushed: string[] = [];
    line.failures.push(new webApi.WebAPIHTTPError(500, "", {}));
    writer.edit(root, say("live"), verdict);
    await pass(0);
    void writer.flush(10_000).then(() => flushed.push("told"));
    await pass(100);
    expect(flushed).toEqual([]);
    await pass(2_000);
    expect(flushed).toEqual(["told"]);
    line.failures.push(...Array.from({ length: 9 }, () => new webApi.WebAPIHTTPError(500, "", {})));
    writer.edit(root, say("failed"), verdict);
    void writer.flush(3_000).then(() => flushed.push("deadline"));
    await pass(3_000);
    expect(flushed).toEqual(["told", "deadline"]);
  });

  it("refuses posts that wait when it stops", async () => {
    void writer.post({ channel: "C1" }, say("one"));
    const second = writer.post({ channel: "C1" }, say("two"));
    writer.stop();
    await expect(second).rejects.toMatchObject({ reason: "unavailable" });
  });

  it("tells a hundred releases in the budget, verdicts before the rest", async () => {
    for (let at = 0; at < 100; at += 1) {
      writer.edit({ channel: "C1", ts: `${at}.0` }, say(`progress ${at}`), draft);
    }
    await pass(0);
    writer.edit({ channel: "C1", ts: "99.0" }, say("verdict 99"), verdict);
    await pass(0);
    expect(texts()).toHaveLength(31);
    expect(texts().at(-1)).toBe("verdict 99");
    await pass(240_000);
    expect(new Set(texts().filter((text) => text.startsWith("progress")))).toHaveProperty(
      "size",
      99,
    );
  });
});
