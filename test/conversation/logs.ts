import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, command, say, uploadManifest } from "./main-job.ts";
import { reads } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** As the cluster's images print it; what varies of a run is left out: times, and which pod was faster. */
function steady(text: string): string {
  const lines = text
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3} [a-z0-9]{5}(?= )/g, "TIME POD")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "DAY TIME")
    .split("\n");
  const printed = lines.filter((line) => line.startsWith("  TIME POD")).toSorted();
  return lines
    .map((line) => (line.startsWith("  TIME POD") ? (printed.shift() ?? "") : line))
    .join("\n");
}

/** What one asks of a log in Slack: to read it alone, to search it, to show it to all. */
export function logsJob(target: Target): void {
  describe(`logs on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(target, "socket");
      await uploadManifest(stage, "1-application.json", "tag=2017");
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    const heard = (typed: string) => answerTo(stage, typed);

    it("are merged by time over all pods, for the asker alone", async () => {
      const messages = stage.slack.messages("#deploys").length;
      const answer = await heard("/docc logs kubecon-2017");
      expect(reads(stage, answer)).toContain("The last 6 lines of kubecon-2017 in production.");
      const text = stage.slack.render(answer);
      expect(steady(text)).toMatchInlineSnapshot(`
        "The last 6 lines of kubecon-2017 in production.
        kubecon-2017.log (UTC)
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  listening on :8080
          TIME POD  listening on :8080
          TIME POD  listening on :8080
        [Share]"
      `);
      const times = [...text.matchAll(/^ *(\d\d:\d\d:\d\d\.\d{3}) /gm)].map(
        ([, time]) => time ?? "",
      );
      expect(times).toEqual(times.toSorted());
      expect(
        new Set([...text.matchAll(/\d{3} ([a-z0-9]{5}) {2}/g)].map(([, pod]) => pod)).size,
      ).toBe(3);
      expect(stage.slack.messages("#deploys")).toHaveLength(messages);
    });

    it("are searched, and asked for by time", async () => {
      const found = await heard("/docc logs kubecon-2017 grep=LISTENING since=7d");
      expect(reads(stage, found)).toMatchInlineSnapshot(`
        "3 of the 6 lines read of kubecon-2017 in production contain "LISTENING".
        kubecon-2017.log (UTC)
          TIME POD  listening on :8080
          TIME POD  listening on :8080
          TIME POD  listening on :8080
        [Share]"
      `);
      const none = await heard("/docc logs kubecon-2017 previous=true");
      expect(reads(stage, none)).toMatchInlineSnapshot(
        `"kubecon-2017 in production has printed nothing before the last restart."`,
      );
    });

    it("are shared as they were shown, by who saw them", async () => {
      const answer = await heard("/docc logs kubecon-2017 lines=6");
      const { answer: told } = await stage.slack.as("developer").click(answer, "Share");
      const shared = await stage.until("it is in the channel", () =>
        stage.slack.messages("#deploys").find(({ text }) => text.includes("shares the last")),
      );
      const text = stage.read(shared);
      expect(steady(text)).toMatchInlineSnapshot(`
        "@developer shares the last 6 lines of kubecon-2017 in production from DAY TIME to DAY TIME UTC.
        kubecon-2017.log (UTC)
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  listening on :8080
          TIME POD  listening on :8080
          TIME POD  listening on :8080"
      `);
      const lines = /\d\d:\d\d:\d\d\.\d{3} .*/g;
      expect(text.match(lines)).toEqual(stage.slack.render(answer).match(lines));
      expect(await told(60_000)).toMatchObject({ ephemeral: { text: "Shared in this channel." } });
    });

    it("are not shared when they are not what was shown", async () => {
      const typed = "/docc logs kubecon-2017 share=0123456789ab";
      expect(steady(reads(stage, await heard(typed)))).toMatchInlineSnapshot(`
        "Not shared: the log does not say any more what you were shown. The last 6 lines of kubecon-2017 in production.
        kubecon-2017.log (UTC)
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  listening on :8080
          TIME POD  listening on :8080
          TIME POD  listening on :8080
        [Share]"
      `);
    });

    it("go on in a direct message while somebody follows them, until they press Stop", async () => {
      const answer = await heard("/docc logs kubecon-2017 follow=true grep=starting");
      expect(reads(stage, answer)).toMatchInlineSnapshot(
        `"Followed in your direct messages with docc, until TIME UTC at most."`,
      );
      const { workspace } = stage.slack;
      const { id } = workspace.openDm(workspace.findUser("developer"));
      const message = () => stage.slack.messages(id).at(-1);
      const shows = (pattern: RegExp) =>
        stage.until(`the direct message says ${pattern}`, () => {
          const found = message();
          return found !== undefined && pattern.test(stage.read(found)) ? found : undefined;
        });
      await shows(/^3 of the 6 lines read of kubecon-2017[^]*Followed until/);
      await command(stage, "/docc update kubecon-2017 scale=4");
      expect(say(await stage.ended(2))).toBe("succeeded");
      const fresh = await shows(/^4 of the 8 lines read of kubecon-2017[^]*\[Stop\]/);
      await stage.slack.as("developer").click(fresh, "Stop");
      const last = await shows(/Stopped by you\./);
      expect(reads(stage, last)).toMatchInlineSnapshot(`
        "4 of the 8 lines read of kubecon-2017 in production contain "starting".
        Stopped by you.
        kubecon-2017.log (UTC)
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting
          TIME POD  kubecon 2017 starting"
      `);
    });
  });
}
