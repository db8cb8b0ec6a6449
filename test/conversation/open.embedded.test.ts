import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answers, told } from "./deciding.ts";
import { answerTo, say, uploadFile } from "./main-job.ts";
import { embeddedWith, openStage, type Stage } from "./stage.ts";

const operators = { logs: "https://logs.example.com/{app}?env={environment}" };

/** Buttons that lead out of Slack, to the asker alone. */
describe("opening an app's links on the embedded cluster", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embeddedWith({ settings: { links: operators } }), "socket");
    const example = new URL("../../examples/3-ingress.json", import.meta.url);
    const manifest = JSON.parse(await readFile(example, "utf8")) as object;
    const links = { dashboard: "https://grafana.example.com/d/{app}?x=1&y=" };
    const content = JSON.stringify({ ...manifest, links });
    await uploadFile(stage, { name: "docc.json", content });
    expect(say(await stage.ended(1))).toBe("succeeded");
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("shows the address and all links, and takes the clicks on them", async () => {
    const message = await answerTo(stage, "/docc open kubecon-2017");
    expect(stage.slack.render(message)).toMatch(/\[url\] \[dashboard\] \[logs\]/);
    expect(message.text).toContain(
      "dashboard: https://grafana.example.com/d/kubecon-2017?x=1&amp;y=\nlogs: https://logs.example.com/kubecon-2017?env=production",
    );
    expect(message.text).toMatch(/^url: http:\/\/.*\.example\.com$/m);
    for (const label of ["url", "dashboard", "logs"]) {
      const { ack } = await stage.slack.as("developer").click(message, label);
      expect(ack.ok).toBe(true);
    }
  });

  it("shows one by its name, or says what there is", async () => {
    await answers(stage, "/docc open kubecon-2017 logs", /The link logs of kubecon-2017/);
    await answers(stage, "/docc open kubecon-2017 lgos", /has no link "lgos", only url, dashboard/);
    await told(stage, /Did you mean logs\?/);
  });
});
