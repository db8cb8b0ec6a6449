import type { Engine } from "./webernetes.ts";

/**
 * Mends the simulated kubelets' HTTP probes. One by HTTPS reaches the image as one by HTTP does: a
 * kubelet verifies no certificate, and the sandbox's images answer both. A refused connection is told
 * in Go's words, with the address that was asked.
 */
export function mendHttpProbes(engine: Engine): void {
  for (const { kubelet } of engine.servers) {
    const { http } = kubelet.probeManager.prober;
    const probe = http.probe.bind(http);
    http.probe = async (origin, request, timeoutMs) => {
      const asked = request.url.toString();
      const url = new URL(asked.replace(/^https:/, "http:"));
      const [result, output, error] = await probe(origin, { ...request, url }, timeoutMs);
      const told = output.startsWith("dial tcp ") ? `Get "${asked}": ${output}` : output;
      return [result, told, error];
    };
  }
}
