import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespaceOf } from "../../sandbox/world.ts";
import { deployments } from "../../src/k8s/kinds.ts";
import { answers, command, say, threadSays, uploadFile } from "./main-job.ts";
import { rootIn } from "./reading.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** Where a conversation takes place, and what its images are called. */
export interface Place {
  readonly target: Target;
  /** Without a tag. */
  readonly repository: string;
  /** What a release of 2016 or 2017 deploys. */
  imageOf(tag: string): string;
  /** Lets the tag 2016 mean another image from now on. */
  moveTag(): Promise<void>;
  close(): Promise<void>;
}

/** `deploy from=staging in=production`: what was tested, and nothing else. */
export function promotionJob(target: string, open: () => Promise<Place>): void {
  describe(`bringing a release to production on the ${target}`, { timeout: 120_000 }, () => {
    let stage: Stage;
    let place: Place;
    beforeAll(async () => {
      place = await open();
      stage = await openStage({ ...place.target, others: ["staging"] }, "socket");
      const kubecon = { image: place.repository, image_tag: "2016", env: { LOG: "info" } };
      const content = JSON.stringify({
        application: "kubecon-2017",
        scale: 1,
        maintainer: ["kubecon-team@corp.example.com"],
        containers: { kubecon },
      });
      await uploadFile(stage, { name: "kubecon.json", content });
      expect(say(await stage.ended(1))).toBe("succeeded");
    }, 120_000);
    afterAll(async () => {
      await stage.close();
      await place.close();
    }, 60_000);

    const runsIn = async (environment: string) => {
      const namespace =
        environment === "production" ? stage.apps : namespaceOf(stage.cluster, environment);
      const found = await stage.world.api.find(deployments, { namespace, name: "kubecon-2017" });
      const [container] = found?.spec?.template.spec?.containers ?? [];
      return { image: container?.image, env: container?.env, replicas: found?.spec?.replicas };
    };
    it("says what is missing where nothing has succeeded in production yet", async () => {
      const typed = "/docc deploy kubecon-2017 from=production";
      await answers(stage, typed, /docc has no kubecon-2017 in production\./);
    });

    it("brings a first release along, with its very image though the tag has moved", async () => {
      await place.moveTag();
      const typed = "/docc deploy kubecon-2017 from=staging in=production";
      await answers(
        stage,
        typed,
        /Accepted: kubecon-2017 2016 from staging, revision 1, to production\./,
      );
      const release = await stage.ended(2);
      expect(say(release)).toBe("succeeded");
      expect(release.spec.source).toMatchObject({
        type: "promotion",
        from: { environment: "staging", revision: 1 },
      });
      expect(await runsIn("production")).toMatchObject({
        image: place.imageOf("2016"),
        replicas: 1,
      });
      const root = await rootIn(stage, release.metadata.name, "succeeded", /2016 is live/);
      expect(root).toMatchInlineSnapshot(`
        "(Deploy of kubecon-2017 to production: 2016 is live in production. 1 of 1 ready and stable, SPAN.)
        kubecon-2017 -> production   2016, from staging, revision 1
        2016 is live in production. 1 of 1 ready and stable, SPAN.
        Asked by @developer, release 1
        [Logs]"
      `);
    });

    it("keeps the scale of production, and says so", async () => {
      await command(stage, "/docc deploy kubecon-2017 scale=2 in=production");
      expect(say(await stage.ended(3))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017 env.LOG=debug in=staging");
      expect(say(await stage.ended(4))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 from=staging in=production");
      const release = await stage.ended(5);
      expect(say(release)).toBe("succeeded");
      expect(release.status?.plan).toMatchObject({ from: "2016", to: "2017" });
      expect(await runsIn("production")).toMatchObject({
        image: place.imageOf("2017"),
        replicas: 2,
        env: [{ name: "LOG", value: "debug" }],
      });
      await threadSays(stage, 5, /Warning: the scale stays 2, as today; staging has 1\./);
    });

    it("takes another scale by words, and refuses another image", async () => {
      const deploy = "/docc deploy kubecon-2017 from=staging in=production";
      await answers(
        stage,
        `${deploy} tag=2016`,
        /from= brings the images along: tag= has no place/,
      );
      await answers(stage, `${deploy} kubecon.digest=sha256:1`, /kubecon\.digest= has no place/);
      await answers(
        stage,
        "/docc deploy kubecon-2017 from=staging in=staging",
        /from= and in= are both staging\./,
      );
      await answers(stage, "/docc deploy from=staging in=production", /brings a stored app along/);
      await command(stage, `${deploy} scale=1`);
      expect(say(await stage.ended(6))).toBe("succeeded");
      expect(await runsIn("production")).toMatchObject({
        image: place.imageOf("2017"),
        replicas: 1,
      });
    });

    it("finds nothing to do when it is asked for twice", async () => {
      await command(stage, "/docc deploy kubecon-2017 from=staging in=production");
      expect(say(await stage.ended(7))).toBe("refused: no-change");
    });

    it("stands in the history of production", async () => {
      await answers(stage, "/docc history kubecon-2017 in=production", /2016 -> 2017 from staging/);
    });
  });
}
