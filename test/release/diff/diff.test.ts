import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/manifest/canonical.ts";
import { defaultPlatform } from "../../../src/manifest/platform.ts";
import type { Manifest } from "../../../src/manifest/schema/manifest.ts";
import { translate } from "../../../src/manifest/translate.ts";
import { type Compared, diffOf, longestDiff, readDiff } from "../../../src/release/diff/diff.ts";
import { sayDiff } from "../../../src/release/diff/text.ts";
import { manifests } from "../../manifest/arbitrary.ts";
import { manifestOf } from "../../manifest/goldens.ts";

function compared(before: unknown, after: unknown, rest: Partial<Compared> = {}): Compared {
  return {
    kind: "Deployment",
    name: "kubecon-2017",
    action: before === undefined ? "create" : "change",
    before,
    after,
    previewed: true,
    ...rest,
  };
}

function said(...objects: readonly Compared[]): readonly string[] {
  return sayDiff({ diff: diffOf(objects), changes: [] });
}

function pods(container: object, spec: object = {}): object {
  return { spec: { ...spec, template: { spec: { containers: [{ name: "web", ...container }] } } } };
}

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe("a diff", () => {
  it("says what matters first, by names and not by places in lists", () => {
    const before = {
      metadata: { labels: { "app.kubernetes.io/version": "2016" }, annotations: {} },
      ...pods(
        {
          image: "registry.example.com/web:2016",
          env: [{ name: "A", value: "1" }],
          ports: [{ name: "http", containerPort: 8080 }],
          resources: { limits: { memory: "256Mi" } },
        },
        { replicas: 3, minReadySeconds: 5 },
      ),
    };
    const after = {
      metadata: { labels: { "app.kubernetes.io/version": "2017" }, annotations: { note: "hi" } },
      ...pods(
        {
          image: "registry.example.com/web:2017",
          env: [
            { name: "B", value: "2" },
            { name: "A", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
          ],
          ports: [{ name: "http", containerPort: 9090 }],
          readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
          resources: { limits: { memory: "512Mi" } },
        },
        { replicas: 5, minReadySeconds: 6 },
      ),
    };
    expect(said(compared(before, after))).toMatchInlineSnapshot(`
      [
        "Deployment kubecon-2017: changes",
        "  container web: image  2016 -> 2017",
        "  replicas  3 -> 5",
        "  container web: env A  changed",
        "  container web: env B  added",
        "  container web: ports[http].containerPort  8080 -> 9090",
        "  container web: resources.limits.memory  256Mi -> 512Mi",
        "  container web: readinessProbe  added: {httpGet: {path: /healthz, port: 8080}}",
        "  minReadySeconds  5 -> 6",
        "  annotation note  added: hi",
        "  label app.kubernetes.io/version  2016 -> 2017",
      ]
    `);
  });

  it("shows a new object by what says what it is, and only names one that goes", () => {
    const ingress = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { labels: { a: "b" } },
      spec: { ingressClassName: "nginx", rules: [{ host: "a.example.com", http: { paths: [] } }] },
    };
    expect(
      said(
        compared(ingress, undefined, { kind: "Ingress", name: "old", action: "prune" }),
        compared(undefined, ingress, { kind: "Ingress", name: "web" }),
        compared(undefined, pods({ image: "web:1", env: [{ name: "A", value: "s3cret" }] })),
      ),
    ).toMatchInlineSnapshot(`
      [
        "Deployment kubecon-2017: new",
        "  container web: image  web:1",
        "  container web: env A",
        "Ingress web: new",
        "  ingressClassName  nginx",
        "  rules  [{host: a.example.com, http: {paths: []}}]",
        "Ingress old: removed after success",
      ]
    `);
  });

  it("shows digests short, and only where the tag does not tell", () => {
    const image = (from: string, to: string): string | undefined =>
      said(compared(pods({ image: from }), pods({ image: to })))[1];
    const web = "registry.example.com:5000/team/web";
    expect(image(`${web}:1@${digest("a")}`, `${web}:2@${digest("b")}`)).toBe(
      "  container web: image  1 -> 2",
    );
    expect(image(`${web}:1@${digest("a")}`, `${web}:1@${digest("b")}`)).toBe(
      "  container web: image  1@sha256:aaaaaaaaaaaa… -> 1@sha256:bbbbbbbbbbbb…",
    );
    expect(image(`${web}@${digest("a")}`, `${web}:2`)).toBe(
      "  container web: image  sha256:aaaaaaaaaaaa… -> 2",
    );
    expect(image(`${web}:1`, "other.example.com/web:1")).toBe(
      `  container web: image  ${web}:1 -> other.example.com/web:1`,
    );
  });

  it.each<[string, Compared]>([
    [
      "a variable",
      compared(
        pods({ env: [{ name: "A", value: "hunter2" }] }),
        pods({ env: [{ name: "A", value: "hunter3" }] }),
      ),
    ],
    [
      "a variable of a container that is new",
      compared(
        { spec: { template: { spec: { containers: [] } } } },
        pods({ env: [{ name: "A", value: "hunter2" }] }),
      ),
    ],
    [
      "a variable of another kind of container",
      compared(pods({}), {
        spec: {
          template: {
            spec: {
              containers: [{ name: "web" }],
              initContainers: [{ name: "i", env: [{ name: "A", value: "hunter2" }] }],
            },
          },
        },
      }),
    ],
    [
      "a variable of a field that is shown as a whole",
      compared(pods({}), {
        spec: {
          template: {
            spec: {
              containers: [{ name: "web" }],
              ephemeral: [{ id: 1, env: [{ name: "A", value: "hunter2" }] }],
            },
          },
        },
      }),
    ],
    [
      "a Secret",
      compared(
        { data: { password: "aHVudGVyMg==" }, stringData: { a: "hunter2" } },
        { data: { password: "aHVudGVyMw==" }, stringData: { a: "hunter3" } },
        { kind: "Secret" },
      ),
    ],
    [
      "kubectl's note of a whole object",
      compared(
        { metadata: { annotations: {} } },
        {
          metadata: {
            annotations: {
              "kubectl.kubernetes.io/last-applied-configuration": '{"env":[{"value":"hunter2"}]}',
            },
          },
        },
      ),
    ],
  ])("never shows the value of %s, only that it changes", (_what, change) => {
    const text = diffOf([change]);
    expect(text).not.toMatch(/hunter|aHVudGVy/);
    expect(readDiff(text)[0]?.fields.length).toBeGreaterThan(0);
  });

  it("says what an order or the end of a long value changes, without saying the same twice", () => {
    const long = "x".repeat(400);
    expect(said(compared({ spec: { a: `${long}1` } }, { spec: { a: `${long}2` } }))[1]).toBe(
      "  a  changed",
    );
    const list = [{ name: "a" }, { name: "b" }];
    expect(said(compared({ spec: { list } }, { spec: { list: list.toReversed() } }))[1]).toBe(
      "  list  [{name: a}, {name: b}] -> [{name: b}, {name: a}]",
    );
  });

  it("is harmless, whatever stands in the objects", () => {
    const text = diffOf([
      compared(
        { metadata: { annotations: { a: "1" } } },
        { metadata: { annotations: { a: "x\n<!channel>\u202e\u001b[31m\u0000" } } },
      ),
    ]);
    expect(readDiff(text)[0]?.fields[0]?.after).toBe("x <!channel>");
  });

  it("says what was not previewed", () => {
    expect(
      said(compared(pods({ image: "w:1" }), pods({ image: "w:2" }), { previewed: false }))[0],
    ).toBe("Deployment kubecon-2017: changes, not previewed");
  });

  it("fits the record whatever there is to say, and counts what it leaves out", () => {
    const many = (value: string): object => ({
      spec: Object.fromEntries(
        Array.from({ length: 400 }, (_, at) => [`field${at}`, value + "界".repeat(300)]),
      ),
    });
    const objects = Array.from({ length: 128 }, (_, at) =>
      compared(many("a"), many("b"), { name: `n${at}${"x".repeat(240)}`, kind: "K".repeat(64) }),
    );
    const text = diffOf(objects);
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(longestDiff);
    const read = readDiff(text);
    expect(read).toHaveLength(128);
    for (const { fields, left = 0 } of read) expect(fields.length + left).toBe(400);
    expect(sayDiff({ diff: text, changes: [] }).at(-1)).toMatch(/^ {2}and \d+ more fields$/);
  });
});

