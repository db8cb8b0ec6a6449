import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releases } from "../../src/k8s/kinds.ts";
import { phaseOf } from "../../src/release/phases.ts";
import type { Release } from "../../src/release/release.ts";
import { command } from "../conversation/main-job.ts";
import { openStage, type Stage, type Target } from "../conversation/stage.ts";
import { type Fate, pass, statusAnswer } from "../support/proxy/fates.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const channel = "CDEPLOYS";
const approval = { count: 1, from: ["UAPPROVER"] };

/** What a pipeline learns by the exit code where a release comes to neither success nor failure. */
export function requestEndsJob(target: Target): void {
  describe(`the ends of a request on the ${target.name}`, { timeout: 240_000 }, () => {
    let stage: Stage;
    let terminal: Terminal;
    beforeAll(async () => {
      const rollout = { timeout: "40s", stable: "1s" };
      stage = await openStage(
        { ...target, rollout, hasProxies: true, settings: { channel } },
        "socket",
      );
      terminal = await openTerminal(stage);
      const manifest = new URL("../../examples/2-service.json", import.meta.url).pathname;
      const file = ["-f", manifest, "tag=2016", "in=production", "--wait"];
      expect(await terminal.docc("deploy", ...file)).toMatchObject({ status: 0, stderr: "" });
    }, 120_000);
    afterAll(async () => {
      await terminal.close();
      await stage.close();
    }, 60_000);

    const ask = (...words: readonly string[]) => {
      const argv = ["deploy", "kubecon-2017", ...words, "in=production", "--wait"];
      return terminal.start(false, argv);
    };
    /** The newest release, once it waits for a yes. */
    const waits = (known: readonly Release[]): Promise<Release> =>
      stage.until("it waits for approval", async () =>
        (await stage.releases()).find(
          (each) =>
            phaseOf(each) === "awaiting-approval" &&
            known.every(({ metadata }) => metadata.name !== each.metadata.name),
        ),
      );
    const ended = async (run: ReturnType<typeof ask>) => {
      const { status, stdout, stderr } = await terminal.end(run);
      return { status, stderr, last: stdout.trimEnd().split("\n").at(-1) };
    };

    it("is 5 when nobody has said yes in time", async () => {
      await stage.restart({ settings: { channel, approval: { ...approval, expires: "1m" } } });
      expect(await ended(ask("tag=2017"))).toEqual({
        status: 5,
        stderr: "",
        last: "Expired: nobody approved kubecon-2017 2016 -> 2017 in production in time. Nothing was changed.",
      });
    });

    it("is 6 when a newer request took its place, and 7 when somebody cancelled that", async () => {
      await stage.restart({ settings: { channel, approval, supersede: true } });
      const known = await stage.releases();
      const older = ask("tag=2017");
      const first = await waits(known);
      const newer = ask("scale=2");
      expect(await ended(older)).toEqual({
        status: 6,
        stderr: "",
        last: expect.stringMatching(
          /^Superseded: kubecon-2017 2016 -> 2017 in production: .*release kubecon-2017-[0-9a-f]{12} was asked for since\.$/u,
        ) as unknown,
      });
      const { metadata } = await waits([...known, first]);
      const typed = `/docc cancel ${metadata.name} reason="wrong scale"`;
      await command(stage, typed, "approver");
      expect(await ended(newer)).toEqual({
        status: 7,
        stderr: "",
        last: "Cancelled: kubecon-2017 2016 in production by UAPPROVER: wrong scale. Nothing was changed.",
      });
    });

    it("is 9 when the answer to a decision cannot be read, or nobody can tell whether it is stored", async () => {
      await stage.restart({ settings: { channel, approval } });
      const known = await stage.releases();
      const run = ask("tag=2017");
      const { metadata } = await waits(known);
      const unreadable = statusAnswer(403, "Forbidden");
      const approve = ["approve", metadata.name, "--yes", "-o", "json"];
      stage.proxies?.kube.follow(({ kind }) => (kind === "GET decisions" ? unreadable : pass));
      const unread = await terminal.docc(...approve);
      expect(unread).toMatchObject({ status: 9, stdout: "" });
      expect(unread.stderr).toMatch(
        /\ndocc: docc's answer cannot be read now; the decision is stored, and docc takes or refuses it later\. Look later: kubectl get decisions \S+ -n \S+\n$/u,
      );
      stage.proxies?.kube.follow(({ kind }) => {
        if (kind === "POST decisions") return { type: "lose", how: "reset" };
        return kind === "GET decisions" ? unreadable : pass;
      });
      const unsure = await terminal.docc(...approve);
      stage.proxies?.kube.follow(() => pass);
      expect(unsure).toMatchObject({ status: 9, stdout: "" });
      expect(unsure.stderr).toMatch(
        /\ndocc: Nobody can tell now whether the decision is stored\. Look later: kubectl get decisions \S+ -n \S+\n$/u,
      );
      const typed = `/docc cancel ${metadata.name} reason="enough seen"`;
      await command(stage, typed, "approver");
      expect(await ended(run)).toMatchObject({ status: 7 });
    });

    it("is 8 when the cluster could not be asked whether it works", async () => {
      const soon = { timeout: "10s", stable: "1s" };
      await stage.restart({ settings: { channel, rollout: soon } });
      const isOfApps = (path: string): boolean => path.includes(`/namespaces/${stage.apps}/`);
      stage.proxies?.kube.follow(({ kind, path }) =>
        isOfApps(path) && /^(LIST|WATCH) /u.test(kind)
          ? statusAnswer(503, "ServiceUnavailable")
          : pass,
      );
      const { status, stdout } = await terminal.end(ask("tag=2017"));
      expect(stdout).toMatch(/\nUnknown: kubecon-2017 2016 -> 2017 in production.*\n/u);
      expect(status).toBe(8);
      stage.proxies?.kube.follow(() => pass);
    });

    it("is 9 when the release cannot be read any more, which is printed as it was seen last", async () => {
      await stage.restart({ settings: { channel } });
      const argv = ["deploy", "kubecon-2017", "scale=2", "in=production", "--wait", "-o", "json"];
      let looks = 0;
      stage.proxies?.kube.follow(({ kind }) => {
        if (kind === "GET releases") looks += 1;
        return kind === "GET releases" && looks > 3 ? statusAnswer(401, "Unauthorized") : pass;
      });
      const { status, stdout, stderr } = await terminal.docc(...argv);
      stage.proxies?.kube.follow(() => pass);
      const { release } = JSON.parse(stdout) as { readonly release: string };
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
        new RegExp(
          `^The release cannot be read any more: .+ The release goes on: kubectl get release ${release} -n ${stage.home}$`,
          "u",
        ),
      );
      expect(stderr).toContain(" Sign in again to see its end. The release goes on: ");
      expect(status).toBe(9);
      await stage.until("it has gone on", async () =>
        (await stage.releases()).find(
          (each) => each.metadata.name === release && phaseOf(each) === "succeeded",
        ),
      );
    });

    it("is 9 when nobody can tell whether the release is stored, or it cannot be read", async () => {
      const argv = ["deploy", "kubecon-2017", "scale=1", "in=production", "--key", "run-1"];
      const forbidden = statusAnswer(403, "Forbidden");
      stage.proxies?.kube.follow(({ kind }) => (kind === "GET releases" ? forbidden : pass));
      const unread = await terminal.docc(...argv);
      expect(unread).toMatchObject({ status: 9, stdout: "" });
      expect(unread.stderr).toMatch(
        /^docc: The release kubecon-2017-[0-9a-f]{12} is stored and goes on, but cannot be read now\. Look later: kubectl get release kubecon-2017-/u,
      );
      stage.proxies?.kube.follow(({ kind }) => {
        if (kind === "POST releases") return { type: "lose", how: "reset" };
        return kind === "GET releases" ? statusAnswer(401, "Unauthorized") : pass;
      });
      const unsure = await terminal.docc(...argv.with(-1, "run-2"), "-o", "json");
      stage.proxies?.kube.follow(() => pass);
      expect(unsure.status).toBe(9);
      const known = JSON.parse(unsure.stdout) as { readonly release: string };
      expect(known).toEqual({
        release: expect.stringMatching(/^kubecon-2017-[0-9a-f]{12}$/u) as unknown,
        namespace: stage.home,
        app: "kubecon-2017",
        environment: "production",
        kind: "deploy",
        requester: { provider: "kubernetes", user: expect.any(String) as unknown },
      });
      expect(unsure.stderr).toBe(
        `docc: Nobody can tell now whether the release ${known.release} is stored. Sign in again. Look later: kubectl get release ${known.release} -n ${stage.home}. The same command again, with the same --key, asks for nothing new.\n`,
      );
      const again = await terminal.docc(...argv);
      expect(again).toMatchObject({ status: 0, stderr: "" });
    });

    /** Deletes two apps that run, while looks at the release of the second, counted from 1, end so. */
    const deleteBoth = async (fateOf: (look: number, name: string) => Fate | Promise<Fate>) => {
      const file = path.join(terminal.folder, "second.json");
      const first = await readFile(new URL("../../examples/1-application.json", import.meta.url));
      await writeFile(file, first.toString().replaceAll("kubecon-2017", "kubecon-2018"));
      const words = ["-f", file, "tag=2016", "in=production", "--wait"];
      expect(await terminal.docc("deploy", ...words)).toMatchObject({ status: 0, stderr: "" });
      let looks = 0;
      stage.proxies?.kube.follow(({ kind, path: at }) => {
        if (kind !== "GET releases" || !at.includes("/kubecon-2018-")) return pass;
        looks += 1;
        return fateOf(looks, path.posix.basename(at));
      });
      const apps = ["kubecon-2017", "kubecon-2018"];
      const sure = ["in=production", "--yes", "--wait", "-o", "json"];
      const ending = await terminal.docc("delete", ...apps, ...sure);
      stage.proxies?.kube.follow(() => pass);
      return ending;
    };

    it("is 9 of several when one of them cannot be read, and prints both", async () => {
      const forbidden = statusAnswer(403, "Forbidden");
      const { status, stdout, stderr } = await deleteBoth(() => forbidden);
      expect(status).toBe(9);
      const known = JSON.parse(stdout) as readonly object[];
      expect(known).toMatchObject([
        { app: "kubecon-2017", phase: "succeeded" },
        { app: "kubecon-2018", kind: "delete" },
      ]);
      expect(known[1]).not.toHaveProperty("phase");
      expect(stderr).toMatch(
        /^docc: The release kubecon-2018-[0-9a-f]{12} is stored and goes on, but cannot be read now\. Look before you ask again: kubectl get release kubecon-2018-/mu,
      );
    });

    it("is 1 of several when one of them was deleted meanwhile, and prints the other", async () => {
      const manifest = new URL("../../examples/2-service.json", import.meta.url).pathname;
      const words = ["-f", manifest, "tag=2016", "in=production", "--wait"];
      expect(await terminal.docc("deploy", ...words)).toMatchObject({ status: 0 });
      const { status, stdout, stderr } = await deleteBoth(async (look, name) => {
        if (look === 2) await stage.world.api.delete(releases, { namespace: stage.home, name });
        return pass;
      });
      expect(JSON.parse(stdout)).toMatchObject([{ app: "kubecon-2017", phase: "succeeded" }]);
      expect(stderr).toMatch(
        /\ndocc: The release kubecon-2018-[0-9a-f]{12} was deleted\. Ask again if it is still wanted\.\n$/u,
      );
      expect(status).toBe(1);
    });
  });
}
