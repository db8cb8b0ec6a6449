import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configMaps, deployments } from "../../src/k8s/kinds.ts";
import { publishedName } from "../../src/release/published.ts";
import { command, say, uploadFile } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const logLine = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z [a-z0-9]{5} {2}/gmu;

/** What one asks of an app's own cluster in a terminal: with one's own rights, and nothing is changed. */
export function lookAppJob(target: Target): void {
  describe(
    `asking an app's cluster in a terminal on the ${target.name}`,
    { timeout: 120_000 },
    () => {
      let stage: Stage;
      let terminal: Terminal;
      beforeAll(async () => {
        const operators = {
          grafana: "https://grafana.example.com/{environment}/{namespace}/{app}",
          dashboard: "https://the-manifest-names-its.own.example.com/",
        };
        stage = await openStage({ ...target, settings: { links: operators } }, "socket");
        terminal = await openTerminal(stage);
        const example = new URL("../../examples/3-ingress.json", import.meta.url);
        const manifest = JSON.parse(await readFile(example, "utf8")) as object;
        const links = { dashboard: "https://grafana.example.com/d/{app}?x=1&y=" };
        const content = JSON.stringify({ ...manifest, links });
        await uploadFile(stage, { name: "docc.json", content });
        expect(say(await stage.ended(1))).toBe("succeeded");
      }, 120_000);
      afterAll(async () => {
        await terminal.close();
        await stage.close();
      }, 60_000);
      const docc: Terminal["docc"] = (...argv) => terminal.docc(...argv);

      it("prints the lines of a log alone, and what is to be said of them beside", async () => {
        const { status, stdout, stderr } = await docc("logs", "kubecon-2017");
        expect({ status, stderr }).toEqual({
          status: 0,
          stderr: "The last 6 lines of kubecon-2017 in production.\n",
        });
        const texts = stdout.replaceAll(logLine, "").split("\n");
        expect(texts.toSorted()).toEqual([
          "",
          "kubecon 2017 starting",
          "kubecon 2017 starting",
          "kubecon 2017 starting",
          "listening on :8080",
          "listening on :8080",
          "listening on :8080",
        ]);
        const found = await docc("logs", "kubecon-2017", "grep=LISTEN", "lines=2");
        expect(found.stderr).toMatch(/^3 of the 6 lines read of .*; the last 2 are shown\.\n$/u);
        expect(found.stdout.match(logLine)).toHaveLength(2);
        const data = await docc("logs", "kubecon-2017", "grep=listen", "-o", "json");
        expect(JSON.parse(data.stdout)).toHaveLength(3);
        expect(JSON.parse(data.stdout)).toContainEqual({
          at: expect.stringMatching(/^\d{4}-.*Z$/u) as unknown,
          pod: expect.stringMatching(/^kubecon-2017-/u) as unknown,
          container: "kubecon",
          text: "listening on :8080",
        });
        expect(await docc("logs", "kubecon-2017", "previous=true")).toEqual({
          status: 0,
          stdout: "",
          stderr: "kubecon-2017 in production has printed nothing before the last restart.\n",
        });
        expect(await docc("logs", "kubecon-2017", "pod=nobody")).toEqual({
          status: 2,
          stdout: "",
          stderr: "docc: kubecon-2017 has no pod of that name. Leave pod= out to read all pods.\n",
        });
      });

      it("goes on with what is new until Ctrl-C", async () => {
        const run = terminal.start(false, ["logs", "kubecon-2017", "-f", "grep=starting"]);
        const lines = (count: number) =>
          stage.until(`it has printed ${count} lines`, () =>
            run.so().split("\n").length > count ? true : undefined,
          );
        await lines(3);
        await command(stage, "/docc update kubecon-2017 scale=4");
        expect(say(await stage.ended(2))).toBe("succeeded");
        await lines(4);
        run.interrupt();
        const { status, stdout } = await terminal.end(run);
        expect(status).toBe(130);
        expect(stdout.replaceAll(logLine, "")).toBe("kubecon 2017 starting\n".repeat(4));
      });

      it("shows events, grouped, and all of them as data", async () => {
        const { status, stdout, stderr } = await docc("events", "kubecon-2017", "kind=Pod");
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        const [first, blank, line] = stdout.split("\n");
        expect(first).toBe(
          "Recent events of kind Pod of kubecon-2017 in production, newest first.",
        );
        expect(blank).toBe("");
        expect(line).toMatch(/^\d\d:\d\d:\d\d Normal \w+( x\d+)? \(Pod kubecon-2017-/u);
        const data = await docc("events", "kubecon-2017", "-o", "json");
        expect(JSON.parse(data.stdout)).toContainEqual({
          type: "Normal",
          reason: "Started",
          kind: "Pod",
          name: expect.stringMatching(/^kubecon-2017-/u) as unknown,
          message: expect.any(String) as unknown,
          count: expect.any(Number) as unknown,
          last: expect.stringMatching(/^\d{4}-/u) as unknown,
        });
      });

      it("shows at a glance how an app does", async () => {
        const { status, stdout, stderr } = await docc("inspect", "kubecon-2017");
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        expect(stdout).toMatch(
          /^kubecon-2017 in production is well: 4 of 4 ready\.\n\nPOD +STATE/u,
        );
        expect(stdout.match(/ Running +1 of 1 +0 /gu)).toHaveLength(4);
        expect(stdout).toMatch(
          /^Revision 2 \(2017\), released .* UTC by @UDEVELOPER: succeeded\.$/mu,
        );
        expect(stdout).toContain(`Ingress kubecon-2017: http://kubecon-2017.${stage.domain}\n`);
        expect(stdout).not.toContain("not known");
        expect(stdout).toMatch(/^dashboard {2}https:\/\/grafana\.example\.com\/d\/kubecon-2017/mu);
        expect(stdout).not.toContain("/docc");
      });

      it("gives the same as data", async () => {
        const { status, stdout, stderr } = await docc("inspect", "kubecon-2017", "-o", "json");
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        const data = JSON.parse(stdout) as { readonly pods: readonly object[] };
        expect(data).toMatchObject({
          app: "kubecon-2017",
          environment: "production",
          state: "well",
          sentence: "kubecon-2017 in production is well: 4 of 4 ready.",
          ready: 4,
          wanted: 4,
          ingresses: ["kubecon-2017"],
          certificates: [],
          unknown: {},
        });
        expect(data.pods).toHaveLength(4);
        expect(data.pods[0]).toEqual({
          name: expect.stringMatching(/^kubecon-2017-/u) as unknown,
          phase: "Running",
          ready: true,
          restarts: 0,
          created: expect.stringMatching(/^\d{4}-/u) as unknown,
        });
      });

      it("prints links, one a line, and one by its name alone", async () => {
        const dashboard = "https://grafana.example.com/d/kubecon-2017?x=1&y=";
        const grafana = `https://grafana.example.com/production/${stage.apps}/kubecon-2017`;
        expect(await docc("open", "kubecon-2017")).toEqual({
          status: 0,
          stdout: `url        http://kubecon-2017.${stage.domain}\ndashboard  ${dashboard}\ngrafana    ${grafana}\n`,
          stderr: "Links of kubecon-2017 in production.\n",
        });
        expect((await docc("open", "kubecon-2017", "dashboard")).stdout).toBe(`${dashboard}\n`);
        const data = await docc("open", "kubecon-2017", "url", "-o", "json");
        expect(JSON.parse(data.stdout)).toEqual([
          { name: "url", url: `http://kubecon-2017.${stage.domain}` },
        ]);
        expect(await docc("open", "kubecon-2017", "lgos")).toMatchObject({
          status: 2,
          stderr: expect.stringContaining('has no link "lgos"') as unknown,
        });
      });

      it("says that the operator's links are not known where docc has not published them", async () => {
        const ref = { namespace: stage.home, name: publishedName };
        await stage.world.api.delete(configMaps, ref);
        const { status, stdout, stderr } = await docc("open", "kubecon-2017", "grafana");
        expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
        expect(stderr).toMatch(
          /^The operator's links are not known here: .*\ndocc: kubecon-2017 in production has no link "grafana", only url, dashboard\./u,
        );
        const data = await docc("open", "kubecon-2017", "-o", "json");
        expect(data.stderr).toMatch(/^The operator's links are not known here: /u);
        expect(JSON.parse(data.stdout)).toMatchObject([{ name: "url" }, { name: "dashboard" }]);
      });

      it("says what docc does not have, and which context there is not", async () => {
        expect(await docc("logs", "kubecon-2018")).toEqual({
          status: 2,
          stdout: "",
          stderr: 'docc: docc has no "kubecon-2018" anywhere. Did you mean kubecon-2017?\n',
        });
        const { status, stderr } = await docc(
          "inspect",
          "kubecon-2017",
          "--app-context",
          "nowhere",
        );
        expect({ status, stderr }).toEqual({
          status: 2,
          stderr: expect.stringContaining("context") as unknown,
        });
      });

      it("does not take another environment's app of the same name for this one's", async () => {
        const ref = { namespace: stage.apps, name: "kubecon-2017" };
        const labelled = (environment: string) =>
          stage.world.api.patch(deployments, ref, {
            metadata: { labels: { "docc.dev/environment": environment } },
          });
        await labelled("staging");
        for (const word of ["logs", "events", "inspect"]) {
          expect(await docc(word, "kubecon-2017"), word).toEqual({
            status: 2,
            stdout: "",
            stderr: expect.stringMatching(
              /^docc: The Deployment kubecon-2017 .* is of the environment staging, not of production\. .*--app-context/u,
            ) as unknown,
          });
        }
        await labelled("production");
        expect((await docc("logs", "kubecon-2017")).status).toBe(0);
      });

      it("says of what was deleted that it was, and asks no cluster", async () => {
        const gone = await docc("delete", "kubecon-2017", "--yes", "in=production", "--wait");
        expect(gone.status).toBe(0);
        for (const word of ["logs", "events", "inspect", "open"]) {
          expect(await docc(word, "kubecon-2017")).toEqual({
            status: 2,
            stdout: "",
            stderr: expect.stringMatching(
              /^docc: kubecon-2017 was deleted from production by release 3\. docc history /u,
            ) as unknown,
          });
        }
      });
    },
  );
}