/** Every text value of a variable stands for itself, so that it is found wherever it comes out. */
function withPlantedSecrets(manifest: Manifest, secret: string): Manifest {
  const containers = Object.entries(manifest.containers).map(([name, container]) => {
    const env = Object.entries(container.env ?? {}).map(([key, value], at) => [
      key,
      typeof value === "string" ? `${secret}-${at}` : value,
    ]);
    return [name, env.length === 0 ? container : { ...container, env: Object.fromEntries(env) }];
  });
  return { ...manifest, containers: Object.fromEntries(containers) };
}

describe("the diff of any two manifests", () => {
  const both = fc.tuple(manifests, manifests).map((pair) => {
    const [one, other] = pair.map((written) =>
      manifestOf(JSON.stringify(written), defaultPlatform),
    );
    return [one, other] as readonly [Manifest, Manifest];
  });
  const changes = (before: Manifest, after: Manifest): readonly Compared[] => {
    const [was, is] = [before, after].map((each) => translate(each, defaultPlatform));
    // The nth of a kind becomes the nth of that kind, whatever both are called.
    const nth = (all: typeof was, kind: string, at: number) =>
      all?.filter((each) => each.kind === kind)[at];
    return (is ?? []).flatMap((object, index) => {
      const { kind } = object;
      const at = (is ?? []).slice(0, index).filter((each) => each.kind === kind).length;
      const old = nth(was, kind, at);
      const same = old !== undefined && canonicalJson(old) === canonicalJson(object);
      return same ? [] : [compared(old, object, { kind: object.kind, name: object.metadata.name })];
    });
  };

  it("shows no value of a variable, and fits", () => {
    let planted = 0;
    fc.assert(
      fc.property(both, ([before, after]) => {
        const objects = changes(
          withPlantedSecrets(before, "planted-before"),
          withPlantedSecrets(after, "planted-after"),
        );
        const text = diffOf(objects);
        if (JSON.stringify(objects).includes("planted-")) planted += 1;
        expect(text).not.toContain("planted-");
        expect(sayDiff({ diff: text, changes: [] }).join("\n")).not.toContain("planted-");
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(longestDiff);
      }),
    );
    expect(planted).toBeGreaterThan(10);
  });

  it("names a field of every object that changes, and none of what stays", () => {
    fc.assert(
      fc.property(both, ([before, after]) => {
        const objects = changes(before, after);
        const read = readDiff(diffOf(objects));
        expect(read).toHaveLength(objects.length);
        for (const { action, fields } of read) {
          if (action === "change") expect(fields.length).toBeGreaterThan(0);
        }
        expect(changes(before, before)).toEqual([]);
        expect(diffOf(changes(before, before))).toBe("[]");
      }),
    );
  });
});
