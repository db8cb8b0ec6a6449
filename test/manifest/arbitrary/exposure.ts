import fc from "fast-check";
import { isTcp, numberOf, type WrittenContainer } from "./container.ts";
import { label, objectName, urlPath } from "./text.ts";

/** An ingress as people write it. */
export interface WrittenIngress {
  readonly scheme: string;
  readonly container_port: number;
  readonly hosts?: readonly string[];
  readonly path?: string;
  readonly tls_secret?: string;
}

export interface Exposure {
  readonly ingresses?: Readonly<Record<string, WrittenIngress>>;
  readonly auto_tls?: boolean;
}

/** Hosts that nobody else has: each place, such as `i0`, has a level of its own. */
export function hostsIn(
  place: string,
  domains: readonly string[],
): fc.Arbitrary<readonly string[]> {
  const host = fc
    .tuple(label(20), fc.constantFrom(...domains))
    .map(([name, domain]) => `${name}.${place}.${domain}`);
  return fc.uniqueArray(host, { minLength: 1, maxLength: 3 });
}

/** Ingresses to the TCP ports of containers; none where there are none. */
export function exposure(
  application: string,
  containers: Readonly<Record<string, WrittenContainer>>,
  domains: readonly string[],
): fc.Arbitrary<Exposure> {
  const ports = Object.values(containers).flatMap((each) =>
    (each.ports ?? []).filter(isTcp).map(numberOf),
  );
  if (ports.length === 0) {
    return fc.constantFrom({}, { ingresses: {} }, { auto_tls: false });
  }
  const key = fc.oneof(fc.constant(application), label(62 - application.length));
  return fc
    .uniqueArray(key, { maxLength: 4 })
    .chain((keys) => fc.tuple(...keys.map((name, index) => entry(name, index, ports, domains))))
    .chain((entries) => {
      const ingresses = Object.fromEntries(entries);
      return switched(ingresses).map((auto_tls) => ({ ...auto_tls, ingresses }));
    });
}

function entry(
  key: string,
  index: number,
  ports: readonly number[],
  domains: readonly string[],
): fc.Arbitrary<readonly [string, WrittenIngress]> {
  const fields = fc.record(
    {
      scheme: fc.constantFrom("http", "https"),
      container_port: fc.constantFrom(...ports),
      hosts: hostsIn(`i${index}`, domains),
      path: urlPath,
      tls_secret: objectName,
    },
    { requiredKeys: ["scheme", "container_port"], noNullPrototype: true },
  );
  const [domain = ""] = domains;
  const form = fc.constantFrom("own", "shared", "through");
  return fc.tuple(fields, form).map(([ingress, kind]) => {
    switch (kind) {
      // Several ingresses of one host, told apart by their paths.
      case "shared":
        return [
          key,
          { ...ingress, hosts: [`shared.${domain}`], path: `/shared-${index}` },
        ] as const;
      case "through": {
        const { path: _seenByNobody, ...rest } = ingress;
        return [key, { ...rest, scheme: "tls" }] as const;
      }
      case "own":
        return [key, ingress] as const;
    }
  });
}

/** auto_tls: on where a certificate is needed, else any. */
function switched(
  ingresses: Readonly<Record<string, WrittenIngress>>,
): fc.Arbitrary<{ auto_tls?: boolean }> {
  const isNeeded = Object.values(ingresses).some(
    ({ scheme, tls_secret: secret }) => scheme !== "http" && secret === undefined,
  );
  return isNeeded
    ? fc.constant({ auto_tls: true })
    : fc.constantFrom({}, { auto_tls: true }, { auto_tls: false });
}
