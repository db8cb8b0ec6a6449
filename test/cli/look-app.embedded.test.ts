import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deployments } from "../../src/k8s/kinds.ts";
import { recordApps } from "../conversation/many-apps.ts";
import { say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import { pass, statusAnswer } from "../support/proxy/fates.ts";
import { lookAppJob } from "./look-app.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

lookAppJob(embedded);

describe("a log in a terminal that is long, and not harmless", { timeout: 60_000 }, () => {
  let stage: Stage;
  let terminal: Terminal;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, hasProxies: true }, "socket");
    terminal = await openTerminal(stage);
    await uploadManifest(stage, "1-application.json", "tag=3000");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterAll(async () => {
    await terminal.close();
    await stage.close();
  }, 60_000);

  it("comes whole, and is masked and stripped", async () => {
    const whole = await terminal.docc("logs", "kubecon-2017", "lines=500");
    expect(whole.stdout.split("\n")).toHaveLength(501);
    expect(whole.stdout).toContain("  line 399 of a log that is too long for a message\n");
    const first = await terminal.docc("logs", "kubecon-2017", "grep=postgres");
    expect(first.stdout).toContain("connecting by postgres://shop:[masked]@db:5432/shop");
    const masked = await terminal.docc("logs", "kubecon-2017", "grep=postgres", "-o", "json");
    expect(masked.stderr).toBe("3 probable secrets are masked.\n");
    expect(first.stderr).toMatch(/\n3 probable secrets are masked\.\n$/u);
    const red = await terminal.docc("logs", "kubecon-2017", "grep=red");
    expect(red.stdout).toMatch(/ {2}red <!channel> ```\n/u);
    for (const format of ["json", "yaml"]) {
      const data = await terminal.docc("logs", "kubecon-2017", "grep=red", "-o", format);
      expect(data.stdout).toContain("red <!channel>");
      for (const escape of ["\u001b", "\\u001b", "\\e"]) {
        expect(red.stdout + data.stdout).not.toContain(escape);
      }
    }
  });

  it("is that of the cluster which a context names", async () => {
    const { text = "" } = stage.cluster.kubeconfig;
    const config = parse(text) as { readonly "current-context": string };
    const there = ["--app-context", config["current-context"]];
    const { status, stdout } = await terminal.docc("logs", "kubecon-2017", "lines=3", ...there);
    expect(status).toBe(0);
    expect(stdout.split("\n")).toHaveLength(4);
    const listed = await terminal.docc("list", "--health", ...there);
    expect(listed.stdout).toMatch(/ {2}healthy, \d of \d /u);
  });

  it("is refused with the right that is missing", async () => {
    const denied = (verb: string, resource: string) => {
      const { body, ...answer } = statusAnswer(403, "Forbidden");
      const message = `${resource} is forbidden: User "eve" cannot ${verb} resource "${resource}" in API group "" in the namespace "apps"`;
      return { ...answer, body: JSON.stringify({ ...(JSON.parse(body) as object), message }) };
    };
    stage.proxies?.kube.follow(({ path }) => {
      if (path.includes("/log")) return denied("get", "pods/log");
      return /\/events\b/u.test(path) ? statusAnswer(403, "Forbidden") : pass;
    });
    const ask = "Ask its operators for that right; docs/cli.md has the whole rule.";
    expect(await terminal.docc("logs", "kubecon-2017")).toEqual({
      status: 2,
      stdout: "",
      stderr: `docc: You may not get pods/log in the namespace ${stage.apps}. ${ask}\n`,
    });
    expect((await terminal.docc("events", "kubecon-2017")).stderr).toBe(
      `docc: You may not list events and replicasets in the namespace ${stage.apps}. ${ask}\n`,
    );
    const { stdout } = await terminal.docc("inspect", "kubecon-2017");
    expect(stdout).toMatch(/^Events: not known, you may not read that\.$/mu);
    stage.proxies?.kube.follow(({ path }) =>
      path.includes("/deployments/") ? statusAnswer(403, "Forbidden") : pass,
    );
    const unread = `You may not get deployments in the namespace ${stage.apps}: how kubecon-2017 in production does is not known. ${ask}\n`;
    const listed = await terminal.docc("list", "--health");
    expect(listed.stdout).toMatch(/^kubecon-2017 {2}production {3}unknown /mu);
    expect(listed.stdout.endsWith(`\n\n${unread}`)).toBe(true);
    const { stdout: none } = await terminal.docc("list", "health=unhealthy");
    expect(none).toBe(
      `docc runs no app with health=unhealthy.\nThe health of 1 more is not known: health=unknown shows them.\n${unread}`,
    );
    const data = await terminal.docc("list", "health=unknown", "-o", "json");
    expect(JSON.parse(data.stdout)).toMatchObject([{ app: "kubecon-2017", health: "unknown" }]);
    expect(data.stderr).toBe(unread);
    expect((await terminal.docc("list")).stdout).not.toMatch(/unknown/iu);
    stage.proxies?.kube.follow(() => pass);
  });

  it("is not in a cluster that does not have the app", async () => {
    await stage.world.api.delete(deployments, { namespace: stage.apps, name: "kubecon-2017" });
    const missing = `docc: This cluster has no Deployment kubecon-2017 in the namespace ${stage.apps}. Where it is in another cluster than docc's records, name that with --app-context.\n`;
    await stage.until("its pods are gone", async () => {
      const { stderr } = await terminal.docc("logs", "kubecon-2017");
      return stderr === missing ? true : undefined;
    });
    expect((await terminal.docc("inspect", "kubecon-2017")).stderr).toBe(missing);
    const { stdout } = await terminal.docc("list", "--health");
    expect(stdout).toMatch(/^kubecon-2017 {2}production {3}unknown /mu);
    expect(stdout).toContain(
      "This cluster has no Deployment of kubecon-2017 in production: it is gone, or in another cluster than docc's records, which --app-context names.\n",
    );
  });

  it("is asked of each app of a page, and so of the next", async () => {
    await recordApps(stage, 51);
    const { stdout } = await terminal.docc("list", "--health", "in=staging");
    expect(stdout).toContain(
      `Page 1 of 2: 1 to 50 of 51. Next: docc list --health -n ${stage.home} in=staging page=2\n`,
    );
    expect(stdout).toMatch(
      /^This cluster has no Deployment of shop-\d+ in staging, .*, shop-\d+ in staging and 47 more: it is gone/mu,
    );
    const { stdout: plain } = await terminal.docc("list", "in=staging");
    expect(plain).toContain(`Next: docc list -n ${stage.home} in=staging page=2\n`);
  });
});
