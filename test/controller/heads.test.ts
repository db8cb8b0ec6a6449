import { describe, expect, it } from "vitest";
import {
  begin,
  changeLock,
  claim,
  finish,
  forget,
  noteDrift,
  revisionFor,
} from "../../src/controller/heads.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import type { Records } from "../../src/k8s/records.ts";
import type { Application, ApplicationStatus, ObjectRef } from "../../src/release/release.ts";

/** Heads in memory, changed by compare-and-swap as the API server does it. */
function headsIn() {
  const heads = new Map<string, Application>();
  let version = 0;
  /** Runs before the next write: somebody else who is faster. */
  const first: (() => void)[] = [];
  const put = (head: Application, status: ApplicationStatus): Application => {
    version += 1;
    const metadata = { ...head.metadata, resourceVersion: String(version) };
    const next = { ...head, metadata, status };
    heads.set(head.metadata.name, next);
    return next;
  };
  const records: Pick<Records, "application" | "writeApplication"> = {
    application: (name, spec) => {
      const made: Application = {
        metadata: {
          name,
          namespace: "docc",
          uid: name,
          resourceVersion: "0",
          creationTimestamp: "",
        },
        spec,
      };
      const head = heads.get(name) ?? made;
      heads.set(name, head);
      return Promise.resolve(head);
    },
    writeApplication: (head, status) => {
      first.shift()?.();
      const known = heads.get(head.metadata.name)?.metadata.resourceVersion;
      if (known !== head.metadata.resourceVersion) {
        return Promise.reject(new KubeError("conflict", "The head moved."));
      }
      return Promise.resolve(put(head, status));
    },
  };
  const status = (): ApplicationStatus | undefined => heads.get("staging.web")?.status;
  const change = (by: (status: ApplicationStatus) => ApplicationStatus) => (): void => {
    const head = heads.get("staging.web");
    if (head !== undefined) put(head, by(head.status ?? { nextRevision: 1, inventory: [] }));
  };
  return { records: records as Records, status, first, change };
}

const ref = (kind: string): ObjectRef => ({
  apiVersion: "v1",
  kind,
  namespace: "web",
  name: "web",
});
const about = (release: string, revision: number, ...kinds: readonly string[]) => ({
  release,
  revision,
  manifest: `manifest of ${release}`,
  inventory: kinds.map(ref),
});

