import { describe, expect, it } from "vitest";
import { domainIn, unknownDomain } from "../../src/cli/known-domain.ts";
import { application, manifest } from "../commands/ports.ts";
import { release } from "../release/releases.ts";

const web = { scheme: "https", container_port: 8080 };

/** An app of staging that succeeded, with these ingresses and what its verdict said of them. */
function succeeded(app: string, ingresses: object, urls: readonly string[], finishedAt = "") {
  const current = {
    release: `${app}-0`,
    revision: 1,
    manifest: JSON.stringify({ ...manifest, application: app, ingresses }),
  };
  const head = {
    ...application(app, "staging"),
    status: { nextRevision: 2, inventory: [], current },
  };
  const verdict = { outcome: "succeeded" as const, affected: "", ready: 3, wanted: 3, urls };
  const made = release({ phase: "succeeded", transitions: [], verdict, finishedAt });
  return { head, made: { ...made, metadata: { ...made.metadata, name: current.release } } };
}

function domainOf(...apps: readonly ReturnType<typeof succeeded>[]): string {
  return domainIn("staging", {
    applications: apps.map(({ head }) => head),
    releases: apps.map(({ made }) => made),
  });
}

describe("the domain of an environment, which stands in docc.yaml", () => {
  it("is that of the hosts which docc named, by the newest success", () => {
    const old = succeeded("shop", { shop: web }, ["https://shop.old.example.com"], "2017-01");
    const fresh = succeeded(
      "web",
      { api: { ...web, path: "/v1" }, own: { ...web, hosts: ["web.example.org"] } },
      ["https://web-api.new.example.com/v1", "https://web.example.org"],
      "2017-02",
    );
    expect(domainOf(old)).toBe("old.example.com");
    expect(domainOf(old, fresh)).toBe("new.example.com");
  });

  it("is not known by hosts of the app's own, by none, or by what does not fit", () => {
    const own = { shop: { ...web, hosts: ["shop.example.org"] } };
    expect(domainOf()).toBe(unknownDomain);
    expect(domainOf(succeeded("shop", own, ["https://shop.example.org"]))).toBe(unknownDomain);
    expect(domainOf(succeeded("shop", { shop: web }, []))).toBe(unknownDomain);
    const strange = ["https://shop.example.com/elsewhere", "javascript:alert(1)"];
    expect(domainOf(succeeded("shop", { shop: web }, strange))).toBe(unknownDomain);
  });
});
