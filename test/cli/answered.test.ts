import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import { answerTo, storeRecord } from "../../src/cli/answered.ts";
import { Unanswered } from "../../src/cli/unanswered.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { KubeError, type KubeErrorKind } from "../../src/k8s/errors.ts";
import { commands } from "../../src/k8s/kinds.ts";
import { until } from "../support/until.ts";

describe("waiting for docc's answer", () => {
  /** Answered at the `nth` look; each look before `heard` fails. */
  function ask(nth: number, heard = 0, failure: KubeErrorKind = "unavailable") {
    const clock = new SteppedClock();
    let looks = 0;
    const get = () => {
      looks += 1;
      if (looks < heard) return Promise.reject(new KubeError(failure, "etcd is away"));
      const metadata = { name: "lock-1", namespace: "docc", uid: "u", resourceVersion: "1" };
      return Promise.resolve({ metadata, ...(looks < nth ? {} : { status: "done" }) });
    };
    const place = { kind: commands, namespace: "docc", name: "lock-1", clock };
    const api = { get } as unknown as Pick<KubeApi, "get">;
    let ended: unknown;
    answerTo(api, place, ({ status }) => status, "command is stored").then(
      (answer) => (ended = answer),
      (error: unknown) => (ended = error),
    );
    const end = async () => {
      await until("it ends", () => {
        clock.step(300);
        return ended !== undefined;
      });
      return { ended, looks, passed: clock.now() - new SteppedClock().now() };
    };
    return end();
  }

  it("looks until there is one", async () => {
    expect(await ask(3)).toMatchObject({ ended: "done", looks: 3 });
  });

  it("gives up after half a minute, and says where to look", async () => {
    const { ended, passed } = await ask(Infinity);
    expect(ended).toBeInstanceOf(Unanswered);
    expect(ended).toMatchObject({
      reason: "timeout",
      message: "docc has not answered yet; the command is stored.",
      hint: "Look later: kubectl get commands lock-1 -n docc",
    });
    expect(passed).toBeGreaterThan(30_000);
  });

  it("goes on looking while the cluster cannot be read", async () => {
    expect(await ask(5, 4)).toMatchObject({ ended: "done", looks: 5 });
    expect(await ask(3, 3, "timeout")).toMatchObject({ ended: "done", looks: 3 });
  });

  const unread = {
    message: "docc's answer cannot be read now; the command is stored.",
    hint: "Look later: kubectl get commands lock-1 -n docc",
  };

  it("says that it is stored where the cluster cannot be read to the end", async () => {
    const { ended, passed } = await ask(Infinity, Infinity);
    expect(ended).toBeInstanceOf(Unanswered);
    expect(ended).toMatchObject({ reason: "unavailable", ...unread });
    expect(passed).toBeGreaterThan(30_000);
  });

  it("says so at once to whom the cluster tells nothing", async () => {
    const { ended, looks } = await ask(Infinity, Infinity, "forbidden");
    expect(ended).toBeInstanceOf(Unanswered);
    expect(ended).toMatchObject({ reason: "not-allowed", ...unread });
    expect(looks).toBe(1);
  });
});

describe("storing a record under a name of one's own", () => {
  const at = { kind: commands, namespace: "docc", name: "lock-1" };
  const object = { metadata: { name: "lock-1", uid: "u", resourceVersion: "1" } };
  const failed = (kind: KubeErrorKind) => new KubeError(kind, "no answer", { writes: true });
  function store(
    create: () => Promise<unknown>,
    find: () => Promise<unknown> = () => Promise.reject(new Error("unused")),
  ) {
    const api = { create, find } as unknown as Pick<KubeApi, "create" | "find">;
    return storeRecord(api, at, { text: "lock shop" }, "command");
  }

  it("is done when only the answer was lost, or it is there already", async () => {
    const lost = () => Promise.reject(failed("timeout"));
    await store(lost, () => Promise.resolve(object));
    await store(() => Promise.reject(failed("already-exists")));
  });

  it("fails with the write's own error where it is not there", async () => {
    const lost = () => Promise.reject(failed("timeout"));
    const nothing = () => Promise.resolve(undefined);
    await expect(store(lost, nothing)).rejects.toMatchObject({ kind: "timeout" });
    await expect(store(lost, nothing)).rejects.not.toBeInstanceOf(Unanswered);
    await expect(store(() => Promise.reject(failed("forbidden")))).rejects.toMatchObject({
      kind: "forbidden",
    });
  });

  it("says where to look when nobody can tell", async () => {
    const away = () => Promise.reject(failed("unavailable"));
    await expect(store(away, away)).rejects.toBeInstanceOf(Unanswered);
    await expect(store(away, away)).rejects.toMatchObject({
      reason: "timeout",
      message: "Nobody can tell now whether the command is stored.",
      hint: "Look later: kubectl get commands lock-1 -n docc",
    });
  });
});
