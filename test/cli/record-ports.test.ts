import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { declaredRequest } from "../../src/cli/declared.ts";
import { onlyPlaceOf } from "../../src/cli/place.ts";
import { recordPorts } from "../../src/cli/record-ports.ts";
import { deleteApp } from "../../src/commands/delete.ts";
import { deploy } from "../../src/commands/deploy.ts";
import { list } from "../../src/commands/list.ts";
import { update } from "../../src/commands/update.ts";
import { application } from "../commands/ports.ts";

const clock = new SteppedClock();
const hash = () => "0".repeat(64);
const asker = {
  requester: { provider: "kubernetes", team: "", user: "ci" },
  tell: "dev@example.com",
} as const;
const records = {
  applications: [application("shop", "staging"), application("web", "production")],
  releases: [],
};

describe("docc's records in a terminal", () => {
  it("are all that a command asks", async () => {
    const ports = recordPorts(records, { clock, hash });
    expect([...ports.environments.keys()]).toEqual(["production", "staging"]);
    const request = { delivery: "", requester: asker.requester };
    const { table } = await list.run({}, request, ports, {});
    expect(table?.rows.map((row) => row.slice(0, 3))).toEqual([
      ["shop", "staging", "not asked"],
      ["web", "production", "not asked"],
    ]);
  });

  it("let nobody write or ask the cluster by them", async () => {
    const ports = recordPorts(records, { clock, hash });
    const health = ports.environments.get("staging")?.health("shop");
    await expect(health).rejects.toThrow("A terminal reads docc's records alone");
    await expect(ports.releases.create("x", {} as never)).rejects.toThrow("records alone");
  });

  it("say where an app is, when that is one place", () => {
    expect(onlyPlaceOf("web", records)).toBe("production");
    expect(() => onlyPlaceOf("wab", records)).toThrow('docc has no "wab" anywhere.');
    const twice = {
      ...records,
      applications: [...records.applications, application("web", "dev")],
    };
    expect(() => onlyPlaceOf("web", twice)).toThrow("web is in dev and production.");
  });
});

describe("a request by Slack's own declaration", () => {
  const ask = (command: typeof update, args: object, words = {}) => {
    const ports = recordPorts(records, { clock, hash, environment: "staging" });
    return declaredRequest(command, { args: { in: "staging", ...args }, words }, asker, ports);
  };

  it("is what Slack would store, asked by who calls", async () => {
    const update5 = await ask(update, { app: "shop", reason: "load" }, { scale: "5" });
    expect(update5).toEqual([
      {
        app: "shop",
        environment: "staging",
        kind: "update",
        source: { type: "stored" },
        words: { scale: "5" },
        reason: "load",
        requester: asker.requester,
        tell: "dev@example.com",
      },
    ]);
    expect(await ask(deleteApp, { app: ["shop"], confirm: "shop" })).toMatchObject([
      { app: "shop", kind: "delete", tell: "dev@example.com" },
    ]);
  });

  it("is refused in the same words, with commands of the terminal", async () => {
    expect(await ask(update, { app: "shop" }, { scal: "5" })).toEqual({
      refused: [
        "Not accepted: 1 error in the words.",
        expect.stringContaining('"scal=" changes nothing in a manifest.') as unknown,
      ],
    });
    expect(
      await ask(deploy, { app: "web", from: "production", in: "production" }).catch(String),
    ).toMatchInlineSnapshot(`"DoccError: from= and in= are both production."`);
    expect(await ask(deploy, { app: "shop", from: "production" })).toMatchInlineSnapshot(`
      {
        "refused": [
          "docc has no shop in production.",
          "docc list shows what it has.",
        ],
      }
    `);
    await expect(ask(update, { app: "shop" })).rejects.toThrow("Say what changes of shop.");
  });
});
