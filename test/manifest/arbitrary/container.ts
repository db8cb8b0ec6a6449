import fc from "fast-check";
import {
  anyText,
  cpu,
  dataKey,
  digest,
  directory,
  image,
  memory,
  objectName,
  portName,
  tag,
  urlPath,
  variableName,
} from "./text.ts";

export type WrittenPort =
  | number
  | { readonly port: number; readonly name?: string; readonly protocol?: string };
export type WrittenEnv = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A container as people write it. */
export interface WrittenContainer {
  readonly image: string;
  readonly image_tag?: string;
  readonly image_digest?: string;
  readonly ports?: readonly WrittenPort[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: WrittenEnv;
  readonly cpu?: string | number;
  readonly memory?: string;
  readonly health?: Readonly<Record<string, unknown>>;
  readonly writable?: readonly string[];
  readonly read_only?: boolean;
  readonly run_as_user?: number;
  readonly run_as_root?: boolean;
}

const anyPort = fc.oneof(fc.constantFrom(80, 443, 8_080, 53), fc.integer({ min: 1, max: 65_535 }));

/** Ports of one pod: no number and no name twice. */
export const podPorts: fc.Arbitrary<readonly WrittenPort[]> = fc
  .tuple(
    fc.uniqueArray(anyPort, { maxLength: 8 }),
    fc.uniqueArray(portName, { minLength: 8, maxLength: 8 }),
    fc.array(fc.tuple(fc.constantFrom("number", "object", "named"), protocols()), {
      minLength: 8,
      maxLength: 8,
    }),
  )
  .map(([ports, names, forms]) =>
    ports.map((port, index) => {
      const [form, protocol] = forms[index] ?? ["number", {}];
      const name = form === "named" ? { name: names[index] ?? "http" } : {};
      return form === "number" ? port : { port, ...name, ...protocol };
    }),
  );

function protocols(): fc.Arbitrary<{ protocol?: string }> {
  return fc.constantFrom({}, { protocol: "TCP" }, { protocol: "UDP" });
}

export function isTcp(port: WrittenPort): boolean {
  return typeof port === "number" || port.protocol !== "UDP";
}

export function numberOf(port: WrittenPort): number {
  return typeof port === "number" ? port : port.port;
}

export const env: fc.Arbitrary<WrittenEnv> = fc.dictionary(
  variableName,
  fc.oneof(
    anyText,
    fc.record({ secret: objectName, key: dataKey }, { noNullPrototype: true }),
    fc.record({ config: objectName, key: dataKey }, { noNullPrototype: true }),
  ),
  { maxKeys: 4, noNullPrototype: true },
);

const words = fc.array(anyText, { minLength: 1, maxLength: 4 });

/** A container with the given ports. */
export function container(
  ports: readonly WrittenPort[],
  allowRoot: boolean,
): fc.Arbitrary<WrittenContainer> {
  const version = fc.oneof(
    tag.map((image_tag) => ({ image_tag })),
    digest.map((image_digest) => ({ image_digest })),
  );
  const listed = ports.length === 0 ? fc.constantFrom({}, { ports }) : fc.constant({ ports });
  const fields = fc.record(
    {
      image,
      command: words,
      args: fc.array(anyText, { maxLength: 3 }),
      env,
      cpu,
      memory,
      health: health(ports),
      writable: fc.uniqueArray(directory, { maxLength: 3 }),
      read_only: fc.boolean(),
    },
    { requiredKeys: ["image"], noNullPrototype: true },
  );
  return fc
    .tuple(fields, version, listed, user(allowRoot))
    .map((parts) => Object.assign({}, ...parts) as WrittenContainer);
}

function user(allowRoot: boolean): fc.Arbitrary<object> {
  const ids = fc.constantFrom(1, 1_000, 2 ** 31 - 1);
  return fc.oneof(
    fc.constantFrom({}, { run_as_root: false }, ...(allowRoot ? [{ run_as_root: true }] : [])),
    fc.record({ run_as_user: ids }),
    fc.record({ run_as_user: ids, run_as_root: fc.constant(false) }),
  );
}

/** One way to ask, on a port that is known. */
function health(ports: readonly WrittenPort[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const path = fc.record(
    { path: urlPath, port: anyPort, tls: fc.boolean() },
    { requiredKeys: ports.some(isTcp) ? ["path"] : ["path", "port"], noNullPrototype: true },
  );
  const how = fc.oneof(path, fc.record({ tcp: anyPort }), fc.record({ command: words }));
  const when = fc.record(
    { start_seconds: fc.integer({ min: 1, max: 3_600 }), restart_when_unhealthy: fc.boolean() },
    { requiredKeys: [], noNullPrototype: true },
  );
  return fc.tuple(how, when).map(([asked, times]) => ({ ...asked, ...times }));
}
