import { describe, expect, it } from "vitest";
import { eventsOf } from "../../src/k8s/app-events.ts";
import type { Event } from "../../src/k8s/kinds.ts";

const at = (minute: number): string => `2017-12-06T09:${String(minute).padStart(2, "0")}:00Z`;

function event(kind: string, name: string, more: Partial<Event> = {}): Event {
  const involvedObject = { kind, name };
  return { involvedObject, reason: "Told", type: "Normal", lastTimestamp: at(0), ...more } as Event;
}

const objects = [
  { kind: "Deployment", name: "web" },
  { kind: "Ingress", name: "web-admin" },
  { kind: "HTTPRoute", name: "web" },
  { kind: "Certificate", name: "web-admin" },
];
const sets = ["web-7d9f"];
const seen = (all: readonly Event[], query = {}): readonly string[] =>
  eventsOf(all, sets, { objects, ...query }).map(({ kind, name }) => `${kind}/${name}`);

describe("events of an app", () => {
  it.each([
    ["Deployment", "web"],
    ["ReplicaSet", "web-7d9f"],
    ["Pod", "web-7d9f-x2x4z"],
    ["Ingress", "web-admin"],
    ["HTTPRoute", "web"],
    ["Certificate", "web-admin"],
  ])("are those of its %s %s", (kind, name) => {
    expect(seen([event(kind, name)])).toEqual([`${kind}/${name}`]);
  });

  it.each([
    ["StatefulSet", "web"],
    ["Deployment", "web-admin"],
    ["Pod", "web-7d9f"],
    ["Pod", "web-7d9f-x2x4z-debug"],
    ["ReplicaSet", "web-other-7d9f"],
    ["Ingress", "web"],
  ])("are not those of another's %s %s", (kind, name) => {
    expect(seen([event(kind, name)])).toEqual([]);
  });

  it("are those of a pod whose name had no room for all of its ReplicaSet's", () => {
    const set = `${"w".repeat(50)}-0123456789`;
    const name = `${set.slice(0, 58)}x2x4z`;
    const groups = eventsOf([event("Pod", name)], [set], { objects: [] });
    expect(groups).toMatchObject([{ name }]);
  });

  it("are counted by type, reason and kind, and the newest speaks", () => {
    const groups = eventsOf(
      [
        event("Pod", "web-7d9f-a", { reason: "BackOff", lastTimestamp: at(3), message: "last" }),
        event("Deployment", "web", { lastTimestamp: at(5) }),
        event("Pod", "web-7d9f-b", { reason: "BackOff", lastTimestamp: at(1), count: 6 }),
      ],
      sets,
      { objects },
    );
    expect(groups).toMatchObject([
      { kind: "Deployment", count: 1 },
      { reason: "BackOff", name: "web-7d9f-a", message: "last", count: 7, last: at(3) },
    ]);
  });

  it("are of one kind, and not older than asked for", () => {
    const all = [
      event("Deployment", "web", { lastTimestamp: at(9) }),
      event("Pod", "web-7d9f-a", { lastTimestamp: at(4), reason: "Old" }),
      event("Pod", "web-7d9f-b", { lastTimestamp: at(5) }),
    ];
    const since = Date.parse(at(5));
    expect(seen(all, { kind: "Pod", since })).toEqual(["Pod/web-7d9f-b"]);
    expect(seen(all, { since })).toEqual(["Deployment/web", "Pod/web-7d9f-b"]);
  });

  it("stay when they do not say when they were", () => {
    expect(
      seen([{ involvedObject: { kind: "Pod", name: "web-7d9f-a" } } as Event], { since: 1 }),
    ).toEqual(["Pod/web-7d9f-a"]);
  });
});
