import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseManifest } from "../../src/manifest/parse.ts";
import { canonicalManifest } from "../../src/manifest/canonical.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import type { Release } from "../../src/release/release.ts";
import { plan, release } from "../release/releases.ts";
import { application, manifest, say, worldOf } from "./ports.ts";

/** A release of kubecon-2017 with its tag named by the revision. */
function revision(number: number, text = manifestOf(`r${number}`)): Release {
  const base = release(
    {
      phase: "succeeded",
      app: "kubecon-2017",
      revision: number,
      plan: { ...plan, manifest: text },
      transitions: [],
    },
    { app: "kubecon-2017", environment: "staging" },
  );
  return { ...base, metadata: { ...base.metadata, name: `kubecon-2017-${number}` } };
}

function manifestOf(tag: string): string {
  const kubecon = { ...manifest.containers.kubecon, image_tag: tag };
  return JSON.stringify({ ...manifest, containers: { kubecon } });
}

const world = () =>
  worldOf({
    apps: [application("kubecon-2017", "staging")],
    releases: [revision(5), revision(7), revision(8)],
  });

describe("show", () => {
  it("shows the manifest that is applied", async () => {
    const { answer } = await say("show kubecon-2017", world());
    expect(answer.text).toBe("The manifest of kubecon-2017 in staging, revision 8.");
    expect(answer.snippet?.title).toBe("kubecon-2017.json");
    expect(JSON.parse(answer.snippet?.text ?? "")).toEqual(manifest);
  });

  it("shows the manifest of an earlier revision", async () => {
    const { answer } = await say("show kubecon-2017 revision=5", world());
    expect(answer.text).toMatchInlineSnapshot(
      `"The manifest of kubecon-2017 in staging, revision 5."`,
    );
    expect(JSON.parse(answer.snippet?.text ?? "")).toEqual(JSON.parse(manifestOf("r5")));
  });

  it("writes YAML that a person may read, and that means the same", async () => {
    const { answer } = await say("show kubecon-2017 as=YAML", world());
    expect(answer.snippet?.title).toBe("kubecon-2017.yaml");
    expect(answer.snippet?.text).toMatchInlineSnapshot(`
      "application: kubecon-2017
      scale: 3
      auto_tls: false
      ingresses: {}
      containers:
        kubecon:
          image: registry.example.com/kubecon
          image_tag: "2017"
          ports:
            - 8080
          memory: 512Mi
          health:
            path: /healthz
      maintainer:
        - dev@example.com"
    `);
    expect(parse(answer.snippet?.text ?? "")).toEqual(manifest);
  });

  it.each(["1.10", "on", "2017", "0x10", " ", "a\u0085b\u2028c", "# no comment", "é\n\n\tb: [c"])(
    "writes YAML that docc takes for the very same manifest: a variable's %j",
    async (value) => {
      const { kubecon } = manifest.containers;
      const asked = { ...manifest, containers: { kubecon: { ...kubecon, env: { VALUE: value } } } };
      const stored = parseManifest(JSON.stringify(asked), { platform }).manifest;
      const text = stored === undefined ? "" : canonicalManifest(stored);
      const { answer } = await say(
        "show kubecon-2017 revision=3 as=yaml",
        worldOf({ releases: [revision(3, text)] }),
      );
      const again = parseManifest(answer.snippet?.text ?? "", { platform }).manifest;
      expect(again).toEqual(stored);
      expect(again?.containers["kubecon"]?.env).toEqual({ VALUE: value });
    },
  );

  it("names the revisions that are kept when it has not the one that was asked for", async () => {
    const { answer } = await say("show kubecon-2017 revision=6", world());
    expect(answer.reason).toBe("not-found");
    expect([answer.text, ...(answer.lines ?? [])].join("\n")).toMatchInlineSnapshot(`
      "docc keeps no revision 6 of kubecon-2017 in staging; it keeps 5, 7 and 8.
      /docc history kubecon-2017 in=staging shows what they were."
    `);
    const alone = worldOf({ apps: [application("kubecon-2017", "staging")] });
    expect((await say("show kubecon-2017 revision=1", alone)).answer.text).toBe(
      "docc keeps no revision 1 of kubecon-2017 in staging; it keeps 8.",
    );
  });

  it("does not take another app's or environment's revision for its own", async () => {
    const elsewhere = worldOf({
      apps: [application("kubecon-2017", "production")],
      releases: [revision(5)],
    });
    const { answer } = await say("show kubecon-2017 revision=5 in=production", elsewhere);
    expect(answer.reason).toBe("not-found");
  });

  it.each([
    ["as=yml", "Did you mean as=yaml?"],
    ["as=toml", "It takes json or yaml."],
    ["as=helm", "It takes json or yaml."],
    ["revision=last", "The right form: /docc show <app> [revision=] [as=] [in=]"],
    ["revision=0", "The right form: /docc show <app> [revision=] [as=] [in=]"],
  ])("refuses %s", async (word, hint) => {
    const { answer } = await say(`show kubecon-2017 ${word}`, world());
    expect(answer).toMatchObject({ reason: "bad-input", lines: [hint] });
  });
});
