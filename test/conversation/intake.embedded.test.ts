import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embedded, openStage, type Stage } from "./stage.ts";

const example = async (name: string): Promise<string> =>
  readFile(new URL(`../../examples/${name}`, import.meta.url), "utf8");

/** The other ways in, each to a live application. */
describe("a manifest that arrives", { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(embedded, "socket");
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  it("as a message's file, by the shortcut on that message, is deployed", async () => {
    const developer = stage.slack.as("developer");
    const content = await example("2-service.json");
    const message = await developer.uploadToChannel("#deploys", {
      name: "2-service.json",
      content,
    });
    await developer.messageShortcut(message, "docc_deploy_message");
    const view = await stage.until("the form opens", () => stage.slack.views("developer").at(-1));
    const { errors } = await developer.submit(view, { words: "tag=2016" });
    expect(errors).toEqual({});
    const release = await stage.ended(1);
    expect(release.status).toMatchObject({ phase: "succeeded", revision: 1, plan: { to: "2016" } });
  });

  it("as pasted text changes what runs", async () => {
    const developer = stage.slack.as("developer");
    await developer.command("#deploys", "/docc deploy");
    const view = await stage.until("the form opens", () => stage.slack.views("developer").at(-1));
    const { errors } = await developer.submit(view, { manifest: await example("3-ingress.json") });
    expect(errors).toEqual({});
    const release = await stage.ended(2);
    expect(release.status).toMatchObject({ phase: "succeeded", revision: 2 });
    const changes = release.status?.plan?.changes.map(({ kind, action }) => `${kind} ${action}`);
    expect(changes).toEqual([
      "Service unchanged",
      "PodDisruptionBudget unchanged",
      "Deployment change",
      "Ingress create",
    ]);
  });
});
