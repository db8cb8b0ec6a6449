import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandName, typedCommand } from "../../src/cli/act.ts";
import { config } from "../../src/commands/config.ts";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { lock } from "../../src/commands/lock.ts";
import { registry } from "../../src/commands/registry.ts";
import { isDoccError } from "../../src/errors.ts";
import { oneLine } from "../../src/text/clean.ts";

describe("words of a terminal, as they would be typed in Slack", () => {
  it.each([
    [lock, { app: "web", in: "production", for: "2h", reason: "load test" }],
    [lock, { app: "web" }],
    [config, {}],
    [config, { environment: "", quiet: "on" }],
  ])("mean the same: %#", (command, args) => {
    const result = interpret(registry, typedCommand({ command, args }));
    if (!isInvocation(result)) throw new Error(result.text);
    expect(result.command).toBe(command);
    expect(result.args).toEqual(args);
  });

  it("mean the same for any reason, or cannot be typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (reason) => {
        const text = typedOrNone(reason);
        if (text === undefined) return;
        const result = interpret(registry, text);
        if (!isInvocation(result)) throw new Error(result.text);
        expect(result.args).toEqual({ app: "web", reason: oneLine(reason) });
      }),
    );
  });
});

describe("the name of a Command", () => {
  it("is a name, and comes behind those that were asked before", () => {
    const times = [0, 35, 36, Date.UTC(2017, 11, 6), Date.UTC(2026, 0, 1), Date.UTC(2200, 0, 1)];
    const names = times.map((now, at) => commandName(now, `${9 - at}f-0`));
    expect(names.toSorted()).toEqual(names);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/u);
  });
});

function typedOrNone(reason: string): string | undefined {
  try {
    return typedCommand({ command: lock, args: { app: "web", reason } });
  } catch (error) {
    if (isDoccError(error, "bad-input")) return undefined;
    throw error;
  }
}
