import { writeFile } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Without a host, which two environments of one domain cannot share. */
const kubecon = {
  application: "kubecon-2017",
  scale: 3,
  maintainer: ["kubecon-team@corp.example.com"],
  containers: {
    kubecon: { image: "registry.corp.example.com/demo/kubecon", image_tag: "2016", ports: [8080] },
  },
};

/** Two environments, and everything that a terminal asks for and looks at. */
export function lookJob(target: Target): void {
  describe(`looking and asking in a terminal on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let terminal: Terminal;
    let manifest: string;
    beforeAll(async () => {
      stage = await openStage({ ...target, others: ["staging"] }, "socket");
      terminal = await openTerminal(stage);
      manifest = path.join(terminal.folder, "kubecon.json");
      await writeFile(manifest, JSON.stringify(kubecon));
    }, 120_000);
    afterAll(async () => {
      await terminal.close();
      await stage.close();
    }, 60_000);
    const docc: Terminal["docc"] = (...argv) => terminal.docc(...argv);
    const json = async (...argv: readonly string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await docc(...argv, "-o", "json");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    const plain = ({ stdout }: { readonly stdout: string }): string =>
      stdout
        .replaceAll(/kubecon-2017-[0-9a-f]{12}/gu, "kubecon-2017-HASH")
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/gu, "2017-12-06 09:00")
        .replaceAll(/\b\d+(?: s|m\d\ds|m)(?=\s|$)/gu, "5 s");

    it("says so where there is nothing yet", async () => {
      expect(await docc("status")).toEqual({
        status: 0,
        stdout: "Nothing is in flight, and nothing waits.\n",
        stderr: "",
      });
      expect((await docc("list")).stdout).toBe("No app is deployed yet.\n");
      expect(await docc("history", "kubecon-2017")).toEqual({
        status: 2,
        stdout: "",
        stderr: 'docc: docc has no "kubecon-2017" anywhere. docc list shows what it has.\n',
      });
    });

    it("shows what is deployed by one environment's records", async () => {
      const deployed = await docc("deploy", "-f", manifest, "tag=2016", "in=staging", "--wait");
      expect(deployed).toMatchObject({ status: 0, stderr: "" });
      expect((await docc("status", "kubecon-2017")).stdout).toBe(
        "kubecon-2017 in staging runs 2016, revision 1, by docc's records.\nNothing is in flight.\n",
      );
      const listed = plain(await docc("list"));
      expect(listed.split("\n").slice(0, 3)).toEqual([
        "docc runs 1 app.",
        "",
        "APP           ENVIRONMENT  IMAGE         SCALE  REVISION  MAINTAINER                     AGE",
      ]);
      expect(listed).toMatch(
        /^kubecon-2017 {2}staging {6}kubecon:2016 {2}3 {6}1 {9}kubecon-team@/mu,
      );
      expect(await json("list", "in=staging")).toEqual([
        {
          app: "kubecon-2017",
          environment: "staging",
          tag: "2016",
          scale: "3",
          revision: 1,
          release: expect.stringMatching(/^kubecon-2017-[0-9a-f]{12}$/u) as unknown,
          maintainers: ["kubecon-team@corp.example.com"],
          appliedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u) as unknown,
        },
      ]);
      expect(await docc("list", "maintainer=me")).toEqual({
        status: 2,
        stdout: "",
        stderr: expect.stringMatching(
          /^docc: The cluster knows you as "[^"]+", which is no e-mail address\. Write maintainer= /u,
        ) as unknown,
      });
      expect(await json("status", "kubecon-2017")).toEqual({
        app: "kubecon-2017",
        environment: "staging",
        tag: "2016",
        revision: 1,
        unfinished: [],
      });
    });

    it("brings the release of one environment to another", async () => {
      const run = await docc("deploy", "kubecon-2017", "from=staging", "in=production", "--wait");
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toContain("Succeeded: kubecon-2017 2016 in production, 3/3 ready.\n");
      const unknown = await docc("deploy", "kubecon-2017", "from=test", "in=production");
      expect(unknown).toEqual({
        status: 1,
        stdout: "",
        stderr: 'docc: There is no environment "test". There are: production, staging.\n',
      });
      const tagged = await docc("deploy", "kubecon-2017", "from=staging", "in=production", "tag=1");
      expect(tagged).toMatchObject({ status: 2, stdout: "" });
      expect(tagged.stderr).toContain("Write docc deploy kubecon-2017 from=staging in=production.");
    });

    it("shows what a release changed, which can be piped", async () => {
      const words = ["diff", "kubecon-2017", "in=staging"];
      const { status, stdout, stderr } = await docc(...words);
      expect(status).toBe(0);
      expect(stderr).toMatch(
        /^Release 1 of kubecon-2017 in staging: 2016\.\n(.*\n)*Plan 1, sha256:[0-9a-f]{12}\. Values of/u,
      );
      expect(stdout).toMatch(/^Deployment kubecon-2017: new\n {2}container kubecon: image {2}/u);
      expect(stdout).not.toContain("\u001b");
      const { stdout: coloured } = await terminal.end(terminal.start(true, words));
      expect(coloured.split("\n")[0]).toBe("\u001b[32mDeployment kubecon-2017: new\u001b[0m");
      expect(stripVTControlCharacters(coloured)).toBe(stdout);
      const [listed] = (await json("list", "in=staging")) as readonly { release: string }[];
      const release = listed?.release ?? "";
      const data = await json("diff", release);
      expect(data).toMatchObject({
        release,
        app: "kubecon-2017",
        environment: "staging",
        number: 1,
        revision: 1,
        from: "",
        to: "2016",
      });
      const { changes } = data as { readonly changes: readonly { readonly kind: string }[] };
      expect(changes.find(({ kind }) => kind === "Deployment")).toMatchObject({
        name: "kubecon-2017",
        action: "create",
        left: 0,
        previewed: true,
        takesOver: [],
        fields: expect.arrayContaining([
          { path: "replicas", change: "added", after: "3" },
        ]) as unknown,
      });
      expect(await docc(...words, "revision=9")).toEqual({
        status: 2,
        stdout: "",
        stderr: "docc: docc has no record of revision 9 of kubecon-2017 in staging.\n",
      });
    });

    it("asks which environment is meant where there are two", async () => {
      expect((await docc("diff", "kubecon-2017")).stderr).toContain("Say which: in=production.");
      expect(await docc("show", "kubecon-2017")).toEqual({
        status: 2,
        stdout: "",
        stderr: "docc: kubecon-2017 is in production and staging. Say which: in=production.\n",
      });
    });

    it("shows a manifest that can be piped, in both formats", async () => {
      const shown = await docc("show", "kubecon-2017", "in=production");
      expect(shown.stderr).toBe("The manifest of kubecon-2017 in production, revision 1.\n");
      expect(JSON.parse(shown.stdout)).toMatchObject({ application: "kubecon-2017" });
      const yaml = await docc("show", "kubecon-2017", "in=production", "-o", "yaml");
      expect(yaml.stdout).toContain("application: kubecon-2017\n");
      const both = await docc("show", "kubecon-2017", "in=production", "-o", "yaml", "as=json");
      expect(both).toMatchObject({ status: 2, stdout: "" });
    });

    it("pauses and resumes, and refuses what is so already", async () => {
      const paused = await docc("update", "kubecon-2017", "pause", "in=staging", "--wait");
      expect(paused).toMatchObject({ status: 0, stderr: "" });
      const healthy = plain(await docc("list", "--health")).split("\n");
      expect(healthy[2]).toMatch(/^APP +ENVIRONMENT +HEALTH +IMAGE /u);
      expect(healthy.slice(3, 5).map((line) => line.split(/ {2,}/u).slice(1, 3))).toEqual([
        ["production", "healthy, 3 of 3"],
        ["staging", "paused"],
      ]);
      expect((await docc("list", "health=unhealthy")).stdout).toBe(
        "docc runs no app with health=unhealthy.\n",
      );
      expect(await json("list", "health=healthy", "in=production")).toMatchObject([
        { app: "kubecon-2017", health: "healthy", ready: 3, wanted: 3 },
      ]);
      expect(await docc("list", "health=helthy")).toEqual({
        status: 2,
        stdout: "",
        stderr: 'docc: health= takes no "helthy". Did you mean health=healthy?\n',
      });
      expect(await docc("update", "kubecon-2017", "pause", "in=staging")).toEqual({
        status: 1,
        stdout: "",
        stderr: "docc: kubecon-2017 in staging is paused already.\n",
      });
      const resume = ["update", "kubecon-2017", "resume", "in=staging", "--wait", "--key", "run-1"];
      const resumed = await docc(...resume);
      expect(resumed).toMatchObject({ status: 0, stderr: "" });
      expect(resumed.stdout).toContain("Succeeded: kubecon-2017");
      // The same key is the same request, although there is nothing to resume any more.
      const again = await docc(...resume);
      expect(again.status).toBe(0);
      expect(again.stdout.split(/[ ,]/u)[2]).toBe(resumed.stdout.split(/[ ,]/u)[2]);
      expect(await json("list", "in=staging")).toMatchObject([{ scale: "3", revision: 3 }]);
      const odd = await docc("update", "kubecon-2017", "scal=2", "in=staging");
      expect(odd).toMatchObject({ status: 1, stdout: "" });
      expect(odd.stderr).toContain('"scal=" changes nothing in a manifest.');
    });

    it("tells the history as a table and as data", async () => {
      const { stdout } = await docc("history", "kubecon-2017", "in=staging");
      const lines = stdout.split("\n");
      expect(lines[0]).toBe("Releases of kubecon-2017 in staging, newest first, times in UTC.");
      expect(lines[2]).toMatch(/^REVISION +WHEN +BY +WHAT +OUTCOME +TOOK$/u);
      expect(lines[3]).toMatch(/^3 \(live\) .* succeeded /u);
      expect(await json("history", "kubecon-2017", "in=staging", "lines=2")).toMatchObject([
        { kind: "update", revision: 3, phase: "succeeded" },
        { kind: "update", revision: 2, phase: "succeeded" },
      ]);
    });

    it("deletes what is named once more, and nothing before that", async () => {
      const words = ["delete", "kubecon-2017", "in=staging"];
      expect(await docc(...words)).toEqual({
        status: 2,
        stdout: "",
        stderr:
          "docc: A deletion is confirmed, and nobody can type here. Give --yes, or confirm=kubecon-2017.\n",
      });
      const other = await terminal.end(terminal.start(true, words, "kubecon"));
      expect(other).toMatchObject({
        status: 2,
        stderr: "docc: That is not its name: nothing was asked.\n",
      });
      expect(other.stdout).toMatch(/^This deletes kubecon-2017 from staging: \d objects/u);
      expect(await json("status", "kubecon-2017", "in=staging")).toMatchObject({ unfinished: [] });
      const run = await terminal.end(terminal.start(true, [...words, "--wait"], "kubecon-2017"));
      expect(run.status).toBe(0);
      expect(run.stdout).toContain("Succeeded: the deletion of kubecon-2017 from staging.\n");
      expect(await docc("delete", "kubecon-2017", "in=staging", "--yes")).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("was deleted from staging by release 4.") as unknown,
      });
    });

    it("deletes several at once, all or none, and waits for all of them", async () => {
      for (const app of ["shop-a", "shop-b"]) {
        const own = path.join(terminal.folder, `${app}.json`);
        await writeFile(own, JSON.stringify({ ...kubecon, application: app }));
        const deployed = await docc("deploy", "-f", own, "tag=2016", "in=production", "--wait");
        expect(deployed).toMatchObject({ status: 0 });
      }
      const count = (await stage.releases()).length;
      const all = ["kubecon-2017", "shop-a", "shop-b"];
      const none = await docc("delete", ...all, "shop-c", "in=production", "--yes");
      expect(none).toEqual({
        status: 1,
        stdout: "",
        stderr:
          "docc: None is deleted, because 1 of the 4 cannot be. docc has no shop-c in production. Did you mean shop-a? The others alone: docc delete kubecon-2017 shop-a shop-b in=production\n",
      });
      expect(await stage.releases()).toHaveLength(count);
      const words = ["delete", ...all, "in=production", "--key", "run-7"];
      expect((await docc(...words)).stderr).toContain(
        'Give --yes, or confirm="kubecon-2017 shop-a shop-b".',
      );
      const run = await terminal.end(
        terminal.start(true, [...words, "--wait"], "shop-b shop-a kubecon-2017"),
      );
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toMatch(/^This deletes 3 apps from production: \d+ objects/u);
      const ends = run.stdout.matchAll(/^Succeeded: the deletion of (\S+) from production\.$/gmu);
      expect([...ends].map(([, app]) => app)).toEqual(all);
      const again = await docc(...words, "--yes", "-o", "json");
      expect(again.status).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject(
        all.map((app) => ({ app, kind: "delete", phase: "succeeded" })),
      );
      expect(await stage.releases()).toHaveLength(count + 3);
    });

    it("tells what waits for a decision", async () => {
      await stage.restart({
        settings: { channel: "CDEPLOYS", approval: { count: 1, from: ["UAPPROVER"] } },
      });
      const asked = await docc("deploy", "-f", manifest, "tag=2016", "in=production");
      expect(asked.status).toBe(0);
      await stage.until("it waits", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "awaiting-approval"),
      );
      const overview = await docc("status");
      expect(overview.stdout).toMatch(/^1 release is not finished\.\n\nAPP +ENVIRONMENT +WHAT/u);
      expect(overview.stdout).toMatch(
        /\nWaits for a decision: docc approve kubecon-2017-[0-9a-f]{12}, or reject\.\n$/u,
      );
      expect(await json("status", "in=production")).toMatchObject({
        unfinished: [{ app: "kubecon-2017", phase: "awaiting-approval", kind: "deploy" }],
      });
      expect(await json("status", "in=staging")).toEqual({ unfinished: [] });
      const waits = await docc("diff", "kubecon-2017", "in=production");
      expect(waits.stderr).toMatch(/^The plan of kubecon-2017 in production: 2016\.\n/u);
      expect(await json("diff", "kubecon-2017", "in=production")).not.toHaveProperty("revision");
    });
  });
}
