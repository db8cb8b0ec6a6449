import { describe, expect, it } from "vitest";
import { application, say, worldOf } from "./ports.ts";

const now = new Date("2017-12-06T10:00:00Z");

/** The app with what docc has applied of it. */
function worldWith(more: Parameters<typeof worldOf>[0] = {}): ReturnType<typeof worldOf> {
  const app = application("kubecon-2017", "staging");
  const ref = { apiVersion: "v1", kind: "Service", namespace: "apps", name: "kubecon-2017" };
  const status = { nextRevision: 9, ...app.status, inventory: [ref] };
  return worldOf({ apps: [{ ...app, status }], ...more });
}

async function hear(typed: string, world = worldWith()): Promise<string> {
  const { text, lines = [], reason } = (await say(typed, world)).answer;
  return [text, ...lines, ...(reason === undefined ? [] : [`(${reason})`])].join("\n");
}

describe("events", () => {
  it("asks for those of what docc has applied", async () => {
    const { ports, asked } = worldWith();
    await hear("events kubecon-2017", { ...worldWith(), ports, asked });
    expect(asked).toMatchObject([{ app: "kubecon-2017", objects: [{ kind: "Service" }] }]);
    expect(asked[0]).not.toHaveProperty("since");
    expect(asked[0]).not.toHaveProperty("kind");
  });

  it("narrows them to a kind and a time", async () => {
    const world = worldWith();
    expect(await hear("events kubecon-2017 kind=pod since=1h30m", world)).toBe(
      "kubecon-2017 in staging has no recent events of kind Pod in the last 1h30m.",
    );
    const since = world.ports.clock.now() - 90 * 60_000;
    expect(world.asked).toMatchObject([{ kind: "Pod", since }]);
  });

  it("says what it shows", async () => {
    const [type, reason, message, last] = ["Normal", "Pulled", "done", now.toISOString()];
    const events = [{ type, reason, message, last, kind: "Pod", name: "web-1-x", count: 2 }];
    expect(await hear("events kubecon-2017 kind=Pod", worldWith({ events }))).toBe(
      "Recent events of kind Pod of kubecon-2017 in staging, newest first.",
    );
  });

  it("knows a slip in a kind", async () => {
    expect(await hear("events kubecon-2017 kind=Pods")).toMatchInlineSnapshot(`
      "No object of an app is of kind "Pods".
      Did you mean kind=Pod?
      (bad-input)"
    `);
    expect(await hear("events kubecon-2017 kind=<!channel>")).toMatchInlineSnapshot(`
      "No object of an app is of kind "<!channel>".
      There are: Deployment, ReplicaSet, Pod, HorizontalPodAutoscaler, PodDisruptionBudget, Service, Ingress, HTTPRoute, TLSRoute, ListenerSet, Certificate.
      (bad-input)"
    `);
  });

  it.each(["2", "soon", "0s", "59s", "8d", "-2h", `${"0".repeat(200)}1h`])(
    "takes no time such as %s",
    async (time) => {
      expect(await hear(`events kubecon-2017 since=${time}`)).toContain(
        "since= takes a duration such as 30m or 2h",
      );
    },
  );
});
