import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse.ts";
import { defaultPlatform, type Platform } from "../../src/manifest/platform.ts";
import { translate } from "../../src/manifest/translate.ts";
import { isExposing, takenHost, type TakenHost } from "../../src/release/hosts.ts";

const gateway: Platform = { ...defaultPlatform, gateway: { name: "edge", namespace: "infra" } };

function objectsOf(platform: Platform) {
  const text = `
application: shop
maintainer: shop@example.com
auto_tls: true
containers: { web: { image: r.example.com/shop, image_tag: v1, ports: [80, 443] } }
ingresses:
  shop: { scheme: https, container_port: 80, hosts: [a.example.com, b.example.com] }
  tls: { scheme: tls, container_port: 443 }
`;
  const { manifest, findings } = parseManifest(text, { platform });
  if (manifest === undefined) throw new Error(JSON.stringify(findings));
  return translate(manifest, platform);
}

const taken = (host: string, more: Partial<TakenHost> = {}): TakenHost => ({
  host,
  kind: "Ingress",
  namespace: "others",
  name: "web",
  ...more,
});

describe.each([
  ["Ingress", defaultPlatform],
  ["Gateway API", gateway],
])("takenHost, exposed by %s", (_name, platform) => {
  const objects = objectsOf(platform);

  it("finds a host that another namespace or application answers to", () => {
    for (const host of ["a.example.com", "b.example.com", "shop-tls.example.com"]) {
      expect(takenHost(objects, "shop", [taken("x.example.com"), taken(host)])).toEqual(
        taken(host),
      );
    }
    const sameNamespace = taken("a.example.com", { namespace: "default", app: "cart" });
    expect(takenHost(objects, "shop", [sameNamespace])).toEqual(sameNamespace);
  });

  it("leaves an application what docc made for it, also under another name", () => {
    const own = taken("a.example.com", { namespace: "default", name: "old", app: "shop" });
    expect(takenHost(objects, "shop", [own])).toBeUndefined();
    const elsewhere = { ...own, namespace: "staging" };
    expect(takenHost(objects, "shop", [elsewhere])).toEqual(elsewhere);
  });

  it("asks nothing of objects without hosts", () => {
    const others = objects.filter((object) => !isExposing(object));
    expect(others.length).toBeGreaterThan(0);
    expect(takenHost(others, "shop", [taken("a.example.com")])).toBeUndefined();
  });
});
