import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NoticeData } from "../../src/release/notices.ts";
import { verifies } from "../external/webhook/standard-webhooks.ts";
import { startServer, type TestServer } from "../support/http-server.ts";
import { command, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: NoticeData;
}

/** Deploys that other systems hear of: one that takes everything, a picky one, and one that is dead. */
export function webhooksJob(target: Target): void {
  describe(`webhooks on the ${target.name}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let everything: TestServer;
    let paging: TestServer;
    let dead: TestServer;
    /** Answers with it until it is changed. */
    let status = 204;

    beforeAll(async () => {
      everything = await startServer((_request, response) => response.writeHead(status).end());
      paging = await startServer((_request, response) => response.end());
      dead = await startServer(() => undefined);
      const receivers = {
        settings: {
          everything: { url: `${everything.url}/docc` },
          paging: { url: paging.url, events: ["failed"], environments: ["production"] },
          dead: { url: dead.url },
        },
        secrets: {
          DOCC_WEBHOOK_SECRET_EVERYTHING: secret,
          DOCC_WEBHOOK_SECRET_PAGING: secret,
          DOCC_WEBHOOK_SECRET_DEAD: secret,
        },
      };
      stage = await openStage({ ...target, webhooks: receivers }, "socket");
    }, 120_000);
    afterAll(async () => {
      await stage.close();
      await Promise.all([everything, paging, dead].map((server) => server.close()));
    }, 60_000);

    const eventsOf = ({ requests }: TestServer): readonly Event[] =>
      requests.map(({ headers, body }) => {
        expect(verifies(secret, headers, body), "the signature").toBe(true);
        const event = JSON.parse(body) as Event;
        expect(headers["webhook-id"]).toBe(event.id);
        return event;
      });
    const typesOf = (server: TestServer): readonly string[] =>
      eventsOf(server).map(({ type }) => type.replace("dev.docc.release.", ""));
    const arrive = (server: TestServer, count: number): Promise<true> =>
      stage.until(`${count} events arrive`, () =>
        server.requests.length >= count ? true : undefined,
      );

    it("hear of a success once, in order, however dead another one is", async () => {
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      const release = await stage.ended(1);
      expect(say(release)).toBe("succeeded");
      await arrive(everything, 2);
      expect(typesOf(everything)).toEqual(["applying", "succeeded"]);
      const [, succeeded] = eventsOf(everything);
      expect(succeeded).toMatchObject({
        subject: "production/kubecon-2017",
        data: {
          release: release.metadata.name,
          revision: 1,
          outcome: "succeeded",
          to: "2016",
          requester: { user: "UDEVELOPER" },
          urls: [`https://kubecon-2017.${stage.domain}`],
          slack: { channel: "CDEPLOYS", ts: stage.roots()[0]?.ts },
        },
      });
    });

    it("hear of a failure with its cause, and each only of what it wants", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      expect(say(await stage.ended(2))).toBe("failed: crash-loop");
      await arrive(everything, 4);
      await arrive(paging, 1);
      expect(typesOf(everything)).toEqual(["applying", "succeeded", "applying", "failed"]);
      expect(typesOf(paging)).toEqual(["failed"]);
      const [failed] = eventsOf(paging);
      expect(failed?.data).toMatchObject({
        from: "2016",
        to: "2018",
        outcome: "failed",
        affected: "Users are still on 2016: 3 of 3 old pods ready.",
        cause: { code: "crash-loop", sentence: "kubecon exits with code 1 at start" },
      });
      expect(paging.requests[0]?.body, "evidence").not.toContain("DATABASE_URL is not set");
    });

    it("hear of a refusal before anything moved", async () => {
      await command(stage, "/docc rollback kubecon-2017 to=1");
      expect(say(await stage.ended(3))).toBe("succeeded");
      await arrive(everything, 6);
      await command(stage, "/docc rollback kubecon-2017 to=1");
      expect(say(await stage.ended(4))).toBe("refused: runs-already");
      await arrive(everything, 7);
      expect(typesOf(everything).slice(4)).toEqual(["applying", "succeeded", "refused"]);
    });

    it("get what they did not take later, in order and under the same ids", async () => {
      status = 500;
      const before = everything.requests.length;
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      await stage.ended(5);
      await arrive(everything, before + 3);
      status = 200;
      const noted = await stage.until("both have arrived", async () => {
        const all = await stage.releases();
        const last = all.find(({ spec }) => spec.words["tag"] === "2017");
        const note = last?.status?.webhooks?.["everything"];
        return note?.through.endsWith("/succeeded") === true ? last : undefined;
      });
      const tried = eventsOf(everything).slice(before);
      const ids = [...new Set(tried.map(({ id }) => id))];
      expect(ids).toHaveLength(2);
      expect(tried.at(-1)?.type).toBe("dev.docc.release.succeeded");
      expect(tried.filter(({ id }) => id === ids[1])).toHaveLength(1);
      expect(tried.length).toBeGreaterThan(3);
      expect(noted.status?.webhooks).not.toHaveProperty("dead");
    });

    it("left the dead one with the first event of each release, tried again", () => {
      expect(new Set(typesOf(dead))).toEqual(new Set(["applying", "refused"]));
    });
  });
}
