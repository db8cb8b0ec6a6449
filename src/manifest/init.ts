import { stringify } from "yaml";
import { z } from "zod";
import { madeName } from "./made-name.ts";
import type { Path } from "./problem.ts";
import type { Json, JsonObject } from "./reading/tree.ts";
import { schemaAt } from "./schema/at.ts";

/** What is known of an application that gets its first manifest; placeholders stand for the rest. */
export interface Answers {
  readonly application?: string;
  /** The repository, without tag. */
  readonly image?: string;
  readonly tag?: string;
  /** In place of a tag. */
  readonly digest?: string;
  readonly maintainer?: string;
  readonly team?: string;
  readonly scale?: Json;
  /** Null: it listens on none. */
  readonly port?: Json;
  readonly memory?: string;
  /** Of an ingress; none without it. */
  readonly scheme?: string;
  /** Names it answers to; the operator's domain without them. */
  readonly hosts?: readonly string[];
}

/** Where editors find the schema, from the manifest's folder. */
const SCHEMA = "./manifest.schema.json";
const LONGEST_NAME = 50;
const DEFAULT_PORT = 8_080;

/** A line of the manifest; one that is off stands there as a comment. */
interface Line {
  readonly path: Path;
  readonly value: Json;
  readonly isOn: boolean;
}

/**
 * A first manifest in YAML, short and ready to deploy once its placeholders are filled in. What most
 * need is on; the rest stands behind a `#` that touches it, with what the schema says of it. Answers go
 * in as data, so whatever they are, the text is one manifest; whether docc takes them is for
 * {@link parseManifest} to say.
 */
