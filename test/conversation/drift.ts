import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asApplication } from "../../src/k8s/records.ts";
import { applications } from "../../src/k8s/kinds.ts";
import type { DriftNote } from "../../src/release/release.ts";
import { command, say, uploadManifest } from "./main-job.ts";
import { openStage, type Stage, type Target } from "./stage.ts";

/** What somebody does to an app past docc, and how docc is to say it. */
export interface Hand {
  readonly what: string;
  readonly act: (stage: Stage) => Promise<unknown>;
  readonly said: RegExp;
}

const drift = { every: "1s" };

/** Nothing is deployed, and somebody changes what docc has made. */
export function driftJob(
  target: Target,
  {
    hands,
    quiet,
    scale,
    undo,
  }: {
    readonly hands: readonly Hand[];
    /** What is no drift. */
    readonly quiet: Hand["act"];
    /** As an autoscaler does. */
    readonly scale: (stage: Stage, replicas: number) => Promise<unknown>;
    /** Back to tag 2017, past docc. */
    readonly undo: Hand["act"];
  },
): void {
  describe(`drift on the ${target.name}`, { timeout: 120_000 }, () => {
    const top = { ...target.top, drift };
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage({ ...target, top, hasProxies: true }, "socket");
      await uploadManifest(stage, "4-tls.json", "tag=2016");
      expect(say(await stage.ended(1))).toBe("succeeded");
      await command(stage, "/docc deploy kubecon-2017 tag=2017");
      expect(say(await stage.ended(2))).toBe("succeeded");
    }, 120_000);
    afterAll(() => stage.close(), 60_000);

    /** What the channel shows of drift, oldest first. */
    const heard = (): readonly string[] =>
      stage.slack
        .messages("#deploys")
        .map((each) => stage.read(each))
        .filter((text) => /outside docc|as docc left it/.test(text));
    const hears = (count: number): Promise<string> =>
      stage.until(`drift is told ${count} times`, () => heard()[count - 1]);
    const note = async (): Promise<DriftNote | undefined> => {
      const ref = { namespace: stage.home, name: "production.kubecon-2017" };
      return asApplication(await stage.world.api.get(applications, ref)).status?.drift;
    };
    /** What docc asked of the cluster where its apps live, since the nth call. */
    const asked = (since = 0): readonly string[] =>
      (stage.proxies?.kube.calls ?? [])
        .filter(({ number, path }) => number > since && path.includes(`/${stage.apps}/`))
        .map(({ kind }) => kind);
    /** Resolves when docc has looked twice, from the beginning to the end. */
    const looks = async (): Promise<void> => {
      const since = stage.proxies?.kube.calls.length ?? 0;
      await stage.until("docc looks twice", () =>
        asked(since).filter((kind) => kind === "LIST services").length > 2 ? true : undefined,
      );
    };
    let told = 0;

    it("asks little of a cluster where nothing was changed: no object, and no dry run", async () => {
      await looks();
      const since = stage.proxies?.kube.calls.length ?? 0;
      await looks();
      expect(new Set(asked(since))).toEqual(
        new Set(
          ["deployments", "services", "ingresses", "certificates", "poddisruptionbudgets"].map(
            (kind) => `LIST ${kind}`,
          ),
        ),
      );
      expect(heard()).toEqual([]);
    });

    it("is silent about what is no drift", async () => {
      await quiet(stage);
      await looks();
      expect(heard()).toEqual([]);
    });

    it.each(hands)(
      "tells of $what once, in the thread and in the channel",
      async ({ act, said }) => {
        await act(stage);
        const text = await hears((told += 1));
        expect(text).toMatch(
          /^@maintainer: kubecon-2017 in production was changed outside docc\.$/m,
        );
        expect(text).toMatch(said);
        expect(text).toContain(
          "Next: /docc deploy kubecon-2017 in=production puts it back; to keep it, put it in the manifest.",
        );
        const root = stage.roots()[1]?.ts ?? "";
        const thread = stage.slack.thread("#deploys", root).map((each) => stage.read(each));
        expect(thread.at(-1)).toBe(text);
        await looks();
        expect(heard()).toHaveLength(told);
      },
    );

    it("says nothing again when another process leads", async () => {
      expect((await note())?.hash).toMatch(/^sha256:/);
      await stage.restart({ top });
      await looks();
      expect(heard()).toHaveLength(told);
    });

    it("is put back by the command that the message names, and says that it is, once", async () => {
      await command(stage, "/docc deploy kubecon-2017 in=production");
      expect(say(await stage.ended(3))).toBe("succeeded");
      expect(await hears((told += 1))).toBe("kubecon-2017 in production is as docc left it again.");
      await looks();
      expect(heard()).toHaveLength(told);
      expect(await note()).toBeUndefined();
    });

    it("leaves the scale to an autoscaler of docc's", async () => {
      await command(stage, "/docc deploy kubecon-2017 scale=2..4");
      expect(say(await stage.ended(4))).toBe("succeeded");
      await scale(stage, 4);
      await looks();
      expect(heard()).toHaveLength(told);
    });

    it("sends who undid a bad release by hand to a rollback, which mends it", async () => {
      await command(stage, "/docc deploy kubecon-2017 tag=2018");
      expect(say(await stage.ended(5))).toBe("failed: crash-loop");
      await undo(stage);
      const text = await hears((told += 1));
      expect(text).toMatch(/image {2}2018 -> 2017/);
      expect(text).toMatch(
        /^Next: Revision 5 did not succeed: \/docc rollback kubecon-2017 in=production returns to revision 4, the last that did\.$/m,
      );
      await command(stage, "/docc rollback kubecon-2017 in=production");
      expect(say(await stage.ended(6))).toBe("succeeded");
      expect(await hears((told += 1))).toBe("kubecon-2017 in production is as docc left it again.");
    });
  });
}