describe("the head of an app", () => {
  it("lets one release act, and tells the others who it is", async () => {
    const { records } = headsIn();
    expect((await claim(records, "web", "staging", "r1")).status?.inFlight).toBe("r1");
    expect((await claim(records, "web", "staging", "r2")).status?.inFlight).toBe("r1");
    expect((await claim(records, "web", "staging", "r1")).status?.inFlight).toBe("r1");
  });

  it("lets one of two win that claim at the same moment", async () => {
    const { records, first, change } = headsIn();
    first.push(change((status) => ({ ...status, inFlight: "faster" })));
    expect((await claim(records, "web", "staging", "slower")).status?.inFlight).toBe("faster");
  });

  it("keeps apps and environments apart", async () => {
    const { records } = headsIn();
    await claim(records, "web", "staging", "r1");
    expect((await claim(records, "web", "production", "r2")).status?.inFlight).toBe("r2");
    expect((await claim(records, "api", "staging", "r3")).status?.inFlight).toBe("r3");
  });

  it("counts revisions up, one for each release however often it begins", async () => {
    const { records } = headsIn();
    const revision = async (release: string): Promise<number | undefined> => {
      const head = await claim(records, "web", "staging", release);
      const given = about(release, revisionFor(head, release));
      return (await begin(records, "web", "staging", given)).status?.applied?.revision;
    };
    expect(await revision("r1")).toBe(1);
    expect(await revision("r1")).toBe(1);
    await finish(records, "web", "staging", "r1", { succeeded: true });
    expect(await revision("r2")).toBe(2);
  });

  it("gives one revision to a release whose first write was lost on the way", async () => {
    const { records, first, change, status } = headsIn();
    first.push(
      change((known) => ({
        ...known,
        applied: { release: "r1", revision: 1, manifest: "manifest of r1" },
        nextRevision: 2,
      })),
    );
    const head = await begin(records, "web", "staging", about("r1", 1, "Service"));
    expect(head.status?.applied?.revision).toBe(1);
    expect(status()?.nextRevision).toBe(2);
  });

  it("remembers every object that any release made, once", async () => {
    const { records, status } = headsIn();
    await begin(records, "web", "staging", about("r1", 1, "Deployment", "Service"));
    await finish(records, "web", "staging", "r1", { succeeded: true });
    await begin(records, "web", "staging", about("r2", 2, "Deployment", "Ingress"));
    expect(status()?.inventory.map(({ kind }) => kind)).toEqual([
      "Deployment",
      "Service",
      "Ingress",
    ]);
  });

  it("is not taken back by a process that slept through the end of its release", async () => {
    const { records, status } = headsIn();
    await claim(records, "web", "staging", "r1");
    await finish(records, "web", "staging", "r1", { succeeded: false, revision: 1 });
    await claim(records, "web", "staging", "r2");
    const late = begin(records, "web", "staging", about("r1", 1, "Ingress"));
    await expect(late).rejects.toMatchObject({ kind: "conflict" });
    await begin(records, "web", "staging", about("r2", 2));
    await finish(records, "web", "staging", "r2", { succeeded: true });
    const later = begin(records, "web", "staging", about("r1", 1, "Ingress"));
    await expect(later).rejects.toMatchObject({ kind: "conflict" });
    expect(status()).toMatchObject({ applied: { release: "r2" }, nextRevision: 3, inventory: [] });
  });

  it("goes on from the revision in hand when somebody has deleted it", async () => {
    const { records, status } = headsIn();
    await begin(records, "web", "staging", about("r8", 8));
    expect(status()).toMatchObject({ inFlight: "r8", applied: { revision: 8 }, nextRevision: 9 });
  });

  it("never gives a revision again, though nothing was applied by it", async () => {
    const { records, status } = headsIn();
    await claim(records, "web", "staging", "r1");
    await finish(records, "web", "staging", "r1", { succeeded: false, revision: 1 });
    expect(status()).toMatchObject({ nextRevision: 2 });
    expect(status()).not.toHaveProperty("applied");
  });

  it("returns to what succeeded last, and lets the next one go ahead", async () => {
    const { records, status } = headsIn();
    for (const [release, revision, succeeded] of [
      ["r1", 1, true],
      ["r2", 2, false],
    ] as const) {
      await claim(records, "web", "staging", release);
      await begin(records, "web", "staging", about(release, revision));
      await finish(records, "web", "staging", release, { succeeded });
    }
    expect(status()).toMatchObject({ applied: { release: "r2" }, current: { release: "r1" } });
    expect(status()).not.toHaveProperty("inFlight");
  });

  it("does not take a release that applied nothing for the one that runs", async () => {
    const { records, status } = headsIn();
    await claim(records, "web", "staging", "r1");
    await finish(records, "web", "staging", "r1", { succeeded: true });
    expect(status()).not.toHaveProperty("current");
    expect(status()).not.toHaveProperty("inFlight");
  });

  it("keeps a lock through every release of its owner, to the last field", async () => {
    const { records, status } = headsIn();
    const lock = {
      by: { provider: "slack", team: "T0TEAM", user: "U0OWNER" },
      reason: "load test",
      at: "2017-12-06T11:00:00.000Z",
      until: "2017-12-06T13:00:00.000Z",
    } as const;
    await changeLock(records, "web", "staging", () => lock);
    for (const release of ["r1", "r2"]) {
      const head = await claim(records, "web", "staging", release);
      await begin(
        records,
        "web",
        "staging",
        about(release, revisionFor(head, release), "Deployment"),
      );
      await forget(records, "web", "staging", [ref("Deployment")]);
      await finish(records, "web", "staging", release, { succeeded: true });
      expect(status()?.lock).toEqual(lock);
    }
    await changeLock(records, "web", "staging", () => undefined);
    expect(status()).not.toHaveProperty("lock");
    expect(status()?.current?.release).toBe("r2");
  });

  it("keeps what people know of drift through releases, and lets nobody's older word replace it", async () => {
    const { records, status, change } = headsIn();
    const note = (digit: string) => ({ hash: `sha256:${digit.repeat(64)}`, at: "" });
    const [one, two] = [note("1"), note("2")];
    const head = await claim(records, "web", "staging", "r1");
    const noted = await noteDrift(records, head, { before: undefined, note: one });
    await finish(records, "web", "staging", "r1", { succeeded: true });
    expect(status()?.drift).toEqual(one);
    change((now) => ({ ...now, drift: two }))();
    await noteDrift(records, noted, { before: one.hash, note: undefined });
    expect(status()?.drift).toEqual(two);
    await noteDrift(records, noted, { before: two.hash, note: undefined });
    expect(status()).not.toHaveProperty("drift");
  });

  it("is handed to the follow-up of a release, past all that wait", async () => {
    const { records } = headsIn();
    await claim(records, "web", "staging", "r1");
    await finish(records, "web", "staging", "r1", { succeeded: false, heir: "heir" });
    expect((await claim(records, "web", "staging", "r2")).status?.inFlight).toBe("heir");
    // Done again after a crash, it changes nothing.
    await finish(records, "web", "staging", "r1", { succeeded: false, heir: "heir" });
    expect((await claim(records, "web", "staging", "r2")).status?.inFlight).toBe("heir");
  });

  it("is not let go by a release that does not act", async () => {
    const { records, status } = headsIn();
    await claim(records, "web", "staging", "r1");
    await finish(records, "web", "staging", "r2", { succeeded: true });
    expect(status()?.inFlight).toBe("r1");
  });

  it("tries five times against faster hands, then says so", async () => {
    const { records, first, change } = headsIn();
    const touch = change((status) => status);
    first.push(touch, touch, touch, touch);
    expect((await claim(records, "web", "staging", "r1")).status?.inFlight).toBe("r1");
    first.push(touch, touch, touch, touch, touch);
    await expect(
      finish(records, "web", "staging", "r1", { succeeded: true }),
    ).rejects.toMatchObject({
      kind: "conflict",
    });
  });
});
