import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { applications, deployments } from "../../src/k8s/kinds.ts";
import { asApplication } from "../../src/k8s/records.ts";
import { say, uploadManifest } from "../conversation/main-job.ts";
import { embedded, openStage, type Stage } from "../conversation/stage.ts";
import { pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";

const drift = { every: "1s" };

/** Nothing is deployed, somebody changes a scale, and something breaks while docc finds out. */
describe("drift", { timeout: 120_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, top: { drift }, hasProxies: true }, "socket");
    await uploadManifest(stage, "4-tls.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterEach(() => {
    stage.slack.faults.clear();
    follow(() => pass);
  });
  afterAll(() => stage.close(), 60_000);

  let replicas = 3;
  let told = 0;
  const follow = (rule: Rule): void => stage.proxies?.kube.follow(rule);
  const scale = async (): Promise<void> => {
    replicas += 1;
    const ref = { namespace: stage.apps, name: "kubecon-2017" };
    await stage.world.api.patch(
      deployments,
      ref,
      { spec: { replicas } },
      { fieldManager: "kubectl" },
    );
  };
  const heard = (): readonly string[] =>
    stage.slack
      .messages("#deploys")
      .map((each) => stage.read(each))
      .filter((text) => text.includes("outside docc"));
  const note = async (): Promise<string | undefined> => {
    const ref = { namespace: stage.home, name: "production.kubecon-2017" };
    return asApplication(await stage.world.api.get(applications, ref)).status?.drift?.hash;
  };
  const lists = (): number =>
    (stage.proxies?.kube.calls ?? []).filter(
      ({ kind, path }) => kind === "LIST services" && path.includes(`/${stage.apps}/`),
    ).length;
  /** Until it is noted, and docc has looked again; then it was told once more than before, and rightly. */
  const toldOnce = async (before: string | undefined): Promise<void> => {
    await stage.until("it is noted", async () => ((await note()) === before ? undefined : true));
    const since = lists();
    await stage.until("docc looks again", () => (lists() > since + 2 ? true : undefined));
    expect(heard()).toHaveLength((told += 1));
    expect(heard().at(-1)).toContain(`replicas  3 -> ${replicas} (by kubectl`);
  };
  /** Fails the next so many calls of a kind. */
  const fails = (wanted: string, times: number): (() => boolean) => {
    let left = times;
    follow(({ kind }) => {
      if (kind !== wanted || left <= 0) return pass;
      left -= 1;
      return statusAnswer(500, "InternalError");
    });
    return () => left === 0;
  };

  it("is looked for next time, when the API server does not answer", async () => {
    const before = await note();
    const isOver = fails("LIST services", 30);
    await scale();
    await toldOnce(before);
    expect(isOver()).toBe(true);
  });

  it("is told once when Slack takes the message and its answer is lost", async () => {
    const before = await note();
    stage.slack.faults.add({ method: "chat.postMessage", kind: "accept-then-reset", times: 1 });
    await scale();
    await toldOnce(before);
    expect(stage.slack.faults.pending).toEqual([]);
  });

  it("is told once when the note of it fails", async () => {
    const before = await note();
    const isOver = fails("PUT applications/status", 3);
    await scale();
    await toldOnce(before);
    expect(isOver()).toBe(true);
  });

  it("is told once when a process ends between message and note, by the next one", async () => {
    const before = await note();
    fails("PUT applications/status", Infinity);
    await scale();
    await stage.until("it is told", () => (heard().length > told ? true : undefined));
    await stage.world.stop();
    follow(() => pass);
    expect(await note()).toBe(before);
    await stage.restart({ top: { drift } });
    await toldOnce(before);
  });
});
