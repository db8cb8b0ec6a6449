import { describe, expect, it } from "vitest";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import type { Manifest } from "../../src/manifest/schema/manifest.ts";
import type { Release, ReleaseSpec } from "../../src/release/release.ts";
import { undone } from "../../src/release/undoing.ts";
import { planned, release } from "./releases.ts";

const now = Date.UTC(2017, 11, 6, 12);

function manifest(rest: Partial<Manifest> = {}, web: object = {}): Manifest {
  return {
    application: "kubecon-2017",
    scale: 3,
    auto_tls: false,
    ingresses: {},
    containers: { web: { image: "r.example.com/web", image_tag: "1", ports: [], ...web } },
    maintainer: ["dev@example.com"],
    ...rest,
  };
}

/** A release that was applied as this revision, at 02:14 of a day. */
function applied(
  revision: number,
  words: Readonly<Record<string, string>>,
  made: Manifest,
  rest: { readonly spec?: Partial<ReleaseSpec>; readonly day?: string } = {},
): Release {
  return release(
    {
      phase: "succeeded",
      revision,
      plan: planned([], { manifest: canonicalManifest(made) }),
      transitions: [
        { phase: "applying", at: `${rest.day ?? "2017-12-06"}T02:14:30.123Z`, actor: "docc" },
      ],
    },
    { words, ...rest.spec },
  );
}

const file = { spec: { source: { type: "slack-file", file: "F1" } } } as const;

function said(
  before: Manifest | undefined,
  after: Manifest,
  releases: readonly Release[],
): readonly string[] {
  return undone({ before, after, environment: "production", releases, now });
}

describe("what a manifest undoes", () => {
  const ten = manifest({ scale: 10 });

  it("is said with who did it, when, and in which release", () => {
    expect(said(ten, manifest(), [applied(41, { scale: "10" }, ten)])).toEqual([
      "scale 10 -> 3: you undo @U0DEVELOPER, 02:14 UTC, release 41",
    ]);
  });

  it("names the day when it is another one", () => {
    const releases = [applied(41, { scale: "10" }, ten, { day: "2017-12-05" })];
    expect(said(ten, manifest(), releases)).toEqual([
      "scale 10 -> 3: you undo @U0DEVELOPER, 2017-12-05 02:14 UTC, release 41",
    ]);
  });

  it("is the latest release's that set the field", () => {
    const releases = [
      applied(40, { scale: "7" }, manifest({ scale: 7 })),
      applied(42, { "env.A": "1" }, ten),
      applied(41, { scale: "10" }, ten),
    ];
    expect(said(ten, manifest(), releases)).toEqual([
      "scale 10 -> 3: you undo @U0DEVELOPER, 02:14 UTC, release 41",
    ]);
  });

  it("is nothing of what a manifest said since, nor what the new one says as well", () => {
    expect(
      said(ten, manifest(), [applied(41, { scale: "10" }, ten), applied(42, {}, ten, file)]),
    ).toEqual([]);
    expect(said(ten, ten, [applied(41, { scale: "10" }, ten)])).toEqual([]);
    expect(said(undefined, ten, [])).toEqual([]);
    expect(said(ten, manifest(), [])).toEqual([]);
  });

  it("is nothing of a release that was never applied", () => {
    const refused = release({ phase: "refused", transitions: [] }, { words: { scale: "10" } });
    expect(said(ten, manifest(), [refused])).toEqual([]);
  });

  it("names a variable without its values", () => {
    const before = manifest({}, { env: { DATABASE_URL: "hunter2" } });
    const after = manifest({}, { env: { DATABASE_URL: "hunter3" } });
    const lines = said(before, after, [applied(41, { "env.DATABASE_URL": "hunter2" }, before)]);
    expect(lines).toEqual(["env DATABASE_URL: you undo @U0DEVELOPER, 02:14 UTC, release 41"]);
  });

  it("is a tag that goes back, and none that goes on", () => {
    const tagged = (tag: string): Manifest => manifest({}, { image_tag: tag });
    const releases = [applied(40, {}, tagged("1"), file), applied(41, { tag: "2" }, tagged("2"))];
    expect(said(tagged("2"), tagged("3"), releases)).toEqual([]);
    expect(said(tagged("2"), tagged("1"), releases)).toEqual([
      "tag 2 -> 1: you undo @U0DEVELOPER, 02:14 UTC, release 41",
    ]);
  });

  it("is read where the environment says it", () => {
    const here = (scale: number): Manifest => manifest({ environments: { production: { scale } } });
    expect(said(here(10), here(3), [applied(41, { scale: "10" }, here(10))])).toHaveLength(1);
    expect(
      said(here(10), manifest({ scale: 10 }), [applied(41, { scale: "10" }, here(10))]),
    ).toEqual([]);
  });

  it("is a range, a limit that goes, and a wish of somebody outside Slack", () => {
    const requester = { provider: "kubernetes", team: "", user: "ci\n<!channel>" } as const;
    const before = manifest({ scale: { min: 2, max: 9 } }, { memory: "1Gi" });
    const words = { scale: "2..9", "web.memory": "1Gi" };
    expect(said(before, manifest(), [applied(41, words, before, { spec: { requester } })])).toEqual(
      [
        "scale 2..9 -> 3: you undo ci <!channel>, 02:14 UTC, release 41",
        "web.memory 1Gi -> none: you undo ci <!channel>, 02:14 UTC, release 41",
      ],
    );
  });

  it("stops at a rollback, whose scale counts", () => {
    const source = { type: "release", release: "r", revision: 1 } as const;
    const back = applied(42, { scale: "10" }, ten, { spec: { source, kind: "rollback" } });
    const older = applied(41, { "web.memory": "1Gi" }, ten);
    const before = manifest({ scale: 10 }, { memory: "1Gi" });
    expect(said(before, manifest(), [older, back])).toEqual([
      "scale 10 -> 3: you undo @U0DEVELOPER, 02:14 UTC, release 42",
    ]);
  });
});
