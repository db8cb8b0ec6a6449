import { describe, expect, it } from "vitest";
import { logNews } from "../../src/cli/log-news.ts";
import type { LogLine } from "../../src/commands/ports.ts";

const line = (seconds: number, text: string, pod = "web-a"): LogLine => ({
  at: `2017-12-06T10:00:${String(seconds).padStart(2, "0")}.000000000Z`,
  pod,
  container: "web",
  text,
});
const texts = (lines: readonly LogLine[]): readonly string[] => lines.map(({ text }) => text);

describe("a followed log", () => {
  it("tells every line once, and late ones as well", () => {
    const first = [line(20, "a"), line(21, "b")];
    const news = logNews({ app: "web" }, first);
    expect(news.since()).toBe("2017-12-06T10:00:11.000000000Z");
    // What is older than what was shown was left out on purpose.
    const next = [line(19, "old"), ...first, line(21, "b"), line(22, "c")];
    expect(texts(news.add(next))).toEqual(["b", "c"]);
    expect(news.add(next)).toEqual([]);
    const late = line(21, "late", "web-b");
    expect(texts(news.add([line(21, "b"), late, line(22, "c")]))).toEqual(["late"]);
    expect(news.since()).toBe("2017-12-06T10:00:12.000000000Z");
  });

  it("begins where nothing was printed yet", () => {
    const news = logNews({ app: "web" }, []);
    expect(news.since()).toBeUndefined();
    expect(texts(news.add([line(1, "a")]))).toEqual(["a"]);
  });

  it("masks by what came before, and searches only what may be shown", () => {
    const begin = line(1, "-----BEGIN PRIVATE KEY-----");
    const news = logNews({ app: "web" }, [begin]);
    expect(texts(news.add([begin, line(2, "MIIEvQIBADANBg")]))).toEqual(["[masked]"]);
    const searching = logNews({ app: "web", grep: "HUNTER" }, []);
    expect(searching.add([line(1, "password=hunter2"), line(2, "\u001b[2Jx")])).toEqual([]);
    expect(texts(searching.add([line(3, "\u001b]0;x\u0007hunter")]))).toEqual(["hunter"]);
  });

  it("forgets what no look will bring again", () => {
    const news = logNews({ app: "web" }, []);
    const many = Array.from({ length: 3_000 }, (_, at) => line(1, `line ${at}`));
    expect(news.add(many)).toHaveLength(3_000);
    news.add([line(30, "x")]);
    expect(news.add([line(31, "y")])).toHaveLength(1);
    expect(news.known).toHaveLength(2_000);
  });
});
