import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { pods } from "../../src/k8s/kinds.ts";
import type { Change } from "../../src/k8s/mirror.ts";
import { reflect, type Reflector } from "../../src/k8s/reflector.ts";
import { sendJson } from "../support/http-server.ts";
import { until } from "../support/until.ts";
import { startTarget, statusBody, stored, type Target } from "./target.ts";

const leaks: unknown[] = [];
process.on("uncaughtExceptionMonitor", (error) => void leaks.push(error));
afterEach(() => expect(leaks).toEqual([]));

/** A server whose lists come from a table and whose open watches the test writes to. */
class Script {
  /** Objects by name: resource version, and uid where it is not the usual one. */
  objects: Record<string, string | readonly [version: string, uid: string]> = {};
  resourceVersion = "10";
  readonly lists: URL[] = [];
  readonly watches: URL[] = [];
  watch: ServerResponse | undefined;
  /** Answers the next list or watch instead of the usual way. */
  readonly instead: ((response: ServerResponse) => void)[] = [];

  serve = ({ url }: { readonly url: URL }, response: ServerResponse): void => {
    const watching = url.searchParams.get("watch") === "true";
    (watching ? this.watches : this.lists).push(url);
    const instead = this.instead.shift();
    if (instead !== undefined) {
      instead(response);
    } else if (watching) {
      response.flushHeaders();
      this.watch = response;
    } else {
      const { resourceVersion } = this;
      const items = Object.entries(this.objects).map(([name, object]) => this.object(name, object));
      sendJson(response, { metadata: { resourceVersion }, items });
    }
  };

  object(name: string, object: string | readonly [string, string]): object {
    const [version, uid] = typeof object === "string" ? [object, `uid-${name}`] : object;
    return {
      metadata: {
        ...(stored(name, version) as { metadata: object }).metadata,
        uid,
        managedFields: [{ manager: "x" }],
      },
    };
  }

  event(type: string, name: string, version: string): void {
    this.send({ type, object: this.object(name, version) });
  }

  bookmark(resourceVersion: string): void {
    this.send({ type: "BOOKMARK", object: { kind: "Pod", metadata: { resourceVersion } } });
  }

  send(event: object): void {
    this.watch?.write(`${JSON.stringify(event)}\n`);
  }

  watching(times: number): () => boolean {
    return () => this.watches.length === times;
  }
}

interface Rig extends AsyncDisposable {
  readonly script: Script;
  readonly target: Target;
  readonly reflector: Reflector<string>;
  readonly told: string[];
  readonly errors: string[];
}

type Options = Partial<Parameters<typeof reflect<object, string>>[2]>;

async function startRig(prepare: (script: Script) => void, options: Options = {}): Promise<Rig> {
  const script = new Script();
  prepare(script);
  const target = await startTarget(script.serve);
  const told: string[] = [];
  const errors: string[] = [];
  const reflector = reflect(target.api, pods, {
    namespace: "web",
    project: ({ metadata }) => metadata.resourceVersion,
    onChange: (change: Change<string>) =>
      told.push(
        change.type === "modified"
          ? `${change.key} ${change.previous}->${change.value}`
          : `${change.type} ${change.key} ${change.value}`,
      ),
    onError: (error) => errors.push(error.message),
    clock: target.clock,
    random: () => 0.5,
    ...options,
  });
  return {
    script,
    target,
    reflector,
    told,
    errors,
    [Symbol.asyncDispose]: async () => {
      await reflector.stop();
      await target[Symbol.asyncDispose]();
    },
  };
}

/** True when the next timer of the reflector is due in so many milliseconds. */
function waitsFor({ target: { clock } }: Rig, ms: number): boolean {
  return clock.nextDue === clock.now() + ms;
}

/** A rig that has listed `a` at version 1 and watches. */
async function startWatching(options: Options = {}): Promise<Rig> {
  const rig = await startRig((script) => {
    script.objects = { a: "1" };
  }, options);
  await until("the first watch is open", rig.script.watching(1));
  await until("only its silence is timed", () => waitsFor(rig, 40_000));
  return rig;
}

