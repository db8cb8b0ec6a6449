import { describe, expect, it } from "vitest";
import { offline } from "./offline.ts";

describe("docc validate of what is no file", () => {
  it.each([
    [["kubecon-2017"], /^docc: There is no file "kubecon-2017"\. The kubeconfig cannot be read\./u],
    [["shop", "in=staging", "--format=json"], /^docc: There is no file "shop"\. The kubeconfig /u],
    [["manifst.json"], /^docc: There is no file "manifst\.json"\.\n$/u],
    [["shop/manifest"], /^docc: There is no file "shop\/manifest"\.\n$/u],
    [["shop", "web"], /^docc: There is no file "shop"\.\ndocc: There is no file "web"\.\n$/u],
    [["shop", "--config=docc.yaml"], /There is no file "shop"\. --config is for files/u],
    [["shop", "--format=github"], /There is no file "shop"\. --format is for files/u],
  ])("asks docc for an application alone: %j", async (words, said) => {
    const { status, stderr } = await offline(["validate", ...words]);
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });

  it("is a file where there is one", async () => {
    const manifest = `application: shop
maintainer: shop@corp.example.com
containers: { web: { image: r.example.com/shop, image_tag: v1, memory: 512Mi } }
`;
    expect(await offline(["validate", "shop"], { shop: manifest })).toEqual({
      status: 0,
      stdout: "shop is valid.\n",
      stderr: "",
    });
    expect((await offline(["validate", "shop", "-n=a"], { shop: manifest })).stderr).toBe(
      "docc: --namespace is for an application, and a file needs no cluster.\n",
    );
  });
});
