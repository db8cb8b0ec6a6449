import { access } from "node:fs/promises";
import { expect, it } from "vitest";
import { connect } from "./api-client.ts";
import { startControlPlane } from "./control-plane.ts";
import { describeOnRealCluster } from "./real-cluster.ts";

describeOnRealCluster(
  "a control plane of one's own",
  () => {
    it("runs the rig's controllers, and leaves nothing behind when it stops", async () => {
      const story: string[] = [];
      const plane = await startControlPlane({
        kubelet: { nodes: 1 },
        onRefusedCrd: () => undefined,
        controllers: [
          async ({ fetch, signal }) => {
            const response = await fetch("/api/v1/namespaces/default", { signal });
            story.push(`asked: ${response.status}`);
            await new Promise<void>((resolve) => {
              signal.addEventListener("abort", () => resolve(), { once: true });
            });
            story.push("told to end");
          },
        ],
      });
      const nodes = await plane.kubectl(["get", "nodes", "-o", "name"]);
      expect(nodes).toEqual({ code: 0, stdout: "node/node-1\n", stderr: "" });
      await plane.stop();
      expect(story).toEqual(["asked: 200", "told to end"]);
      await expect(access(plane.folder)).rejects.toThrow("ENOENT");
      const api = connect(plane.server, plane.ca, plane.token);
      await expect(api.request("GET", "/readyz")).rejects.toThrow("fetch failed");
      await api.close();
    }, 60_000);
  },
  { fakeNodes: true },
);
