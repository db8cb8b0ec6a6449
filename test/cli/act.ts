import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createApi } from "../../src/k8s/api.ts";
import { connect } from "../../src/k8s/connection.ts";
import { commands } from "../../src/k8s/kinds.ts";
import { asCommand } from "../../src/k8s/records.ts";
import type { CommandRecord } from "../../src/release/command-record.ts";
import { answerTo, command, say, uploadManifest } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";
import { openTerminal } from "./terminal.ts";

/** Who is who at the API server. */
const mail = (name: string): string => `${name}@corp.example.com`;

/** Makes somebody of the API server out of a name: the text of a kubeconfig. */
export type Become = (who: string) => Promise<string>;

/** What holds an app still, and what people prefer, said in a terminal and seen in Slack. */
export function actJob(
  target: Target,
  prepare: (stage: Stage, people: readonly string[]) => Promise<Become>,
): void {
  describe(
    `lock, unlock and config in a terminal on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      let become: Become;
      beforeAll(async () => {
        const people = [{ slack: "UDEVELOPER", kubernetes: mail("developer") }];
        stage = await openStage(
          { ...target, settings: { channel: "CDEPLOYS" }, top: { people } },
          "socket",
        );
        become = await prepare(stage, ["developer", "stranger"].map(mail));
        await uploadManifest(stage, "1-application.json", "tag=2016");
        expect(say(await stage.ended(1))).toBe("succeeded");
      }, 120_000);
      afterAll(() => stage.close(), 60_000);

      const docc = async (who: string, ...argv: readonly string[]) => {
        const terminal = await openTerminal(stage, { text: await become(mail(who)) });
        try {
          return await terminal.docc(...argv);
        } finally {
          await terminal.close();
        }
      };
      const stored = async (): Promise<readonly CommandRecord[]> => {
        const { items } = await stage.world.api.listAll(commands, { namespace: stage.home });
        return items.map(asCommand);
      };
      const posts = (): readonly string[] => stage.roots().map((each) => stage.read(each));
      const posted = (pattern: RegExp) =>
        stage.until(`the channel hears ${pattern}`, () =>
          posts().find((each) => pattern.test(each)),
        );

      it("locks by who asked, in the only environment that has the app, and its channel hears of it", async () => {
        expect(await docc("stranger", "lock", "kubecon-2017", "reason=load test")).toEqual({
          status: 0,
          stdout:
            "Locked kubecon-2017 in production: load test.\nYour own releases do not end it. Rollbacks are not held up by it.\n",
          stderr: "",
        });
        await posted(
          /^kubecon-2017 in production is locked by stranger@corp\.example\.com: load test/m,
        );
        const [record] = await stored();
        expect(record?.spec).toEqual({
          text: 'lock kubecon-2017 in=production reason="load test"',
          by: { provider: "kubernetes", team: "", user: mail("stranger") },
        });
      });

      it("keeps others from changing it", async () => {
        await command(stage, "/docc deploy kubecon-2017 tag=2017");
        expect(say(await stage.ended(2))).toBe("refused: locked");
      });

      it("says that it was so already", async () => {
        const { status, stdout } = await docc("stranger", "lock", "kubecon-2017", "in=production");
        expect({ status, stdout }).toMatchObject({
          status: 0,
          stdout: expect.stringMatching(/^You had locked kubecon-2017 in production already; /u),
        });
      });

      it("lets nobody else lock or unlock, in words that can be typed there", async () => {
        const lock = await docc("developer", "lock", "kubecon-2017");
        expect(lock).toEqual({
          status: 1,
          stdout: "",
          stderr:
            "docc: kubecon-2017 in production is locked by stranger@corp.example.com: load test. Ask them; the app's owners may docc unlock kubecon-2017 in=production\n",
        });
        const unlock = await docc("developer", "unlock", "kubecon-2017", "-o", "json");
        expect(unlock).toMatchObject({ status: 1, stderr: "" });
        expect(JSON.parse(unlock.stdout)).toEqual({
          outcome: "refused",
          code: "not-allowed",
          sentence:
            "Only stranger@corp.example.com, those who answer for kubecon-2017, and docc's operators may unlock it.",
          lines: [],
        });
      });

      it("unlocks, and has told of the lock once", async () => {
        expect(await docc("stranger", "unlock", "kubecon-2017", "in=production")).toEqual({
          status: 0,
          stdout: "Unlocked kubecon-2017 in production.\n",
          stderr: "",
        });
        // Posts keep their order: whatever was told of the lock stands before this one.
        await posted(/was unlocked by stranger@corp\.example\.com/);
        expect(
          posts().filter((each) => each.startsWith("kubecon-2017 in production is locked")),
        ).toHaveLength(1);
        const again = await docc("stranger", "unlock", "kubecon-2017");
        expect(again).toMatchObject({
          status: 0,
          stdout: "kubecon-2017 in production is not locked.\n",
        });
      });

      it("lets the Slack identity of one person undo what the other did", async () => {
        expect(await docc("developer", "lock", "kubecon-2017")).toMatchObject({ status: 0 });
        const said = stage.slack.render(await answerTo(stage, "/docc unlock kubecon-2017"));
        expect(said).toBe("Unlocked kubecon-2017 in production.");
      });

      it("shows and sets what somebody prefers in Slack", async () => {
        const set = await docc("developer", "config", "quiet=on", "notify=name");
        expect(set).toMatchObject({ status: 0, stderr: "" });
        expect(set.stdout).toMatch(/^From now on, for you: /u);
        const shown = await docc("developer", "config");
        expect(shown).toMatchObject({ status: 0, stderr: "" });
        expect(shown.stdout).toBe(
          [
            "In Slack, commands without in= go to production, as docc.yaml says.",
            "",
            "SETTING        VALUE       FROM",
            "environment    production  docc.yaml",
            "quiet for you  on          you",
            "notify         name        you",
            "",
            "In a terminal in= says where all the same, or it is the only environment that has the app.",
            "Set yours with docc config environment=NAME; =default takes it back.",
            "",
          ].join("\n"),
        );
        const inSlack = stage.slack.render(await answerTo(stage, "/docc config"));
        expect(inSlack).toContain("quiet for you | on | you");
        expect(inSlack).toContain("notify | name | you");
        const back = await docc("developer", "config", "quiet=default", "notify=", "-o", "json");
        expect(JSON.parse(back.stdout)).toMatchObject({ outcome: "answered", code: "ok" });
        const { stdout } = await docc("developer", "config", "-o", "json");
        expect(JSON.parse(stdout)).toMatchObject({
          rows: [
            { setting: "environment", value: "production", from: "docc.yaml" },
            { setting: "quiet for you", value: "off", from: "docc's default" },
            { setting: "notify", value: "mention", from: "docc's default" },
          ],
        });
      });

      it("says what to do to somebody whom no operator has mapped", async () => {
        expect(await docc("stranger", "config", "quiet=on")).toEqual({
          status: 1,
          stdout: "",
          stderr: `docc: docc does not know who "${mail("stranger")}" is in Slack. An operator maps you in docc.yaml, under people; until then set it in Slack.\n`,
        });
      });

      it("judges a deployed app by today's rules", async () => {
        expect(await docc("stranger", "validate", "kubecon-2017")).toEqual({
          status: 0,
          stdout: expect.stringMatching(
            /^The manifest of kubecon-2017 in production is valid: 1 warning\.\nwarning: containers\.kubecon: /u,
          ) as unknown,
          stderr: "",
        });
        expect(await docc("stranger", "validate", "kubecon-2018")).toEqual({
          status: 2,
          stdout: "",
          stderr:
            'docc: There is no file "kubecon-2018". docc has no "kubecon-2018" anywhere. Did you mean kubecon-2017?\n',
        });
      });

      it("stores nothing that cannot be meant", async () => {
        const before = (await stored()).length;
        for (const [words, said] of [
          [["config", "channel", "quiet=on"], "A terminal is in no channel."],
          [["lock", "kubecon-2017", "until=tomorrow"], "lock knows no until=."],
          [["config", "notify=phone"], 'notify= takes no "phone".'],
          [["lock", "kubecon-2017", "for=1y"], "for= takes a duration such as 30m, 2h or 1d"],
          [["lock", "kubecon-2017", 'reason=the "big" test'], "reason= cannot have a double quote"],
          [["unlock", "kubecon-2018"], 'docc has no "kubecon-2018" anywhere.'],
        ] as const) {
          const { status, stderr } = await docc("developer", ...words);
          expect(stderr).toContain(said);
          expect(status).toBe(2);
        }
        expect(await stored()).toHaveLength(before);
      });

      it("does nothing for a Command with another word in it, and says which there are", async () => {
        const releases = (await stage.releases()).length;
        const connection = connect({
          ofUser: true,
          clock: systemClock,
          kubeconfigText: await become(mail("developer")),
        });
        const place = { namespace: stage.home, name: "deploy-1" };
        const by = { provider: "kubernetes", team: "", user: mail("developer") };
        const spec = { text: "deploy kubecon-2017 tag=2017 in=production", by };
        await createApi(connection).create(commands, { metadata: place, spec });
        await connection.close();
        const { status } = await stage.until("it is answered", async () => {
          const found = asCommand(await stage.world.api.get(commands, place));
          return found.status === undefined ? undefined : found;
        });
        expect(status).toMatchObject({
          outcome: "refused",
          code: "bad-input",
          sentence: "deploy is not asked for by a Command.",
          lines: ["These are: lock, unlock, validate, config."],
        });
        expect(await stage.releases()).toHaveLength(releases);
      });

      it("is in the audit log, by who asked", async () => {
        const log = stage.slack.render(await answerTo(stage, "/docc audit lines=50"));
        expect(log).toMatch(/stranger@corp\.example\.com.*lock kubecon-2017/u);
        expect(log).toMatch(/developer@corp\.example\.com.*config.*quiet=on/u);
      });
    },
  );
}
