import { describe, expect, it } from "vitest";
import { SteppedClock } from "../../sandbox/clock.ts";
import {
  following,
  loseSight,
  progress,
  subjectOf,
  watchOver,
} from "../../src/controller/following.ts";
import type { ControllerPorts, Environment } from "../../src/controller/ports.ts";
import { KubeError } from "../../src/k8s/errors.ts";
import { ofRelease } from "../../src/k8s/look.ts";
import type { RolloutWatch } from "../../src/k8s/rollout-watch.ts";
import { createLogger } from "../../src/log.ts";
import { defaultPlatform } from "../../src/manifest/platform.ts";
import type { Observation } from "../../src/release/observation.ts";
import type { ObjectRef, ReleaseStatus } from "../../src/release/release.ts";
import { at, observation, target, window } from "../release/cluster.ts";
import { plan, release } from "../release/releases.ts";

const manifest = '{"application":"kubecon-2017","ingresses":{},"maintainer":[]}';
const stable = 60_000;

/** A release that is followed, at so many seconds after its start. */
function rig(
  seconds: number,
  seen: Observation | undefined,
  look: () => Promise<Observation>,
  more: Partial<ReleaseStatus> = {},
) {
  const clock = new SteppedClock(at(seconds));
  const looks: unknown[] = [];
  const cluster = {
    look: (subject: unknown) => {
      looks.push(subject);
      return look();
    },
  };
  // Only what following uses of its surroundings is there.
  const env = {
    name: "production",
    platform: defaultPlatform,
    cluster,
    rollout: { timeout: 600_000, stable },
    channel: undefined,
  } as unknown as Environment;
  const ports = { clock, log: createLogger("silent") } as unknown as ControllerPorts;
  const status: ReleaseStatus = {
    phase: "progressing",
    app: "kubecon-2017",
    plan: { ...plan, manifest },
    rollout: target,
    deadline: new Date(window.deadline).toISOString(),
    transitions: [{ phase: "applying", at: new Date(at(0)).toISOString(), actor: "docc" }],
    ...more,
  };
  const followed = following(
    { release: { ...release(), status }, app: "kubecon-2017", plan: { ...plan, manifest } },
    env,
  );
  const watch = {
    observation: () => seen,
    stop: () => Promise.resolve(),
  } satisfies RolloutWatch;
  return { followed, watch, env, ports, looks };
}

const away = (): Promise<Observation> =>
  Promise.reject(new KubeError("unavailable", "The cluster is away."));
const overdue = (window.deadline - at(0)) / 1_000 + 1;
const pendingCertificate = observation({
  certificates: [{ name: "kubecon-2017", ready: false, message: "DNS challenge pending" }],
});

describe("a rollout whose watches are not complete", () => {
  it("waits before its deadline, without asking", async () => {
    const { followed, watch, env, ports, looks } = rig(10, undefined, away);
    const step = await progress(followed, watch, env, ports, () => undefined);
    expect(step).toEqual({ againMs: 5_000 });
    expect(looks).toEqual([]);
  });

  it("is looked at once past its deadline, and may have succeeded all along", async () => {
    const fine = (): Promise<Observation> => Promise.resolve(observation());
    const { followed, watch, env, ports } = rig(overdue, undefined, fine);
    const step = await progress(followed, watch, env, ports, () => undefined);
    expect(step).toMatchObject({ write: { phase: "verifying" } });
  });

  it("fails to be looked at loudly, so that the controller can end it", async () => {
    const { followed, watch, env, ports } = rig(overdue, undefined, away);
    await expect(progress(followed, watch, env, ports, () => undefined)).rejects.toThrow("away");
  });

  it("ends as unknown, never as failed", () => {
    const { followed } = rig(overdue, undefined, away);
    expect(loseSight(followed, at(overdue))).toMatchObject({
      write: { phase: "unknown", verdict: { outcome: "unknown", cause: { code: "unreachable" } } },
    });
  });
});

describe("pods that are ready while a certificate is not", () => {
  const readyAt = new Date(at(20)).toISOString();
  const verifying = { phase: "verifying", readyAt } as const;

  it.each([30, 79, 80, 81, 200, 599])(
    "are looked at again in seconds, at second %d",
    async (now) => {
      const { followed, watch, env, ports } = rig(now, pendingCertificate, away, verifying);
      const step = await watchOver(followed, watch, env, ports, () => undefined);
      expect("againMs" in step ? step.againMs : 0).toBeGreaterThanOrEqual(1_000);
    },
  );

  it("fail at the deadline, with the issuer's words", async () => {
    const look = (): Promise<Observation> => Promise.resolve(pendingCertificate);
    const { followed, watch, env, ports } = rig(overdue, pendingCertificate, look, verifying);
    const step = await watchOver(followed, watch, env, ports, () => undefined);
    expect(step).toMatchObject({
      write: { phase: "failed", verdict: { cause: { code: "certificate-pending" } } },
    });
  });
});

describe("the certificates that count for a release", () => {
  const ref = (kind: string, name: string): ObjectRef => ({
    apiVersion: "cert-manager.io/v1",
    kind,
    namespace: "web",
    name,
  });

  it("are those of its own inventory: an older release's may never get ready", () => {
    const inventory = [ref("Deployment", "kubecon-2017"), ref("Certificate", "kubecon-2017")];
    const { followed } = rig(10, undefined, away, { inventory });
    const subject = subjectOf(followed);
    expect(subject).toEqual({ app: "kubecon-2017", certificates: ["kubecon-2017"] });
    const all = [
      { metadata: { name: "kubecon-2017" } },
      { metadata: { name: "kubecon-2017-old" } },
    ];
    expect(ofRelease(all, subject)).toEqual([all[0]]);
  });
});
