import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, command, say, uploadManifest } from "./main-job.ts";
import { pass, type Rule, statusAnswer } from "../support/proxy/fates.ts";
import { embedded, openStage, type Stage } from "./stage.ts";

/** What a tired person sees of an app that is well, and of one that is not. */
describe("inspecting on the embedded cluster", { timeout: 120_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ ...embedded, hasProxies: true }, "socket");
    await uploadManifest(stage, "4-tls.json", "tag=2016");
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 120_000);
  afterAll(() => stage.close(), 60_000);

  const inspected = async (): Promise<string> =>
    stage.slack.render(await answerTo(stage, "/docc inspect kubecon-2017"));

  it("shows a healthy app to the asker alone, with everything that the cluster answers", async () => {
    const roots = stage.roots().length;
    const text = await inspected();
    expect(text).toMatch(/^kubecon-2017 in production is well: 3 of 3 ready\.$/m);
    expect(text).toMatch(/^Revision 1 \(2016\), released \S+ \S+ UTC by @developer: succeeded\.$/m);
    expect(text).toMatch(/^Image of kubecon: registry\.corp\.example\.com\/demo\/kubecon:2016/m);
    expect(text).toContain(`Ingress kubecon-2017: https://kubecon-2017.${stage.domain}`);
    expect(text).toMatch(/^(Warning: c|C)ertificate kubecon-2017\b/m);
    expect(text.match(/\| Running \| 1 of 1 \| 0 \|/g)).toHaveLength(3);
    expect(text).toMatch(/^Owner: /m);
    expect(text).not.toContain("not known");
    expect(text).not.toMatch(/^Uses /m);
    expect(stage.roots()).toHaveLength(roots);
  });

  const follow = (rule: Rule): void => stage.proxies?.kube.follow(rule);

  it("says what the pods use where the cluster measures it", async () => {
    const usage = { cpu: "152345678n", memory: "131072Ki" };
    const measured = ["a", "b", "c"].map((name) => ({
      metadata: { name },
      containers: [{ name: "kubecon", usage }],
    }));
    // As metrics-server answers: no uid, and no resourceVersion.
    const list = { kind: "PodMetricsList", metadata: {}, items: measured };
    follow(({ path }) =>
      path.includes("metrics.k8s.io")
        ? {
            type: "answer",
            status: 200,
            headers: { "content-type": "application/json" },
            body: JSON.stringify(list),
          }
        : pass,
    );
    expect(await inspected()).toMatch(/^Uses 0\.46 cores.* and 384 MiB.*, 3 pods together\.$/m);
  });

  it("answers all the same where docc may not list events, and nobody measures in time", async () => {
    follow(({ kind, path }) => {
      if (path.includes("metrics.k8s.io")) return { type: "hold" };
      return kind === "LIST events" ? statusAnswer(403, "Forbidden") : pass;
    });
    const text = await inspected();
    follow(() => pass);
    expect(text).toMatch(
      /^How kubecon-2017 in production does is not known: docc may not read that\.$/m,
    );
    expect(text).toMatch(/^Events: not known, docc may not read that\.$/m);
    expect(text).toMatch(/^Use: not known, the cluster did not answer in time\.$/m);
    expect(text.match(/\| Running \| 1 of 1 \| 0 \|/g)).toHaveLength(3);
    expect(text).toContain("Certificate kubecon-2017 expires");
  });

  it("says of a crashing one what crashes, and that users are still served", async () => {
    await command(stage, "/docc deploy kubecon-2017 tag=2018");
    expect(say(await stage.ended(2))).toBe("failed: crash-loop");
    const text = await inspected();
    expect(text).toMatch(
      /^kubecon-2017 in production is failing: kubecon exits with code 1 at start \(0 of 3 ready\)\.$/m,
    );
    expect(text).toMatch(/^Users are still on 2016: 3 of 3 old pods ready\.$/m);
    expect(text).toMatch(/\| (CrashLoopBackOff|Error|Running) \| 0 of 1 \| \d+ \(\d+ s ago\) \|/);
    expect(text).toMatch(/^Revision 2 \(2018\), released .*: failed\.$/m);
    expect(text).toMatch(/^Revision 1 succeeded last\.$/m);
    expect(text).toMatch(/^\d+ older groups: \/docc events kubecon-2017$/m);
  });
});
