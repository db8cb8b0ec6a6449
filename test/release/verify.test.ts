import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/release/observation.ts";
import { verify } from "../../src/release/verify.ts";
import { at, deployment, ended, observation, oldPod, pod, starting, up } from "./cluster.ts";

const stableMs = 60_000;

/** Ready since 40 s after the apply, with so many restarts; `after` in seconds after the apply. */
function verification(look: Observation, after: number, restarts = 0) {
  return verify(look, { at: at(40), restarts, stableMs }, at(after));
}

/** One restart; what the node's clock says of it counts for nothing. */
const restarted = (seconds = 41) =>
  observation({
    pods: [
      pod("new-1", [up({ restarts: 1, last: { code: 137, reason: "OOMKilled", at: seconds } })]),
    ],
  });

describe("the time after all pods became ready", () => {
  it("waits a millisecond before the stability window ends", () => {
    expect(verification(observation(), 99.999)).toEqual({ state: "waiting", cause: undefined });
  });

  it("verifies when the stability window ends, to the millisecond", () => {
    expect(verification(observation(), 100)).toEqual({ state: "verified" });
  });

  it("verifies at once where the window is zero", () => {
    const ready = { at: at(40), restarts: 0, stableMs: 0 };
    expect(verify(observation(), ready, at(40))).toEqual({ state: "verified" });
  });

  it("fails a restart inside the window, at once", () => {
    expect(verification(restarted(), 45)).toMatchInlineSnapshot(`
      {
        "cause": {
          "code": "restarted",
          "evidence": [
            "1 restart of pod new-1",
          ],
          "next": "look at its logs, or roll back",
          "sentence": "kubecon became ready and then ended (OOMKilled, exit code 137)",
        },
        "state": "failed",
      }
    `);
  });

  it("fails a container that has ended inside the window and is not yet restarted", () => {
    const look = observation({ pods: [pod("new-1", [ended({ code: 1, at: 41 })])] });
    expect(verification(look, 42)).toMatchObject({ state: "failed", cause: { code: "restarted" } });
  });

  it("does not count a restart before ready", () => {
    expect(verification(restarted(), 100, 1)).toEqual({ state: "verified" });
  });

  it.each([-600, 0, 600])(
    "counts restarts, and does not compare the node's clock, which is %i s off, with ours",
    (skew) => {
      expect(verification(restarted(39 + skew), 100, 1)).toEqual({ state: "verified" });
      expect(verification(restarted(41 + skew), 45).state).toBe("failed");
    },
  );

  it("counts a restart whose end has no time", () => {
    const look = observation({ pods: [pod("new-1", [up({ restarts: 1, last: { code: 1 } })])] });
    expect(verification(look, 100).state).toBe("failed");
  });

  it("does not count a restart of an old pod", () => {
    const look = observation({
      pods: [oldPod("old-1", up({ restarts: 1, last: { code: 1, at: 50 } }))],
    });
    expect(verification(look, 100)).toEqual({ state: "verified" });
  });

  it("does not count a pod that is scaled down or drained, nor one that was evicted", () => {
    const over = [ended({ code: 143, at: 50 })];
    const look = observation({
      pods: [
        pod("new-1", over, { deleting: true }),
        pod("new-2", over, { phase: "Failed" }),
        pod("new-3", [up()]),
      ],
    });
    expect(verification(look, 100)).toEqual({ state: "verified" });
  });

  it("takes a container that runs and is not ready for no restart", () => {
    const look = observation({ pods: [pod("new-1", [starting()])] });
    expect(verification(look, 50)).toMatchObject({ state: "waiting" });
  });
});

describe("what stands between ready pods and a success", () => {
  const pending = (message: string) =>
    observation({
      certificates: [
        { name: "kubecon-2017", ready: true, message: "" },
        { name: "kubecon-2017-www", ready: false, message },
      ],
    });

  it("is a Service without endpoints, however long it was stable", () => {
    expect(verification(observation({ readyEndpoints: 0 }), 500)).toMatchInlineSnapshot(`
      {
        "cause": {
          "code": "no-endpoints",
          "evidence": [],
          "next": "check that the ports match",
          "sentence": "pods are ready, but the Service has no ready endpoint",
        },
        "state": "waiting",
      }
    `);
  });

  it("is no endpoint for an app without a Service, or at scale 0", () => {
    expect(verification(observation({ readyEndpoints: undefined }), 100).state).toBe("verified");
    const none = observation({ deployment: deployment({}, { replicas: 0 }), readyEndpoints: 0 });
    expect(verification(none, 100).state).toBe("verified");
  });

  it("is a certificate that is not issued, in the issuer's own words", () => {
    expect(verification(pending("DNS challenge pending"), 500)).toMatchInlineSnapshot(`
      {
        "cause": {
          "code": "certificate-pending",
          "evidence": [],
          "next": "check the issuer and the host's DNS",
          "sentence": "pods are ready, but certificate kubecon-2017-www is not ready: DNS challenge pending",
        },
        "state": "waiting",
      }
    `);
  });

  it("is a certificate whose issuer says nothing", () => {
    expect(verification(pending(""), 500)).toMatchObject({
      cause: { sentence: "pods are ready, but certificate kubecon-2017-www is not ready" },
    });
  });

  it("is told while the window is still open", () => {
    expect(verification(pending("pending"), 41)).toMatchObject({
      state: "waiting",
      cause: { code: "certificate-pending" },
    });
  });
});
