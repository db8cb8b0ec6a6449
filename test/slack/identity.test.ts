import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../sandbox/slack/json.ts";
import { sendSigned } from "../../sandbox/slack/signed.ts";
import { identityOf } from "../../src/slack/identity.ts";
import { createTransport } from "../../src/slack/transport.ts";
import { type Harness, settingsOf, startHarness } from "./harness.ts";

describe("a channel", () => {
  let harness: Harness;
  const heard = (user: string): string => {
    const last = harness.slack.ephemerals(user).at(-1);
    return last === undefined ? "" : harness.slack.render(last);
  };
  beforeEach(async () => {
    harness = await startHarness({ mode: "socket" });
  });
  afterEach(() => harness.stop());

  it("that is shared beyond the workspace changes nothing, whoever asks in it", async () => {
    const { slack, stored } = harness;
    await slack.as("developer").command("partners", "/docc deploy web");
    expect(heard("developer")).toContain("This channel is shared beyond docc's workspace.");
    expect(stored.size).toBe(0);
    await slack.as("developer").command("deploys", "/docc deploy web");
    expect(stored.size).toBe(1);
  });

  it("that is shared still shows what only the asker reads", async () => {
    await harness.slack.as("developer").command("partners", "/docc logs web");
    await harness.slack.waitFor(() => heard("developer").includes("The log of web."));
  });

  it("that docc may not see changes nothing", async () => {
    const { slack, stored } = harness;
    await slack.as("developer").command("secret", "/docc deploy web");
    expect(JSON.stringify(slack.ephemerals("developer"))).toContain("docc cannot see who is in");
    expect(stored.size).toBe(0);
  });

  it("is asked about once a minute, and nothing is changed while Slack cannot tell", async () => {
    const { slack, stored, clock } = harness;
    const asked = () => slack.calls("conversations.info").length;
    const deploy = () => slack.as("developer").command("deploys", "/docc deploy web");
    await deploy();
    await deploy();
    expect(asked()).toBe(1);
    clock.step(60_000);
    slack.faults.add({ method: "conversations.info", kind: "status500", times: 1 });
    await deploy();
    expect(heard("developer")).toContain("Slack could not tell docc who is in this channel.");
    expect([asked(), stored.size]).toEqual([2, 2]);
  });
});

describe("an Enterprise organisation", () => {
  const workspace = { teamId: "T0DOCC", botUserId: "UDOCC", enterpriseId: "E0DOCC" };
  const developer = { user: "UDEVELOPER", teams: ["T0DOCC"] };

  it.each([[[]], [[undefined]], [[null]], [["E0DOCC"]]])("lets its own in: %j", (enterprises) => {
    expect(identityOf(workspace, { ...developer, enterprises }).user).toBe("UDEVELOPER");
  });

  it.each([[["E0OTHER"]], [["E0DOCC", "E0OTHER"]]])("keeps others out: %j", (enterprises) => {
    const refused = expect.objectContaining({ reason: "not-allowed" });
    expect(() => identityOf(workspace, { ...developer, enterprises })).toThrow(refused);
  });
});

describe("what others got wrong", () => {
  let harness: Harness;
  let url: string;
  beforeEach(async () => {
    harness = await startHarness({ mode: "http" });
    url = `http://127.0.0.1:${harness.edge.port() ?? 0}/slack/events`;
  });
  afterEach(() => harness.stop());

  /** A press of a button that stands for a deploy, as Slack would send it. */
  const click = (user: object, more: object = {}): JsonObject => ({
    type: "block_actions",
    token: "t",
    api_app_id: "A0DOCC",
    team: { id: "T0DOCC", domain: "corp" },
    user: {
      id: "UDEVELOPER",
      username: "developer",
      name: "developer",
      team_id: "T0DOCC",
      ...user,
    },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: `1.${harness.stored.size}.a`,
    channel: { id: "CDEPLOYS", name: "deploys" },
    container: { type: "message", channel_id: "CDEPLOYS", message_ts: "1.0" },
    actions: [
      {
        type: "button",
        action_id: "command:0",
        block_id: "b",
        value: "deploy web",
        action_ts: "1.0",
      },
    ],
    ...more,
  });
  const press = async (payload: JsonObject, secret = harness.slack.credentials.signingSecret) =>
    sendSigned({ url, secret, type: "interactive", payload, signal: AbortSignal.timeout(5_000) });

  it("keel: anyone may click", async () => {
    const strangers = [
      click({ id: "USTRANGER", team_id: "T0OTHER" }),
      click({ id: "USTRANGER", team_id: "T0DOCC" }),
      click({ id: "UGUEST" }),
      click({ id: "UDEPARTED" }),
      click({ id: "UDOCC" }),
      click({ id: "USLACKBOT" }),
      click({ id: "" }),
      click({}, { team: { id: "T0OTHER", domain: "other" } }),
      click({}, { enterprise: { id: "E0OTHER", name: "other" } }),
      click({}, { channel: { id: "CPARTNERS", name: "partners" } }),
    ];
    for (const payload of strangers) await press(payload);
    const isRecorded = () => harness.audits.length >= strangers.length;
    await harness.slack.waitFor(isRecorded);
    expect(harness.audits.map(({ outcome }) => outcome)).toEqual(
      strangers.map(() => "not-allowed"),
    );
    expect(harness.stored.size).toBe(0);
    await press(click({}));
    await harness.slack.waitFor(() => harness.stored.size === 1);
  });

  it("samson: check skipped without a token", async () => {
    for (const secret of ["", "guessed"]) {
      expect(await press(click({}), secret)).toMatchObject({ ok: false });
    }
    const body = new URLSearchParams({ payload: JSON.stringify(click({})) });
    expect((await fetch(url, { method: "POST", body })).status).toBe(401);
    await press(click({ team_id: undefined }, { team: null }));
    await harness.slack.waitFor(() => harness.audits.length === 1);
    expect(harness.audits[0]?.outcome).toBe("not-allowed");
    expect(harness.stored.size).toBe(0);
  });

  it.each(["", " "])("does not start with the signing secret %j", (signingSecret) => {
    const settings = { ...settingsOf(harness.slack, "http"), signingSecret };
    const { clock } = harness;
    const say = (): void => undefined;
    const logger = { debug: say, info: say, warn: say, error: say };
    expect(() => createTransport({ settings, clock, random: () => 0.5, logger })).toThrow(
      "HTTP mode needs the app's signing secret.",
    );
  });
});
