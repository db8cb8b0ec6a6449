import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { decisions } from "../../src/k8s/kinds.ts";
import type { Installation } from "../cluster/support/installation.ts";
import { command, say, threadSays, uploadManifest } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";

const mail = (name: string): string => `${name}@corp.example.com`;

/** Production demands a yes from outside Slack: who gives it, and what a terminal says to whom. */
export function terminalJob(target: Target, installed: () => Installation): void {
  describe(`deciding in a terminal on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "docc-terminal-"));
      const from = [`kubernetes:${mail("approver")}`, `kubernetes:${mail("developer")}`];
      const people = ["developer", "approver"].map((name) => ({
        slack: `U${name.toUpperCase()}`,
        kubernetes: mail(name),
      }));
      stage = await openStage(
        {
          ...target,
          settings: {
            approval: { count: 1, from, outside_slack: true },
            links: { grafana: "https://grafana.example.com/{app}" },
          },
          top: { people },
        },
        "socket",
      );
      for (const name of ["developer", "approver", "kubecon-team", "visitor"]) {
        await writeFile(path.join(folder, name), await installed().kubeconfigAs(mail(name)));
      }
      const users = ["developer", "approver", "kubecon-team"].map((name) => `--user=${mail(name)}`);
      const binding = ["create", "rolebinding", "people", "--role=docc-requester", ...users];
      await installed().admin([...binding, "-n", stage.home]);
    }, 120_000);
    afterAll(async () => {
      await stage.close();
      await rm(folder, { recursive: true });
    }, 60_000);

    /** Runs `docc` as somebody, who types one line when asked. */
    const docc = async (who: string, typed: string, ...argv: readonly string[]) => {
      const said = { stdout: "", stderr: "" };
      const unused = () => Promise.reject(new Error("unused"));
      const io: Io = {
        stdout: (text) => void (said.stdout += text),
        stderr: (text) => void (said.stderr += text),
        readFile: unused,
        stdin: unused,
        line: () => Promise.resolve(typed),
        writeFile: unused,
        folder: () => "",
        isTerminal: false,
        onInterrupt: () => () => undefined,
      };
      const before = process.env["KUBECONFIG"];
      process.env["KUBECONFIG"] = path.join(folder, who);
      try {
        return { status: await main([...argv, "-n", stage.home], io), ...said };
      } finally {
        if (before === undefined) delete process.env["KUBECONFIG"];
        else process.env["KUBECONFIG"] = before;
      }
    };
    const stored = async () =>
      (await stage.world.api.listAll(decisions, { namespace: stage.home })).items;
    let name = "";

    it("shows the plan, and stores nothing unless the application's name is typed", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const release = await stage.until("a plan waits", async () =>
        (await stage.releases()).find(({ status }) => status?.phase === "awaiting-approval"),
      );
      ({ name } = release.metadata);
      const { status, stdout, stderr } = await docc(
        "approver",
        "",
        "approve",
        "kubecon-2017",
        "in=production",
      );
      expect(stdout).toContain("kubecon-2017 -> production: 2016\n");
      expect(stdout).toContain("asked by UDEVELOPER (slack)\n");
      expect(stdout).toContain("  create Deployment kubecon-2017");
      expect(stdout).toContain("Approvals: 0 of 1\n");
      expect(stdout).toContain(`Plan ${release.status?.plan?.digest ?? "none"}\n`);
      expect(stdout).toContain(`You are ${mail("approver")}.`);
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: "docc: That is not its name: nothing was decided.\n",
      });
      expect(await stored()).toEqual([]);
    });

    it("takes nobody's yes to what they asked for in Slack themselves", async () => {
      const said = await docc("developer", "", "approve", name, "--yes", "-o", "json");
      expect(JSON.parse(said.stdout)).toMatchObject({
        outcome: "refused",
        code: "own-request",
        sentence: "You asked for this, so somebody else must approve it.",
        release: name,
      });
      expect(said.stderr).toContain("Approvals: 0 of 1\n");
      expect(said.status).toBe(1);
    });

    it("sends away who has no role", async () => {
      expect(await docc("visitor", "", "approve", name, "--yes")).toEqual({
        status: 2,
        stdout: "",
        stderr: `docc: You may not decide in the namespace ${stage.home}. Ask for the role docc-requester there, or give docc's own namespace with -n.\n`,
      });
      expect(await docc("visitor", "", "config")).toEqual({
        status: 2,
        stdout: "",
        stderr: `docc: You may not ask docc for anything in the namespace ${stage.home}. Ask for the role docc-requester there, or give docc's own namespace with -n.\n`,
      });
      const unknown = await docc("approver", "", "approve", "kubecon-2018", "in=production");
      expect(unknown.stderr).toBe("docc: No release of kubecon-2018 in production is under way.\n");
      expect(unknown.status).toBe(2);
    });

    it("shows the records to who has the role, and to nobody else", async () => {
      const seen = await docc("developer", "", "status");
      expect(seen).toMatchObject({ status: 0, stderr: "" });
      expect(seen.stdout).toContain(`Waits for a decision: docc approve ${name}, or reject.\n`);
      expect(await docc("developer", "", "list")).toMatchObject({ status: 0, stderr: "" });
      expect((await docc("developer", "", "diff", name)).stdout).toContain(
        "Deployment kubecon-2017: new\n",
      );
      expect(await docc("visitor", "", "status")).toEqual({
        status: 2,
        stdout: "",
        stderr: `docc: You may not read the records in the namespace ${stage.home}. Ask for the role docc-requester there, or give docc's own namespace with -n.\n`,
      });
      // Somebody is in the middle of a line: nothing is said, not even why.
      expect(await docc("developer", "", "__complete", "@undecided")).toEqual({
        status: 0,
        stdout: `kubecon-2017\n${name}\n`,
        stderr: "",
      });
      expect(await docc("visitor", "", "__complete", "@apps")).toEqual({
        status: 0,
        stdout: "",
        stderr: "",
      });
    });

    it("applies what somebody entitled approves, and says so", async () => {
      const { status, stdout } = await docc("approver", "kubecon-2017", "approve", name);
      expect(stdout).toMatch(/Approved: it goes on\.\n$/);
      expect(status).toBe(0);
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.approvals).toMatchObject([
        { by: { provider: "kubernetes", team: "", user: mail("approver") } },
      ]);
      await threadSays(stage, 1, /^Approved by approver@corp\.example\.com\.$/m);
    });

    it("finds the apps that name who types, by the address that the cluster knows", async () => {
      expect(await docc("developer", "", "list", "maintainer=me")).toEqual({
        status: 0,
        stdout: `docc runs no app with maintainer=me.\nYou are ${mail("developer")} here; apps that name you by a Slack id or another address are not among them.\n`,
        stderr: "",
      });
      const none = await docc("developer", "", "list", "maintainer=me", "-o", "json");
      expect(none).toMatchObject({ status: 0, stdout: "[]\n" });
      expect(none.stderr).toMatch(/^You are developer@corp\.example\.com here; apps that name /u);
      const theirs = await docc("kubecon-team", "", "list", "maintainer=me", "-o", "json");
      expect(JSON.parse(theirs.stdout)).toMatchObject([{ app: "kubecon-2017" }]);
      expect((await docc("kubecon-team", "", "list", "maintainer=me")).stdout).toMatch(
        /^docc runs 1 app with maintainer=me\.\n\nAPP .*\nkubecon-2017 /u,
      );
    });

    it("knows the operator's links by the same role", async () => {
      expect((await docc("developer", "", "open", "kubecon-2017", "grafana")).stdout).toBe(
        "https://grafana.example.com/kubecon-2017\n",
      );
    });

    it("shows an app's cluster by the rights there, and names the one that is missing", async () => {
      const refused = async (word: string): Promise<string> => {
        const { status, stdout, stderr } = await docc("developer", "", word, "kubecon-2017");
        expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
        return stderr;
      };
      const ask = "Ask its operators for that right; docs/cli.md has the whole rule.\n";
      expect(await refused("logs")).toBe(
        `docc: You may not list pods in the namespace ${stage.apps}. ${ask}`,
      );
      expect(await refused("events")).toMatch(/^docc: You may not list (events|replicasets) in /u);
      expect((await docc("developer", "", "inspect", "kubecon-2017")).stdout).toMatch(
        /^Events: not known, you may not read that\.$/mu,
      );
      const health = await docc("developer", "", "list", "--health");
      expect(health).toMatchObject({ status: 0, stderr: "" });
      expect(health.stdout).toMatch(/^kubecon-2017 +production +unknown +kubecon:2016 /mu);
      expect(health.stdout).toContain(
        `\nYou may not get deployments in the namespace ${stage.apps}: how kubecon-2017 in production does is not known. ${ask}`,
      );
      const [, rules] =
        /```yaml\n(rules:[^`]*)```/u.exec(await readFile("docs/cli.md", "utf8")) ?? [];
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "look", namespace: stage.apps },
        ...(parse(rules ?? "") as object),
      };
      const file = path.join(folder, "look.json");
      await writeFile(file, JSON.stringify(role));
      await installed().admin(["apply", "-f", file]);
      const binding = ["create", "rolebinding", "look", "--role=look"];
      const user = `--user=${mail("developer")}`;
      await installed().admin([...binding, user, "-n", stage.apps]);
      const seen = await stage.until("the rights are known", async () => {
        const inspected = await docc("developer", "", "inspect", "kubecon-2017");
        return inspected.stdout.includes("you may not") ? undefined : inspected;
      });
      expect(seen.stdout).toMatch(/^kubecon-2017 in production is well: 3 of 3 ready\.\n/u);
      expect(seen.stdout).not.toContain("not known");
      const logs = await docc("developer", "", "logs", "kubecon-2017");
      expect(logs).toMatchObject({ status: 0 });
      expect(logs.stdout).toContain("  kubecon 2016 starting\n");
      expect(await docc("developer", "", "events", "kubecon-2017")).toMatchObject({ status: 0 });
      expect((await docc("developer", "", "list", "--health")).stdout).toMatch(
        /^kubecon-2017 +production +healthy, 3 of 3 +kubecon:2016 .*\n$/mu,
      );
    });

    it("answers the second decision with who was first, and each one once", async () => {
      const { status, stdout } = await docc("approver", "", "reject", name, "--yes");
      expect(stdout).toMatch(/\n.*over already: succeeded.*\n$/);
      expect(status).toBe(1);
      const outcomes = (await stored()).map(({ status: answer }) => answer);
      expect(outcomes).toHaveLength(3);
      expect(outcomes).toMatchObject(
        expect.arrayContaining(
          [
            { outcome: "accepted", code: "approved" },
            { outcome: "refused", code: "own-request" },
            { outcome: "refused", code: "already-decided" },
          ].map((each) => expect.objectContaining(each) as unknown),
        ) as object,
      );
    });

    it("decides on the plan that was looked at and on no other, with a reason", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      const { metadata, status } = await stage.until("another plan waits", async () =>
        (await stage.releases()).find((each) => each.status?.phase === "awaiting-approval"),
      );
      const { digest = "none" } = status?.plan ?? {};
      const before = await stored();
      const place = ["kubecon-2017", "in=production", "--yes"];
      const other = await docc(
        "approver",
        "",
        "approve",
        ...place,
        `plan=sha256:${"0".repeat(64)}`,
      );
      expect(other).toEqual({
        status: 1,
        stdout: "",
        stderr: `docc: ${metadata.name} has another plan now: ${digest}. Look at it: docc diff ${metadata.name}.\n`,
      });
      expect(await stored()).toHaveLength(before.length);
      const seen = [`plan=${digest}`, "reason=not before the keynote"];
      const no = await docc("approver", "", "reject", ...place, ...seen);
      expect(no).toMatchObject({ status: 0, stderr: "" });
      const ended = await stage.ended(2);
      expect(ended.metadata.name).toBe(metadata.name);
      expect(ended.status?.closed).toMatchObject({
        by: { user: mail("approver") },
        reason: "not before the keynote",
      });
      await threadSays(stage, 2, /Rejected by approver@corp\.example\.com: not before the keynote/);
    });
  });
}
