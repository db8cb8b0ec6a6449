import { describe, expect, it } from "vitest";
import { sandboxImages } from "../../../sandbox/images.ts";
import { app, Play, podOf } from "../support/pods.ts";
import { logSource, logText, parseLogQuery } from "./logs.ts";

const crashing = "registry.corp.example.com/demo/kubecon:2018";
const startedAt = Date.parse("2026-01-01T00:00:00.000Z");

function read(query: string, now = startedAt + 60_000): string {
  return logText(
    sandboxImages,
    crashing,
    startedAt,
    parseLogQuery(new URLSearchParams(query), now),
  );
}

describe("the text of a log", () => {
  it.each([
    ["", "kubecon 2018 starting\nDATABASE_URL is not set\n"],
    ["tailLines=1", "DATABASE_URL is not set\n"],
    ["tailLines=0", ""],
    ["tailLines=9", "kubecon 2018 starting\nDATABASE_URL is not set\n"],
    ["limitBytes=7", "kubecon"],
    ["timestamps=true&tailLines=1", "2026-01-01T00:00:00.001Z DATABASE_URL is not set\n"],
    ["sinceTime=2026-01-01T00:00:00.001Z", "DATABASE_URL is not set\n"],
    ["sinceTime=2026-01-01T00:00:01Z", ""],
    ["sinceSeconds=3600", "kubecon 2018 starting\nDATABASE_URL is not set\n"],
    ["sinceSeconds=1", ""],
  ])("asked by ?%s is %j", (query, text) => {
    expect(read(query)).toBe(text);
  });
});

describe("which run a log is of", () => {
  const source = (play: Play, previous: boolean): unknown =>
    logSource("web", "app", play.runtime.containers["app"], previous);

  it("is the running one, and the one before it with --previous", () => {
    const play = new Play(podOf([app("2018")]));
    play.to(1_200);
    expect(source(play, false)).toEqual({ startedAt: 1_150, live: true });
    expect(source(play, true)).toEqual({ startedAt: 150, live: false });
  });

  it("is the last one while the container backs off", () => {
    const play = new Play(podOf([app("2018")]));
    play.to(3_000);
    expect(source(play, false)).toEqual({ startedAt: 1_150, live: false });
    expect(source(play, true)).toEqual({ startedAt: 1_150, live: false });
  });

  it("is refused in the kubelet's words when there is none", () => {
    const running = new Play(podOf([app("2017")]));
    const label = 'container "app" in pod "web"';
    expect(source(running, false)).toEqual({
      refused: `${label} is waiting to start: ContainerCreating`,
    });
    running.to(1_000);
    expect(source(running, true)).toEqual({ refused: `previous terminated ${label} not found` });
    const unpulled = new Play(podOf([app("nope")]));
    unpulled.to(200);
    expect(source(unpulled, false)).toEqual({
      refused: `${label} is waiting to start: image can't be pulled`,
    });
    unpulled.to(700);
    expect(source(unpulled, false)).toEqual({
      refused: `${label} is waiting to start: trying and failing to pull image`,
    });
  });
});
