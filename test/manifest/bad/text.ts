import { application, type BadManifest, withLines } from "./fixture.ts";

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));

/** Text that cannot be read, or is something else than a manifest. */
export const badTexts: readonly BadManifest[] = [
  { what: "UTF-16", text: utf16(application), findings: ["not-parsable 1:1"] },
  {
    what: "bytes that are not UTF-8, where they stand",
    text: new Uint8Array([...Buffer.from("a: \ufffd\nb: x"), 0xff, 0x0a]),
    findings: ["not-parsable 2:5"],
  },
  { what: "a lone surrogate", text: "a: x\ud800", findings: ["not-parsable 1:5"] },
  { what: "a NUL byte", text: "a: b\nc: d\0", findings: ["not-parsable 2:5"] },
  { what: "a file over 256 KiB", text: `#${"x".repeat(256 * 1024)}`, findings: ["too-big 1:1"] },
  { what: "too many lexical pieces", text: "- \n".repeat(40_000), findings: ["too-big 1:1"] },
  { what: "deep JSON", text: `{"a":${"[".repeat(40)}`, findings: ["too-deep 1:37"] },
  { what: "deep YAML brackets", text: `a: ${"[".repeat(40)}`, findings: ["too-deep 1:35"] },
  { what: "deep YAML lists", text: "- ".repeat(40), findings: ["too-deep 1:65"] },

  // JSON that is not JSON.
  {
    what: "a forgotten comma between members, and goes on",
    text: '{"application": "shop"\n "scale": 1.5,\n "containers": {}}',
    findings: [
      "missing-key 1:1 maintainer",
      "not-parsable 1:23",
      "wrong-type 2:11 scale",
      "no-containers 3:2 containers",
    ],
  },
  {
    what: "a forgotten comma that no space can hold",
    text: '{"application": "shop""scale": 1}',
    findings: ["not-parsable 1:23"],
  },
  {
    what: "a comma before a closing brace, and goes on",
    text: '{"application": "shop",\n "scale": 1,\n}',
    findings: ["missing-key 1:1 maintainer", "missing-key 1:1 containers", "not-parsable 2:12"],
  },
  { what: "a forgotten colon", text: '{"application" "shop"}', findings: ["not-parsable 1:15"] },
  { what: "a key without quotes", text: '{application: "shop"}', findings: ["not-parsable 1:2"] },
  { what: "single quotes in JSON", text: "{'application': 1}", findings: ["not-parsable 1:2"] },
  { what: "typographic quotes", text: '{"application": “shop”}', findings: ["not-parsable 1:17"] },
  { what: "a comment in JSON", text: '{ // app\n"a": 1}', findings: ["not-parsable 1:3"] },
  {
    what: "a comment at the start of a .json file",
    text: "# x\n{}",
    file: "a.JSON",
    findings: ["not-parsable 1:1"],
  },
  {
    what: "YAML in a .json file",
    text: application,
    file: "a.json",
    findings: ["not-parsable 1:1"],
  },
  { what: "an unclosed brace", text: '{"a": {"b": 1}\n', findings: ["not-parsable 1:1"] },
  { what: "an unclosed string", text: '{"a": "b\n}', findings: ["not-parsable 1:7"] },
  { what: "a wrong escape", text: '{"a": "\\x"}', findings: ["not-parsable 1:8"] },
  { what: "a raw control character", text: '{"a": "\t"}', findings: ["not-parsable 1:8"] },
  { what: "a leading zero", text: '{"scale": 03}', findings: ["not-parsable 1:11"] },
  { what: "text after the manifest", text: '{"a": 1}\n{"b": 2}', findings: ["not-parsable 2:1"] },
  { what: "True in JSON", text: '{"auto_tls": True}', findings: ["not-parsable 1:14"] },
  { what: "no-break space in JSON", text: '{"a":\u00a01}', findings: ["not-parsable 1:6"] },

  // YAML that is not YAML, or hides something.
  { what: "tabs as indentation", text: "containers:\n\tweb: 1\n", findings: ["not-parsable 2:1"] },
  { what: "two keys on one line", text: "application: shop: x\n", findings: ["not-parsable 1:14"] },
  {
    what: "an unclosed quote in YAML",
    text: "application: 'shop\n",
    findings: ["not-parsable 1:14"],
  },
  { what: "crooked indentation", text: "a:\n  b: 1\n c: 2\n", findings: ["not-parsable 3:1"] },
  { what: "an anchor", text: withLines("scale: &s 3"), findings: ["yaml-feature 4:8"] },
  { what: "an alias", text: withLines("scale: *s"), findings: ["yaml-feature 4:8"] },
  { what: "a tag of YAML", text: withLines("scale: !!int 3"), findings: ["yaml-feature 4:8"] },
  { what: "a merge key", text: withLines("<<: {scale: 3}"), findings: ["yaml-feature 4:1"] },
  {
    what: "a YAML directive, which changes what yes means",
    text: `%YAML 1.1\n---\n${withLines("auto_tls: yes")}`,
    findings: ["yaml-feature 1:1"],
  },
  {
    what: "a second document",
    text: `${withLines()}---\n${withLines()}`,
    findings: ["several-documents 4:1"],
  },

  // Something else than a manifest.
  { what: "an empty file", text: "", findings: ["not-a-manifest 1:1"] },
  { what: "an empty .json file", text: " \n", file: "a.json", findings: ["not-a-manifest 1:1"] },
  { what: "a file of comments", text: "# later\n", findings: ["not-a-manifest 1:1"] },
  { what: "null", text: "~", findings: ["not-a-manifest 1:1"] },
  { what: "a list", text: "- application: shop\n", findings: ["not-a-manifest 1:1"] },
  { what: "a JSON list", text: '[{"application": "shop"}]', findings: ["not-a-manifest 1:1"] },
  { what: "a word", text: "kubecon-2017", findings: ["not-a-manifest 1:1"] },
  {
    what: "a Kubernetes object",
    text: "apiVersion: apps/v1\nkind: Deployment\n",
    findings: ["not-a-manifest 1:1"],
  },
  {
    what: "several Kubernetes objects, naming the first",
    text: "---\napiVersion: v1\nkind: Service\n---\napiVersion: apps/v1\nkind: Deployment\n",
    findings: ["not-a-manifest 2:1"],
  },
  {
    what: "a Compose file",
    text: "services:\n  web: {image: nginx}\n",
    findings: ["not-a-manifest 1:1"],
  },
];