describe("a reflector", () => {
  it("lists, then watches from there with bookmarks and a time to end", async () => {
    await using rig = await startWatching({ labelSelector: "app=a" });
    await rig.reflector.synced();
    expect(rig.told).toEqual(["added web/a 1"]);
    expect(rig.reflector.get("web/a")).toBe("1");
    expect(Object.fromEntries(rig.script.watches[0]?.searchParams ?? [])).toEqual({
      watch: "true",
      allowWatchBookmarks: "true",
      labelSelector: "app=a",
      resourceVersion: "10",
      timeoutSeconds: "330",
    });
  });

  it("tells what the watch brings, and suppresses what it knows already", async () => {
    await using rig = await startWatching();
    rig.script.event("ADDED", "a", "1");
    rig.script.event("ADDED", "b", "11");
    rig.script.event("MODIFIED", "a", "12");
    rig.script.event("MODIFIED", "a", "12");
    rig.script.event("DELETED", "b", "13");
    await until("all is told", () => rig.told.length >= 4);
    expect(rig.told).toEqual([
      "added web/a 1",
      "added web/b 11",
      "web/a 1->12",
      "deleted web/b 11",
    ]);
    expect(rig.reflector.values()).toEqual(["12"]);
    expect(rig.reflector.size).toBe(1);
  });

  it("reads events across chunk borders", async () => {
    await using rig = await startWatching();
    const line = `${JSON.stringify({ type: "ADDED", object: rig.script.object("b", "11") })}\n`;
    rig.script.watch?.write(line.slice(0, 40));
    await new Promise((resolve) => setImmediate(resolve));
    rig.script.watch?.write(line.slice(40));
    await until("the event is told", () => rig.told.includes("added web/b 11"));
  });

  it("projects without managed fields", async () => {
    await using rig = await startWatching({
      project: ({ metadata }) => JSON.stringify(Object.keys(metadata)),
    });
    expect(rig.reflector.get("web/a")).toBe('["name","namespace","uid","resourceVersion"]');
  });

  it.each([
    ["a bookmark", (script: Script) => script.bookmark("21")],
    ["an event", (script: Script) => script.event("MODIFIED", "a", "21")],
    ["a deletion", (script: Script) => script.event("DELETED", "a", "21")],
  ])("opens the next watch where %s left off, without another list", async (_what, tell) => {
    await using rig = await startWatching();
    rig.target.clock.step(30_000);
    tell(rig.script);
    await until("it arrives", () => rig.reflector.lastContactAt() === rig.target.clock.now());
    rig.script.watch?.end();
    await until("the next watch is open", rig.script.watching(2));
    expect(rig.script.watches[1]?.searchParams.get("resourceVersion")).toBe("21");
    expect(rig.script.lists).toHaveLength(1);
    expect(rig.errors).toEqual([]);
  });

  it("waits before it opens a watch again that ended at once", async () => {
    await using rig = await startWatching();
    rig.script.watch?.end();
    await until("it waits", () => waitsFor(rig, 400));
    expect(rig.script.watches).toHaveLength(1);
    rig.target.clock.step(400);
    await until("the next watch is open", rig.script.watching(2));
  });

  it("opens a silent watch anew, from where it was: quiet and dead look alike", async () => {
    await using rig = await startWatching();
    rig.target.clock.step(1_000);
    rig.script.bookmark("15");
    await until("it arrives", () => rig.reflector.lastContactAt() === rig.target.clock.now());
    rig.target.clock.step(40_000);
    await until("the next watch is open", rig.script.watching(2));
    expect(rig.script.watches[1]?.searchParams.get("resourceVersion")).toBe("15");
    expect(rig.script.lists).toHaveLength(1);
    expect(rig.errors).toEqual([]);
  });

  it.each([
    [
      "as an HTTP status",
      (script: Script) => {
        script.instead.push((response) =>
          sendJson(response, statusBody(410, "Expired", "too old"), 410),
        );
        script.watch?.destroy();
      },
      2,
    ],
    [
      "as an event",
      (script: Script) =>
        script.send({ type: "ERROR", object: statusBody(410, "Expired", "too old") }),
      1,
    ],
  ])("lists again after 410 %s and tells what it missed", async (_what, expire, failures) => {
    await using rig = await startWatching();
    rig.script.event("ADDED", "b", "11");
    await until("b is known", () => rig.reflector.size === 2);
    rig.script.objects = { a: "30", c: "31" };
    expire(rig.script);
    for (let failure = 1; failure <= failures; failure += 1) {
      await until("it waits", () => rig.errors.length === failure);
      await until("a timer waits", () => rig.target.clock.pending > 0);
      rig.target.clock.step(1_000);
    }
    await until("it watches again", () => rig.told.length === 5);
    expect(rig.told.slice(2)).toEqual(["web/a 1->30", "added web/c 31", "deleted web/b 11"]);
  });

  it("tells a deletion and an addition when an object was replaced by another of its name", async () => {
    await using rig = await startWatching();
    rig.script.objects = { a: ["30", "uid-of-the-next"] };
    rig.script.send({ type: "ERROR", object: statusBody(410, "Expired", "too old") });
    await until("it waits", () => rig.errors.length === 1);
    await until("a timer waits", () => rig.target.clock.pending > 0);
    rig.target.clock.step(1_000);
    await until("both are told", () => rig.told.length === 3);
    expect(rig.told.slice(1)).toEqual(["deleted web/a 1", "added web/a 30"]);
  });

  it.each([
    [
      "429",
      (response: ServerResponse) => sendJson(response, {}, 429, { "retry-after": "7" }),
      7_400,
    ],
    ["500", (response: ServerResponse) => sendJson(response, {}, 500), 400],
    ["a reset", (response: ServerResponse) => response.destroy(), 400],
  ])("watches again after %s, from where it was", async (_what, fail, delay) => {
    await using rig = await startRig((script) => {
      script.instead.push((response) =>
        sendJson(response, { metadata: { resourceVersion: "10" }, items: [] }),
      );
      script.instead.push(fail);
    });
    await until("it failed once", () => rig.errors.length === 1);
    await until("it waits", () => waitsFor(rig, delay));
    rig.target.clock.step(delay);
    await until("it watches again", rig.script.watching(2));
    expect(rig.script.lists).toHaveLength(1);
    expect(rig.script.watches[1]?.searchParams.get("resourceVersion")).toBe("10");
  });

  it("backs off further with every failure in a row, up to 30 s", async () => {
    await using rig = await startRig((script) => {
      script.instead.push((response) =>
        sendJson(response, { metadata: { resourceVersion: "10" }, items: [] }),
      );
      for (let times = 0; times < 8; times += 1) {
        script.instead.push((response) => response.destroy());
      }
    });
    const delays: number[] = [];
    for (let failure = 1; failure <= 8; failure += 1) {
      await until("it failed", () => rig.errors.length === failure);
      await until("it waits", () => rig.target.clock.pending === 1);
      const delay = (rig.target.clock.nextDue ?? 0) - rig.target.clock.now();
      delays.push(delay);
      rig.target.clock.step(delay);
    }
    expect(delays).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
    await until("it watches at last", rig.script.watching(9));
  });

  it.each([
    [
      "brought something after a while",
      async (rig: Rig) => {
        rig.script.bookmark("20");
        await until("it arrives", () => rig.reflector.lastContactAt() === rig.target.clock.now());
        rig.script.watch?.destroy();
      },
    ],
    [
      "was ended by the server after a while",
      async (rig: Rig) => {
        rig.script.instead.push((response) => response.destroy());
        rig.script.watch?.end();
        return Promise.resolve();
      },
    ],
  ])("backs off from the beginning once a watch %s", async (_what, end) => {
    await using rig = await startWatching();
    for (let failure = 1; failure <= 3; failure += 1) {
      rig.script.watch?.destroy();
      await until("it failed", () => rig.errors.length === failure);
      await until("it waits", () => rig.target.clock.pending === 1);
      rig.target.clock.step((rig.target.clock.nextDue ?? 0) - rig.target.clock.now());
      await until("it watches again", () => waitsFor(rig, 40_000));
    }
    rig.target.clock.step(2_000);
    await end(rig);
    await until("it failed once more", () => rig.errors.length === 4);
    await until("it waits as for the first time", () => waitsFor(rig, 400));
  });

  it("keeps trying when the kind is not served yet", async () => {
    await using rig = await startRig((script) => {
      script.instead.push((response) => response.writeHead(404).end("404 page not found"));
    });
    await until("it failed once", () => rig.errors.length === 1);
    await until("it waits", () => rig.target.clock.pending === 1);
    rig.target.clock.step(1_000);
    await rig.reflector.synced();
  });

  it("lists again after half an hour although the watch seems well", async () => {
    await using rig = await startWatching();
    rig.script.objects = {};
    for (let half = 0; half < 72; half += 1) {
      rig.target.clock.step(30_000);
      rig.script.bookmark(`${20 + half}`);
      await until(
        "the bookmark arrives",
        () => rig.reflector.lastContactAt() === rig.target.clock.now(),
      );
    }
    rig.script.watch?.end();
    await until("it lists again", () => rig.told.length === 2);
    expect(rig.told[1]).toBe("deleted web/a 1");
  });

  it("survives exceptions of the caller's functions and counts them", async () => {
    await using rig = await startWatching({
      project: ({ metadata }) => {
        if (metadata.name === "poison") {
          throw new Error("cannot project");
        }
        return metadata.resourceVersion;
      },
      onChange: () => {
        throw new Error("cannot handle");
      },
      onError: () => {
        throw new Error("cannot even hear");
      },
    });
    rig.script.event("ADDED", "poison", "11");
    rig.script.event("ADDED", "b", "12");
    await until("b is known", () => rig.reflector.get("web/b") === "12");
    expect(rig.reflector.get("web/poison")).toBeUndefined();
    // a and b: handler and listener; poison: projection and listener.
    expect(rig.reflector.handlerFailures).toBe(6);
  });

  it.each([
    ["a line that is not JSON", "{nonsense\n"],
    ["an event without an object", '{"type":"ADDED"}\n'],
    ["an event of an unknown type", '{"type":"HELLO","object":{}}\n'],
  ])("lists again after %s", async (_what, line) => {
    await using rig = await startWatching();
    rig.script.objects = { a: "2" };
    rig.script.watch?.write(line);
    await until("it failed once", () => rig.errors.length === 1);
    await until("it waits", () => rig.target.clock.pending === 1);
    rig.target.clock.step(1_000);
    await until("it has listed again", () => rig.told.includes("web/a 1->2"));
  });

  it("does not stay in doubt when it is stopped before the first list", async () => {
    const rig = await startRig((script) => {
      script.instead.push(() => undefined);
    });
    await until("the list is asked for", () => rig.script.lists.length === 1);
    const synced = rig.reflector.synced();
    await rig.reflector.stop();
    await expect(synced).rejects.toThrow("Stopped before the first list of pods");
    await rig[Symbol.asyncDispose]();
  });

  it("tells nothing more and leaves no timer once it is stopped", async () => {
    const rig = await startWatching();
    await rig.reflector.stop();
    rig.script.event("ADDED", "b", "11");
    await new Promise((resolve) => setImmediate(resolve));
    expect(rig.told).toEqual(["added web/a 1"]);
    expect(rig.target.clock.pending).toBe(0);
    expect(rig.errors).toEqual([]);
    await rig[Symbol.asyncDispose]();
  });

  it("stops with the caller's signal as well", async () => {
    const abort = new AbortController();
    await using rig = await startWatching({ signal: abort.signal });
    abort.abort();
    await until("the timers are gone", () => rig.target.clock.pending === 0);
    await rig.reflector.stop();
  });
});