export function starterManifest(answers: Answers): string {
  const { top, container, ingress, bottom } = linesOf(answers);
  const name = nameOf(answers);
  const lines = [
    `# yaml-language-server: $schema=${SCHEMA}`,
    "# Take away a # that touches a word to switch its line on.",
    ...top.map((line) => lineText(line, "")),
    "",
    "containers:",
    `  ${keyText(name)}:`,
    ...container.map((line) => lineText(line, "    ")),
    "",
    ...(ingress.length === 0 ? [] : ["ingresses:", `  ${keyText(name)}:`]),
    ...ingress.map((line) => lineText(line, "    ")),
    ...(ingress.length === 0 ? [] : [""]),
    ...bottom.map((line) => lineText(line, "")),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The same manifest in JSON, which has no comments: what is on. */
export function starterJson(answers: Answers): string {
  const { top, container, ingress, bottom } = linesOf(answers);
  const name = nameOf(answers);
  const manifest = {
    $schema: SCHEMA,
    ...membersOf(top),
    containers: { [name]: membersOf(container) },
    ...(ingress.length === 0 ? {} : { ingresses: { [name]: membersOf(ingress) } }),
    ...membersOf(bottom),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The name of the one container, and of the ingress: the application's, where it can be one. */
function nameOf({ application = "app" }: Answers): string {
  return madeName(application, LONGEST_NAME, "app");
}

function linesOf(answers: Answers) {
  return {
    top: topLines(answers),
    container: containerLines(answers),
    ingress: ingressLines(answers),
    bottom: bottomLines(answers),
  };
}

const on = (path: Path, value: Json): Line => ({ path, value, isOn: true });
const off = (path: Path, value: Json): Line => ({ path, value, isOn: false });

function topLines({ application, maintainer, team, scale }: Answers): readonly Line[] {
  return [
    on(["application"], application ?? "app"),
    on(["maintainer"], maintainer ?? "team@example.com"),
    team === undefined ? off(["team"], "payments") : on(["team"], team),
    on(["scale"], scale ?? 2),
  ];
}

function containerLines(answers: Answers): readonly Line[] {
  const { image, tag, digest, memory, port: given = DEFAULT_PORT } = answers;
  const port = given ?? DEFAULT_PORT;
  const listening = given === null ? off : on;
  const at = (field: string): Path => ["containers", "any", field];
  return [
    on(at("image"), image ?? `registry.example.com/team/${nameOf(answers)}`),
    digest === undefined ? on(at("image_tag"), tag ?? "1.0.0") : on(at("image_digest"), digest),
    // A connection is what every server takes; a path is better, and nobody's guess.
    listening(at("ports"), [port]),
    listening(at("health"), { tcp: port }),
    on(at("memory"), memory ?? "512Mi"),
    off(at("cpu"), "500m"),
    off(at("env"), { LOG_LEVEL: "info", DATABASE_URL: { secret: "db", key: "url" } }),
    off(at("command"), ["/app/server"]),
    off(at("args"), ["--verbose"]),
    off(at("writable"), ["/tmp", "/var/cache"]),
    off(at("read_only"), false),
    off(at("run_as_user"), 1_000),
  ];
}

function ingressLines({ scheme, hosts, port = DEFAULT_PORT }: Answers): readonly Line[] {
  if (scheme === undefined) {
    return [];
  }
  const at = (field: string): Path => ["ingresses", "any", field];
  return [
    on(at("scheme"), scheme),
    on(at("container_port"), port),
    hosts === undefined ? off(at("hosts"), ["shop.example.com"]) : on(at("hosts"), [...hosts]),
    ...(scheme === "tls" ? [] : [off(at("path"), "/api")]),
    ...(scheme === "http" ? [] : [off(at("tls_secret"), "shop-certificate")]),
  ];
}

function bottomLines(answers: Answers): readonly Line[] {
  const { scheme, port = DEFAULT_PORT } = answers;
  const isEncrypted = scheme === "https" || scheme === "tls";
  const ingress = { scheme: "http", container_port: port ?? DEFAULT_PORT };
  return [
    ...(scheme === undefined ? [off(["ingresses"], { [nameOf(answers)]: ingress })] : []),
    isEncrypted ? on(["auto_tls"], true) : off(["auto_tls"], true),
    off(["links"], { dashboard: "https://grafana.example.com/d/{app}" }),
    off(["channel"], "C0123456789"),
    off(["deploy"], { timeout: "10m", stable: "60s" }),
    off(["environments"], { staging: { scale: 1, env: { LOG_LEVEL: "debug" } } }),
  ];
}

function membersOf(lines: readonly Line[]): JsonObject {
  return Object.fromEntries(
    lines.filter(({ isOn }) => isOn).map(({ path, value }) => [String(path.at(-1)), value]),
  );
}

function lineText({ path, value, isOn }: Line, indent: string): string {
  const member = memberText(String(path.at(-1)), value);
  return `${indent}${isOn ? "" : "#"}${member} # ${descriptionOf(path)}`;
}

/** The schema's own words, so that these cannot drift from them. */
function descriptionOf(path: Path): string {
  const schema = schemaAt(path);
  return (schema === undefined ? undefined : z.globalRegistry.get(schema)?.description) ?? "";
}

/** Texts that people change into what YAML takes for numbers and else, such as 1.10. */
const quotedFields: readonly string[] = ["image_tag", "command", "args"];

/** `key: value` on one line, however long or strange the value. */
function memberText(key: string, value: Json): string {
  // JSON is YAML, too, and has no line breaks of its own.
  const json = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const isPlain = /^[\x20-\x7e]*$/u.test(json) && !json.includes("\\");
  return isPlain ? flowText(key, value) : json;
}

function flowText(key: string, value: Json): string {
  const flow = stringify(
    { [key]: value },
    {
      collectionStyle: "flow",
      flowCollectionPadding: false,
      lineWidth: 0,
      compat: "yaml-1.1",
      defaultKeyType: "PLAIN",
      defaultStringType: quotedFields.includes(key) ? "QUOTE_DOUBLE" : "PLAIN",
    },
  );
  return flow.trim().slice(1, -1);
}

function keyText(name: string): string {
  return memberText(name, 0).replace(/: 0$/u, "");
}
