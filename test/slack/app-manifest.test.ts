import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { registry } from "../../src/commands/registry.ts";
import { homeOpened, shortcuts, slashCommand } from "../../src/slack/listeners.ts";
import { mentionEvent } from "../../src/slack/mention.ts";
import {
  optionalScopes,
  optionalScopesByMethod,
  scopes,
  scopesByEvent,
  scopesByMethod,
} from "../../src/slack/scopes.ts";

/** The parts of Slack's manifest that docc uses, with Slack's limits (facts/slack.md section 4). */
const shape = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().startsWith("/").max(32),
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.boolean(),
      }),
    ),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().max(24),
          type: z.enum(["message", "global"]),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({
      bot: z.array(z.string()).max(255),
      bot_optional: z.array(z.string()),
    }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.boolean(),
    org_deploy_enabled: z.literal(false),
    token_rotation_enabled: z.literal(false),
  }),
});

const path = new URL("../../app-manifest.yml", import.meta.url);
const manifest = shape.parse(parse(readFileSync(path, "utf8")));

describe("the app manifest", () => {
  it("registers the one command, escaped, and names every word of it", () => {
    const [command, ...others] = manifest.features.slash_commands;
    expect(others).toEqual([]);
    expect(command).toMatchObject({ command: slashCommand, should_escape: true });
    expect(command?.usage_hint.split(" | ")).toEqual(registry.map(({ name }) => name));
  });

  it("has the shortcuts that the code listens to, and no others", () => {
    const declared = manifest.features.shortcuts.map(({ type, callback_id: id }) => ({ id, type }));
    expect(declared).toEqual(Object.values(shortcuts));
  });

  it("subscribes to the events that the code listens to, with their scopes", () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(Object.keys(scopesByEvent));
    expect(Object.keys(scopesByEvent)).toEqual([homeOpened, mentionEvent]);
    expect(scopes).toEqual(expect.arrayContaining(Object.values(scopesByEvent).flat()));
  });

  it("asks for exactly the scopes that the calls need", () => {
    const { bot, bot_optional: optional } = manifest.oauth_config.scopes;
    expect(optional).toEqual(optionalScopes);
    expect(bot).toEqual([...scopes, ...optionalScopes].toSorted());
  });

  it("knows every Web API method that the code calls", () => {
    const called = sources().flatMap((source) =>
      [
        ...source.matchAll(
          /\b(?:client|interactive|reads|progress)\.([a-z]\w*(?:\.[a-z]\w*)+)\(/gi,
        ),
      ].map(([, method = ""]) => method),
    );
    const apiCalls = called.filter((name) => !name.startsWith("client."));
    const known = { ...scopesByMethod, ...optionalScopesByMethod };
    expect([...new Set(apiCalls)].sort()).toEqual(Object.keys(known).sort());
  });
});

/** The text of every source file of the edge. */
function sources(): readonly string[] {
  const folder = new URL("../../src/slack/", import.meta.url);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
}
