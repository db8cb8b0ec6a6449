import fc from "fast-check";

/** Valid manifests as people may write them, over the whole grammar of each field. */

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

function label(most: number, start = letters + digits): fc.Arbitrary<string> {
  const end = fc.constantFrom(...(letters + digits).split(""));
  const middle = fc.string({
    unit: fc.constantFrom(...`${letters}${digits}-`.split("")),
    maxLength: most - 2,
  });
  return fc
    .tuple(
      fc.constantFrom(...start.split("")),
      fc.option(fc.tuple(middle, end), { nil: undefined }),
    )
    .map(([first, rest]) => first + (rest?.join("") ?? ""))
    .filter((name) => name !== "constructor" && name !== "prototype");
}

const image = fc.constantFrom(
  "nginx",
  "team/app",
  "registry.corp.example.com/demo/kubecon",
  "localhost:5000/a",
  "r.example.com:443/a__b/c-d.e",
);
const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/u);
const maintainer = fc.constantFrom(
  "team@corp.example.com",
  "U0123456789",
  "S0123456789",
  "C0123456789",
);

interface Written {
  application: string;
  scale?: number;
  auto_tls?: boolean;
  ingresses?: Record<string, { scheme: string; container_port: number }>;
  containers: Record<string, { image: string; image_tag: string; ports?: number[] }>;
  maintainer: string | string[];
}

const containers = fc
  .tuple(
    fc.uniqueArray(label(63), { minLength: 1, maxLength: 10 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 12 }),
    fc.array(fc.tuple(image, tag, fc.boolean()), { minLength: 10, maxLength: 10 }),
  )
  .map(([names, ports, contents]) => shareOut(names, ports, contents));

/** Gives each port to one of the containers: a port appears once in the pod. */
function shareOut(
  names: readonly string[],
  ports: readonly number[],
  contents: readonly (readonly [string, string, boolean])[],
): Written["containers"] {
  const written: Written["containers"] = {};
  names.forEach((name, index) => {
    const [repository, version, isSilent] = contents[index] ?? ["nginx", "1", true];
    const mine = ports.filter((port) => port % names.length === index);
    written[name] = {
      image: repository,
      image_tag: version,
      ...(mine.length === 0 && isSilent ? {} : { ports: mine }),
    };
  });
  return written;
}

export const manifests: fc.Arbitrary<Written> = fc
  .record(
    {
      application: label(50, letters),
      scale: fc.integer({ min: 0, max: 100 }),
      containers,
      maintainer: fc.oneof(maintainer, fc.array(maintainer, { minLength: 1, maxLength: 10 })),
    },
    { requiredKeys: ["application", "containers", "maintainer"] },
  )
  .chain((manifest) => fc.tuple(fc.constant(manifest), ingressesFor(manifest)))
  .map(([manifest, exposure]) => ({ ...manifest, ...exposure }));

function ingressesFor(
  manifest: Pick<Written, "application" | "containers">,
): fc.Arbitrary<Pick<Written, "ingresses" | "auto_tls">> {
  const ports = Object.values(manifest.containers).flatMap((container) => container.ports ?? []);
  if (ports.length === 0) {
    return fc.constant({});
  }
  const ingress = fc.record({
    scheme: fc.constantFrom("http", "https", "tls"),
    container_port: fc.constantFrom(...ports),
  });
  const key = fc.oneof(fc.constant(manifest.application), label(62 - manifest.application.length));
  return fc
    .dictionary(key, ingress, { maxKeys: 5, noNullPrototype: true })
    .map((ingresses) => ({ auto_tls: true, ingresses }));
}

/** The same data with the keys of every object in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffled(item, seed));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(
    ([key, member]) => [key, shuffled(member, seed)] as const,
  );
  const turned = [
    ...entries.slice(seed % entries.length || 0),
    ...entries.slice(0, seed % entries.length || 0),
  ];
  return Object.fromEntries(seed % 2 === 0 ? turned : turned.toReversed());
}
