import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applicationName, releaseName } from "../../src/release/names.ts";

const hash = "0123456789abcdef".repeat(4);
const app = fc.stringMatching(/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/);
const environment = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

describe("the names of records", () => {
  it("names a release by its app and 12 digits of the delivery's hash", () => {
    expect(releaseName("kubecon-2017", hash)).toBe("kubecon-2017-0123456789ab");
    expect(releaseName(undefined, hash)).toBe("upload-0123456789ab");
  });

  it("fits a label of 63 characters for every app a manifest may name", () => {
    fc.assert(
      fc.property(app, (name) => {
        expect(releaseName(name, hash)).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
    expect(releaseName("a".repeat(50), hash)).toHaveLength(63);
  });

  it("keeps a-b in c apart from a in b-c", () => {
    expect(applicationName("b-c", "a")).not.toBe(applicationName("c", "a-b"));
    expect(applicationName("c", "a-b")).toBe("a-b.c");
  });

  it("gives two heads the same name only when they are the same head", () => {
    fc.assert(
      fc.property(app, environment, app, environment, (app1, env1, app2, env2) => {
        const isSame = app1 === app2 && env1 === env2;
        expect(applicationName(app1, env1) === applicationName(app2, env2)).toBe(isSame);
      }),
    );
  });

  it("names a head as Kubernetes names objects (DNS subdomain)", () => {
    fc.assert(
      fc.property(app, environment, (name, env) => {
        const head = applicationName(name, env);
        expect(head).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        expect(head.length).toBeLessThanOrEqual(253);
      }),
    );
  });
});
