import { systemClock } from "../../src/clock.ts";
import { createImageRegistry, type RegistryOptions } from "../../src/external/registry/registry.ts";
import type { Resolution } from "../../src/release/images.ts";

type Hosts = RegistryOptions["hosts"];

/** What a test says of the registries; the rest is as an operator would leave it. */
export type Settings = Partial<Hosts> & Partial<Omit<RegistryOptions, "hosts">>;

/** The registry edge as one environment has it, and what it reported to the operator. */
export function openRegistry(settings: Settings) {
  const { registries, insecure = [], tokenHosts = [], ...rest } = settings;
  const errors: unknown[] = [];
  const edge = createImageRegistry({
    hosts: { registries, insecure, tokenHosts },
    timeoutMs: 5_000,
    pullSecrets: () => Promise.resolve([]),
    clock: systemClock,
    onError: (error) => errors.push(error),
    ...rest,
  });
  const one = async (repository: string, which: { tag?: string; digest?: string }) => {
    const [answer] = await edge.resolve([{ repository, tag: which.tag, digest: which.digest }]);
    return answer ?? ({ state: "unknown", code: "registry-unavailable", why: "" } as Resolution);
  };
  return {
    edge,
    errors,
    /** One look at `repository:tag`. */
    tag: (repository: string, tag: string) => one(repository, { tag }),
    digest: (repository: string, digest: string) => one(repository, { digest }),
    close: () => edge.close(),
  };
}

/** Text of a pull secret that holds one login. */
export function pullSecret(key: string, user: string, password: string): string {
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [key]: { auth } } });
}
