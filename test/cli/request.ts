import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waiting } from "../conversation/deciding.ts";
import { rootSays, threadSays } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** A pipeline asks, and waits: what docc makes of it, and what the terminal says. */
export function requestJob(target: Target): void {
  describe(`asking in a terminal on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let terminal: Terminal;
    beforeAll(async () => {
      stage = await openStage({ ...target, settings: { channel: "CDEPLOYS" } }, "socket");
      terminal = await openTerminal(stage);
    }, 120_000);
    afterAll(async () => {
      await terminal.close();
      await stage.close();
    }, 60_000);
    const start: Terminal["start"] = (...given) => terminal.start(...given);
    const end: Terminal["end"] = (run) => terminal.end(run);
    const docc: Terminal["docc"] = (...argv) => terminal.docc(...argv);
    const manifest = new URL("../../examples/4-tls.json", import.meta.url).pathname;

    it("waits for a success, line by line, and it is told in the environment's channel", async () => {
      const file = ["-f", manifest, "tag=2016"];
      const { status, stdout, stderr } = await docc("deploy", ...file, "in=production", "--wait");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/^Asked: release kubecon-2017-[0-9a-f]{12}, kubecon-2017 in/);
      expect(stdout).toContain("Plan: kubecon-2017 2016 in production: 5 create.\n");
      expect(stdout).toContain("Succeeded: kubecon-2017 2016 in production, 3/3 ready.\n");
      expect(stdout).toMatch(/\nhttps:\/\/.*\n$/);
      await rootSays(stage, 1, /2016 is live in production/);
    });

    it("fails with 3 and the reason, and tells whom it was for", async () => {
      const words = ["kubecon-2017", "tag=2018", "in=production", "reason=new schedule"];
      const mail = ["--for", "approver@corp.example.com"];
      const { status, stdout, stderr } = await docc(
        "deploy",
        ...words,
        ...mail,
        "-o",
        "json",
        "--wait",
      );
      expect(status).toBe(3);
      expect(stderr).toContain("Failed: kubecon-2017 2016 -> 2018 in production: kubecon exits");
      expect(stderr).toContain("DATABASE_URL is not set");
      expect(JSON.parse(stdout)).toMatchObject({
        app: "kubecon-2017",
        environment: "production",
        kind: "deploy",
        phase: "failed",
        tell: "approver@corp.example.com",
        reason: "new schedule",
        from: "2016",
        to: "2018",
        revision: 2,
        verdict: { outcome: "failed", cause: { code: "crash-loop" } },
      });
      await rootSays(stage, 2, /Asked by .* for approver@corp\.example\.com/);
      await threadSays(stage, 2, /@approver/);
    });

    it("returns to what worked, drawing one line on a terminal", async () => {
      const run = start(true, ["rollback", "kubecon-2017", "in=production", "--wait=10m"]);
      const { status, stdout } = await end(run);
      expect(status).toBe(0);
      expect(stdout).toContain("Succeeded: kubecon-2017 2018 -> 2016 in production");
      const none = await docc("rollback", "kubecon-2017", "in=production", "to=1");
      expect(none).toMatchObject({ status: 0 });
      const gone = await docc("rollback", "kubecon-2017", "in=production", "to=90");
      expect(gone).toMatchObject({ status: 1, stdout: "" });
      expect(gone.stderr).toContain("There is no revision 90 of kubecon-2017 in production.");
      await stage.ended(4);
    });

    it("makes one release of one key, and refuses another request by it", async () => {
      const words = ["deploy", "kubecon-2017", "tag=2017", "in=production", "--key", "run-1"];
      const [first, second] = [await docc(...words, "--wait"), await docc(...words, "--wait")];
      expect([first.status, second.status]).toEqual([0, 0]);
      expect(second.stdout.split("\n")[0]).toContain(first.stdout.split(/[ ,]/u)[2] ?? "none");
      expect(await stage.releases()).toHaveLength(5);
      const other = await docc(...words.with(2, "tag=2016"));
      expect(other).toMatchObject({ status: 1, stdout: "" });
      expect(other.stderr).toMatch(/^docc: This key stands for another request already: kubecon/);
      expect(await stage.releases()).toHaveLength(5);
    });

    it("refuses with 1 what docc refuses", async () => {
      const same = await docc("deploy", "kubecon-2017", "tag=2017", "in=production", "--wait");
      expect(same).toMatchObject({ status: 1 });
      expect(same.stdout).toContain("Refused: kubecon-2017");
      const unknown = await docc("restart", "kubecon-2018", "in=production", "--wait");
      expect(unknown).toMatchObject({ status: 1 });
    });

    it("waits for approval, and goes on once somebody has said yes", async () => {
      await stage.restart({
        settings: { channel: "CDEPLOYS", approval: { count: 1, from: ["UAPPROVER"] } },
      });
      const count = (await stage.releases()).length;
      const run = start(false, ["deploy", "kubecon-2017", "scale=2", "in=production", "--wait"]);
      await waiting(stage, count + 1);
      await stage.until("the terminal says so", () =>
        run.so().includes("Waiting for approval (ask UAPPROVER in Slack).") ? true : undefined,
      );
      await press(stage, "Approve");
      const { status, stdout } = await end(run);
      expect(status).toBe(0);
      expect(stdout).toContain("Approved by UAPPROVER (1 of 1).");
    });

    it("ends with 4 when somebody says no, and with 130 at Ctrl-C", async () => {
      expect(await docc("restart", "kubecon-2017", "in=production", "--wait")).toMatchObject({
        status: 0,
      });
      const count = (await stage.releases()).length;
      const words = ["deploy", "kubecon-2017", "tag=2016", "in=production", "--wait"];
      const run = start(false, words);
      const release = await waiting(stage, count + 1);
      await stage.until("the terminal waits", () =>
        run.so().includes("Waiting for approval") ? true : undefined,
      );
      run.interrupt();
      const stopped = await end(run);
      expect(stopped.status).toBe(130);
      expect(stopped.stdout).toContain("Stopped waiting. The release goes on: ");
      const again = start(false, words);
      const other = await stage.until("the second one waits, too", async () =>
        (await stage.releases()).find(
          ({ metadata, status }) =>
            status?.phase === "awaiting-approval" && metadata.name !== release.metadata.name,
        ),
      );
      const reject = `/docc reject ${other.metadata.name} reason="not today"`;
      await stage.slack.as("approver").command("#deploys", reject);
      const { status, stdout } = await end(again);
      expect(stdout).toContain("Rejected: kubecon-2017 2017 -> 2016 in production by UAPPROVER");
      expect(status).toBe(4);
    });

    it("gives up with 9 when the time is over", async () => {
      const words = ["deploy", "kubecon-2017", "tag=2016", "in=production", "--wait=1ms"];
      const { status, stdout } = await docc(...words);
      expect(status).toBe(9);
      expect(stdout).toContain("The release goes on: kubectl get release kubecon-2017-");
      await writeFile(path.join(terminal.folder, "bad.json"), "{");
      const bad = await docc(
        "deploy",
        "-f",
        path.join(terminal.folder, "bad.json"),
        "in=production",
      );
      expect(bad).toMatchObject({ status: 1, stdout: "" });
    });
  });
}

/** On the newest root that has it: the terminal may be told before Slack is. */
async function press(stage: Stage, label: string): Promise<void> {
  const root = await stage.until(`a root has [${label}]`, () =>
    stage.roots().findLast((each) => stage.read(each).includes(`[${label}]`)),
  );
  const { ack } = await stage.slack.as("approver").click(root, label);
  expect(ack.ok).toBe(true);
}
