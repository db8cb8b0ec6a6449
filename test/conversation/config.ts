import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preferences } from "../../src/k8s/kinds.ts";
import type { Release } from "../../src/release/release.ts";
import { answerTo, command, rootSays, say, threadSays, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Where commands go and how much is told: by people, by a channel, and by nobody. */
export function configJob(place: Target): void {
  const target = { ...place, others: ["staging", "demo"] };
  describe(`config on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const heard = async (typed: string) => stage.slack.render(await answerTo(stage, typed));
    const stored = async (): Promise<readonly object[]> => {
      const { items } = await stage.world.api.listAll(preferences, { namespace: stage.home });
      return items.map(({ metadata, spec }) => ({ name: metadata.name, spec }));
    };
    const replies = (nth: number): readonly string[] =>
      stage.slack
        .thread("#deploys", stage.roots()[nth - 1]?.ts ?? "")
        .map((each) => stage.read(each));
    /** Where the last release went. */
    const ended = async (count: number): Promise<string> => {
      const release: Release = await stage.ended(count);
      return `${release.spec.environment} ${say(release)}`;
    };

    it("shows what holds in a fresh installation, and stores nothing for it", async () => {
      expect(await heard("/docc config")).toMatchInlineSnapshot(`
        "Here, commands without in= go to staging, as docc.yaml says.
        Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back.
        setting | value | from
        environment | staging | docc.yaml
        quiet in this channel | off | docc's default
        quiet for you | off | docc's default
        notify | mention | docc's default"
      `);
      expect(await stored()).toEqual([]);
    });

    it("sends a person's commands where they prefer", async () => {
      expect(await heard("/docc config environment=demo")).toMatchInlineSnapshot(
        `"From now on, for you: commands without in= go to demo."`,
      );
      await uploadManifest(stage, "1-application.json", "tag=2016");
      expect(await ended(1)).toBe("demo succeeded");
      await threadSays(stage, 1, /3 of 3 ready\. Watching/);
    });

    it("lets a channel's preference go before theirs, and tells the channel", async () => {
      const typed = "/docc config channel environment=staging quiet=on";
      expect(await heard(typed)).toMatchInlineSnapshot(`
        "From now on, in this channel: commands without in= go to staging; threads carry only what decides.
        The channel has been told."
      `);
      const posts = stage.slack.messages("#deploys").map((each) => stage.read(each));
      expect(posts.at(-1)).toMatchInlineSnapshot(
        `"@developer has set for this channel: commands without in= go to staging; threads carry only what decides. /docc config shows what holds."`,
      );
      expect(await heard("/docc config")).toMatchInlineSnapshot(`
        "Here, commands without in= go to staging, as this channel says.
        Elsewhere you have set demo; a channel's counts before yours.
        Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back.
        setting | value | from
        environment | staging | this channel
        quiet in this channel | on | this channel
        quiet for you | off | docc's default
        notify | mention | docc's default"
      `);
      expect(await heard(typed)).toMatch(/^Nothing changed, in this channel: /);
      const again = stage.slack.messages("#deploys").map((each) => stage.read(each));
      expect(again).toEqual(posts);
    });

    it("deploys there without in=, and says only what decides in the thread", async () => {
      await uploadManifest(stage, "1-application.json", "tag=2016");
      expect(await ended(2)).toBe("staging succeeded");
      const nth = stage.roots().length;
      await rootSays(stage, nth, /2016 is live in staging/);
      const last = (await stage.releases()).at(-1);
      expect(last?.status?.slack?.told).toEqual(expect.arrayContaining(["applied", "ready"]));
      expect(replies(nth)).toEqual([]);
    });

    it("goes where in= says all the same", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017 in=demo");
      expect(await ended(3)).toBe("demo succeeded");
    });

    it("tells a failure in a quiet channel, and it alone", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      expect(await ended(4)).toBe("staging failed: crash-loop");
      const nth = stage.roots().length;
      await threadSays(stage, nth, /DATABASE_URL is not set/);
      expect(replies(nth)).toHaveLength(1);
    });

    it("shows where a command went in what is recorded of it", async () => {
      const log = await heard("/docc audit lines=50");
      expect(log).toMatch(/config .*environment=staging/);
    });

    it("is kept when docc starts again", async () => {
      const before = await heard("/docc config");
      await stage.restart({});
      expect(await heard("/docc config")).toBe(before);
      expect(await stored()).toEqual([
        {
          name: "channel.t0docc.cdeploys",
          spec: {
            subject: { kind: "channel", team: "T0DOCC", id: "CDEPLOYS" },
            environment: "staging",
            quiet: true,
          },
        },
        {
          name: "person.t0docc.udeveloper",
          spec: {
            subject: { kind: "person", team: "T0DOCC", id: "UDEVELOPER" },
            environment: "demo",
          },
        },
      ]);
    });

    it.each([
      [
        "environment=stagin",
        /^There is no environment "stagin"\.\nDid you mean environment=staging\?/,
      ],
      [
        "environment=production",
        /^production is reached by in=production alone, never by default\./,
      ],
      ["environment=<!channel>", /^There is no environment "<!channel>"\./],
      ["quiet=maybe", /^quiet= takes no "maybe"\.\nIt takes on, off or default\./],
      ["notify=shout", /^notify= takes no "shout"\.\nIt takes mention, name, dm or default\./],
      ["channel notify=dm", /^How somebody is notified is a person's own\./],
      ["chanel quiet=on", /^config knows no "chanel"\./],
      ["enviroment=demo", /Did you mean environment=\?/],
    ])("refuses %s, and changes nothing", async (words, pattern) => {
      const before = await stored();
      expect(await heard(`/docc config ${words}`)).toMatch(pattern);
      expect(await stored()).toEqual(before);
    });

    it("lets only who may deploy there speak for a channel", async () => {
      await stage.restart({ settings: { deployers: ["UAPPROVER"] } });
      expect(await heard("/docc config channel quiet=off")).toMatchInlineSnapshot(`
        "Only those who may deploy where releases are told here, and docc's operators, set what holds in this channel.
        Your own is yours to set: /docc config without channel."
      `);
      expect(await heard("/docc config quiet=on")).toMatch(/^From now on, for you: /);
      await stage.restart({});
    });

    it("passes over what docc.yaml does not have any more, and says so", async () => {
      const { name, namespace } = { name: "channel.t0docc.cdeploys", namespace: stage.home };
      const gone = { spec: { environment: "qa" } };
      await stage.world.api.patch(preferences, { name, namespace }, gone);
      const text = await stage.until("docc has seen it", async () => {
        const shown = await heard("/docc config");
        return shown.includes("qa") ? shown : undefined;
      });
      expect(text).toMatchInlineSnapshot(`
        "Here, commands without in= go to demo, as you have set.
        This channel's qa is no environment of docc.yaml any more, so it is passed over. Take it back with /docc config channel environment=default
        Set yours with /docc config environment=NAME, this channel's with /docc config channel environment=NAME; =default takes it back.
        setting | value | from
        environment | demo | you
        quiet in this channel | on | this channel
        quiet for you | on | you
        notify | mention | docc's default"
      `);
    });

    it("names who does not want to be called, and tells them by themselves", async () => {
      expect(await heard("/docc config notify=dm quiet=default")).toMatchInlineSnapshot(
        `"From now on, for you: docc sends you direct messages as usual; you get a direct message when a release of yours has ended, and are not called in its thread."`,
      );
      await command(stage, "/docc deploy kubecon-2017 tag=2018 in=demo");
      expect(await ended(5)).toBe("demo failed: crash-loop");
      const nth = stage.roots().length;
      const failure = await threadSays(stage, nth, /DATABASE_URL is not set/);
      expect(failure).toMatch(/^developer @maintainer: kubecon exits with code 1/);
      const direct = await stage.until("the developer is told", () => {
        const last = stage.slack.dms("developer").at(-1);
        return last === undefined ? undefined : stage.read(last);
      });
      expect(direct.replace(/<?http\S+/, "LINK")).toMatchInlineSnapshot(
        `"Deploy of kubecon-2017 to demo: 2018 failed in demo: kubecon exits with code 1 at start. LINK"`,
      );
      await command(stage, "/docc rollback kubecon-2017 in=demo");
      expect(await ended(6)).toBe("demo succeeded");
      const success = await stage.until("the developer is told of the success, too", () =>
        stage.slack
          .dms("developer")
          .map((each) => stage.read(each))
          .find((text) => text.includes("is live in demo")),
      );
      expect(success).toMatch(/^Rollback of kubecon-2017 in demo: 2017 is live in demo\. .*http/);
      expect(await heard("/docc config notify=default")).toMatchInlineSnapshot(
        `"From now on, for you: you are mentioned when a release of yours goes wrong."`,
      );
    });

    it("shows what holds first in the palette, and counts it where docc is called by name", async () => {
      const developer = stage.slack.as("developer");
      const shown = (text: string) =>
        stage.until(`a modal shows ${text}`, () => {
          const view = stage.slack.views("developer").at(-1);
          return JSON.stringify(view?.blocks ?? []).includes(text) ? view : undefined;
        });
      await developer.command("#deploys", "/docc");
      await developer.click(await shown('"command"'), "palette:command", "history");
      const { blocks } = await shown("arg.in");
      const field = blocks.find(({ block_id: id }) => id === "arg.in");
      expect(field).toMatchObject({ element: { initial_option: { value: "demo" } } });
      await developer.say("#deploys", "@docc history kubecon-2017");
      const answer = await stage.until("the developer is told", () =>
        stage.slack
          .ephemerals("developer")
          .map((each) => stage.slack.render(each))
          .find((text) => text.includes("kubecon-2017 in demo")),
      );
      expect(answer).toContain("2016");
    });

    it("takes back what was set, until nothing is stored", async () => {
      expect(await heard("/docc config channel environment= quiet=default")).toMatchInlineSnapshot(`
        "From now on, in this channel: commands without in= go where each person, or else docc.yaml, says; threads tell every step.
        The channel has been told."
      `);
      expect(await heard("/docc config environment=default quiet=default")).toMatchInlineSnapshot(
        `"From now on, for you: commands without in= go where docc.yaml says; docc sends you direct messages as usual."`,
      );
      expect(await stored()).toEqual([]);
      expect(await heard("/docc config")).toMatch(
        /^Here, commands without in= go to staging, as docc\.yaml says\./,
      );
    });
  });
}
