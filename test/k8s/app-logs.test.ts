import { describe, expect, it } from "vitest";
import type { LogQuery, LogReading } from "../../src/commands/ports.ts";
import { readLogLines } from "../../src/k8s/app-logs.ts";
import { startTarget } from "./target.ts";

const query: LogQuery = { lines: 50, previous: false };

/** Reads the logs of pods, each with its one container `web`, from what a server gives for each. */
async function read(
  logs: Readonly<Record<string, string>>,
  wanted: Partial<LogQuery> = {},
): Promise<{ readonly reading: LogReading; readonly asked: readonly URL[] }> {
  const asked: URL[] = [];
  await using target = await startTarget((request, response) => {
    const url = new URL(request.url ?? "/", "http://api");
    const [, pod] = /\/pods\/([^/]+)\/log$/.exec(url.pathname) ?? [];
    if (pod === undefined) {
      const items = Object.keys(logs).map((name, at) => ({
        metadata: {
          name,
          uid: name,
          resourceVersion: "1",
          creationTimestamp: `2017-12-06T09:00:0${at}Z`,
        },
        spec: { containers: [{ name: "web" }] },
      }));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ kind: "PodList", metadata: { resourceVersion: "1" }, items }));
      return;
    }
    asked.push(url);
    response.end(logs[pod]);
  });
  const place = { namespace: "web", app: "shop" };
  const reading = await readLogLines(target.api, place, { ...query, ...wanted }, target.clock);
  return { reading, asked };
}

const textsOf = ({ lines }: LogReading): readonly string[] => lines.map(({ text }) => text);

describe("the log of an app", () => {
  it("is merged by time to the nanosecond, whatever the zone, and stable for equal times", async () => {
    const { reading } = await read({
      "shop-b": "2017-12-06T10:00:00.5Z b1\n2017-12-06T10:00:00.50000001Z b2\n",
      "shop-a":
        "2017-12-06T11:00:00.499999999+01:00 a1\n2017-12-06T10:00:00.500000000Z a2\n2017-12-06T10:00:00.5Z a3\n",
    });
    expect(textsOf(reading)).toEqual(["a1", "a2", "a3", "b1", "b2"]);
    expect(reading).toMatchObject({ pods: 2, left: 0, silent: 0, cut: false });
  });

  it("ends at a time that is asked for, and begins at one, both included", async () => {
    const log = [1, 2, 3, 4]
      .map((at) => `2017-12-06T10:00:00.00000000${at}Z line ${at}`)
      .join("\n");
    const since = "2017-12-06T10:00:00.000000002Z";
    const until = "2017-12-06T10:00:00.000000003Z";
    const { reading, asked } = await read({ "shop-a": log }, { since, until });
    expect(textsOf(reading)).toEqual(["line 2", "line 3"]);
    expect(asked[0]?.searchParams.get("sinceTime")).toBe("2017-12-06T10:00:00Z");
    expect(asked[0]?.searchParams.has("tailLines")).toBe(false);
  });

  it("keeps the last lines of each, within its share of memory, and says what it dropped", async () => {
    const line = `2017-12-06T10:00:00Z ${"x".repeat(60_000)}`;
    const { reading, asked } = await read(
      { "shop-a": Array.from({ length: 40 }, (_, at) => `${line}${at}`).join("\n") },
      { lines: 30 },
    );
    expect(asked[0]?.searchParams.get("tailLines")).toBe("30");
    expect(reading.cut).toBe(true);
    expect(reading.lines.length).toBeLessThan(20);
    expect(reading.lines.at(-1)?.text).toMatch(/x39$/);
  });

  it("is of one pod by the end of its name", async () => {
    const { reading } = await read(
      { "shop-1-abc": "2017-12-06T10:00:00Z one\n", "shop-1-xyz": "2017-12-06T10:00:00Z two\n" },
      { pod: "xyz" },
    );
    expect(textsOf(reading)).toEqual(["two"]);
  });
});
