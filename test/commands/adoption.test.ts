import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { answersLater, interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import { DoccError } from "../../src/errors.ts";
import { defaultPlatform as platform } from "../../src/manifest/platform.ts";
import { parseManifest } from "../../src/manifest/parse.ts";
import { say, worldOf } from "./ports.ts";

const labels = { "app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web" };

function deployment(pods: object = labels, uid = "u1") {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", uid },
    spec: {
      replicas: 2,
      selector: { matchLabels: pods },
      template: {
        metadata: { labels: pods },
        spec: {
          nodeSelector: { disk: "ssd" },
          containers: [
            { name: "web", image: "registry.example.com/web:1", ports: [{ containerPort: 8080 }] },
          ],
        },
      },
    },
  };
}
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", uid: "u2" },
  spec: { selector: labels, ports: [{ port: 8080 }] },
};

function worldWith(live: object, unread: readonly string[] = []) {
  return worldOf({
    apps: [],
    adoptable: () => Promise.resolve({ deployment: live, objects: [service], unread }),
  });
}
type World = ReturnType<typeof worldOf>;

const asked = "init from=deployment/web in=production maintainer=web@example.com";

function isLater(text: string): boolean {
  const understood = interpret(registry, text);
  return isInvocation(understood) && answersLater(understood);
}

async function buttonOf(world: World): Promise<string> {
  const { answer } = await say(asked, world);
  return answer.buttons?.[0]?.words ?? "";
}

describe("init from=", () => {
  it("shows the manifest of what runs, what it does not say, and a way to adopt it", async () => {
    const world = worldWith(deployment(), ["Ingress"]);
    const { answer } = await say(asked, world);
    expect(answer.reason).toBeUndefined();
    expect(answer.text).toBe("Deployment web in production, as a manifest. Nothing is changed.");
    expect(answer.lines?.join("\n")).toMatchInlineSnapshot(`
      "Under docc this will be otherwise:
      - "web" says nothing usable about memory: docc lets it use 512Mi, and beyond it is killed.
      - Nothing says which user "web" runs as, and docc does not start images as root: give it run_as_user, or run_as_root where the operator allows that.
      - docc touches no objects that it did not make, and Deployment/web and Service/web would be in its way: either somebody has them taken over (/docc init from=deployment/NAME in=ENVIRONMENT in Slack), or the application gets another name and the traffic moves over.
      - The live objects are in the namespace "shop", and docc's environment is in "default".
      - docc may not list objects of the kind Ingress: what they do for the application is not here.
      The manifest does not say this of what runs now:
      - Deployment/web spec.template.spec.nodeSelector: Where pods run is the cluster's choice: a manifest cannot narrow it.
      Adopt has docc plan to take over Service web, Deployment web. The plan says what would change, and waits for a yes; what the manifest does not say stays there as it is."
    `);
    expect(parse(answer.snippet?.text ?? "")).toMatchObject({ application: "web", scale: 2 });
    const file = answer.snippet?.file?.text ?? "";
    expect(file).toContain("# - Deployment/web spec.template.spec.nodeSelector");
    const { findings } = parseManifest(file, { platform });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(world.stored.size).toBe(0);
  });

  it("has the button store what was shown, and reads nothing before that", async () => {
    const words = await buttonOf(worldWith(deployment()));
    const world = worldOf({ apps: [], adoptable: () => Promise.reject(new Error("it is read")) });
    const { answer } = await say(words, world);
    expect(answer.text).toMatch(
      /^Accepted: docc plans to take over Deployment web in production\./u,
    );
    expect([...world.stored.values()]).toMatchObject([
      {
        app: "web",
        kind: "deploy",
        environment: "production",
        words: {},
        source: {
          type: "adoption",
          adopts: { seen: /adopt=(.*)$/u.exec(words)?.[1], maintainer: "web@example.com" },
        },
      },
    ]);
  });

  it("is acknowledged once it is stored; what asks the cluster is acknowledged before", async () => {
    const words = await buttonOf(worldWith(deployment()));
    expect([asked, words].map((text) => isLater(text))).toEqual([true, false]);
  });

  it("has a button of its own for each maintainer and for the very objects", async () => {
    const words = await buttonOf(worldWith(deployment()));
    expect(await buttonOf(worldWith(deployment()))).toBe(words);
    expect(await buttonOf(worldWith(deployment(labels, "another")))).not.toBe(words);
    const { answer } = await say(`${asked.replace("web@", "me@")}`, worldWith(deployment()));
    expect(answer.buttons?.[0]?.words.split("adopt=")[1]).not.toBe(words.split("adopt=")[1]);
  });

  it("asks for nothing that no application can be called", async () => {
    const world = worldWith(deployment());
    const { answer } = await say("init from=deployment/2web adopt=0123456789ab", world);
    expect(answer).toMatchObject({
      reason: "bad-input",
      text: 'docc would not call it "2web", and Kubernetes renames nothing.',
    });
    expect(world.stored.size).toBe(0);
  });

  it("says early that a selector cannot be changed, and what to do", async () => {
    const world = worldWith(deployment({ app: "web" }));
    const { answer } = await say(asked, world);
    expect(answer).not.toHaveProperty("buttons");
    expect(answer.lines?.find((line) => line.startsWith("It cannot"))).toMatchInlineSnapshot(
      `"It cannot be taken over: Deployment web finds its pods by app=web, docc would by app.kubernetes.io/instance=web and app.kubernetes.io/name=web, and Kubernetes lets nobody change that. To go on: deploy it beside the old one under a new name, lead its callers there, then delete the old one."`,
    );
  });

  it("does not offer what is docc's already", async () => {
    const live = deployment();
    const ours = { ...labels, "app.kubernetes.io/managed-by": "docc" };
    const world = worldWith({ ...live, metadata: { ...live.metadata, labels: ours } });
    const { answer } = await say(asked, world);
    expect(answer).not.toHaveProperty("buttons");
    expect(answer.lines?.join("\n")).toContain('docc made it already, for "web".');
  });

  it("takes a Deployment alone, and no words beside it", async () => {
    const world = worldWith(deployment());
    expect((await say("init from=statefulset/db", world)).answer.text).toBe(
      '"statefulset/db" is no Deployment, and docc runs nothing else.',
    );
    const { answer } = await say("init from=web image=a:1", world);
    expect(answer.text).toBe("from= reads that from the cluster: image= has no place.");
  });

  it("passes on why it is not shown", async () => {
    const world = worldOf({
      adoptable: () => Promise.reject(new DoccError("not-allowed", "Only those who may deploy.")),
    });
    expect((await say("init from=web", world)).answer).toMatchObject({ reason: "not-allowed" });
  });
});
