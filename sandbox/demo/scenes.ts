import { readFile } from "node:fs/promises";
import type { Phase } from "../../src/release/release.ts";

/** What a person does, and what must come of it. */
export interface Scene {
  readonly title: string;
  readonly act: Act;
  readonly expect: Expectation;
}

export type Act =
  | { readonly kind: "upload"; readonly name: string; readonly content: string }
  | { readonly kind: "command"; readonly words: string }
  /** A button under the newest release. */
  | { readonly kind: "press"; readonly label: string };

export type Expectation =
  /** A release ends so; its messages say these words; so many ready pods run this tag. */
  | {
      readonly kind: "verdict";
      readonly phase: Phase;
      readonly says: readonly string[];
      readonly serving: Readonly<Record<string, number>>;
    }
  /** Only the asker reads an answer with these words, and nothing is deployed. */
  | { readonly kind: "answer"; readonly says: readonly string[] };

const folder = new URL("../../examples/", import.meta.url);
const app = "kubecon-2017";

const live = (tag: string, ...says: readonly string[]): Expectation => ({
  kind: "verdict",
  phase: "succeeded",
  says: [`${tag} is live in production. 3 of 3 ready and stable`, ...says],
  serving: { [tag]: 3 },
});

/** The new version fails, and users stay on the old one. */
const failed = (tag: string, old: string, ...says: readonly string[]): Expectation => ({
  kind: "verdict",
  phase: "failed",
  says: [
    `${tag} failed in production`,
    `Users are still on ${old}: 3 of 3 old pods ready`,
    ...says,
  ],
  serving: { [old]: 3 },
});

const deploy = (title: string, tag: string, expect: Expectation): Scene => ({
  title,
  act: { kind: "command", words: `deploy ${app} tag=${tag}` },
  expect,
});

const ask = (title: string, words: string, ...says: readonly string[]): Scene => ({
  title,
  act: { kind: "command", words },
  expect: { kind: "answer", says },
});

/** The talk, slide by slide, then a day in the life of the application. */
export async function scenes(): Promise<readonly Scene[]> {
  const slide = async (title: string, name: string, expect: Expectation): Promise<Scene> => ({
    title,
    act: { kind: "upload", name, content: await readFile(new URL(name, folder), "utf8") },
    expect,
  });
  return [
    await withoutComma(),
    await slide("The application: a Deployment", "1-application.json", live("2017", "2 objects")),
    await slide("Exposing a Service", "2-service.json", live("2017", "(1 new)")),
    await slide(
      "Ingress connectivity",
      "3-ingress.json",
      live("2017", `http://${app}.example.com`),
    ),
    await slide("Adding TLS", "4-tls.json", live("2017", `https://${app}.example.com`)),
    deploy("Another version", "2016", live("2016", "2017 -> 2016")),
    deploy(
      "A version that crashes",
      "2018",
      failed("2018", "2016", "kubecon exits with code 1 at start", "DATABASE_URL is not set"),
    ),
    {
      title: "Back, by the button under the failure",
      act: { kind: "press", label: "Roll back to 2016" },
      expect: live("2016", "2018 -> 2016, back to revision 5"),
    },
    deploy(
      "A version that never becomes ready",
      "2019",
      failed("2019", "2016", "kubecon runs, but does not become ready"),
    ),
    deploy("A tag that does not exist", "2081", failed("2081", "2016", "does not exist")),
    deploy("Back to a good one", "2017", live("2017")),
    ask("What runs?", "list", app, "3 of 3", "2017"),
    ask("Its manifest", `show ${app}`, '"image_tag": "2017"', '"auto_tls": true'),
    ask("Its logs", `logs ${app}`, "listening on :8080"),
    ask("Its events", `events ${app}`, "ScalingReplicaSet"),
    ask("A slip of the finger", "deply", "deploy"),
  ];
}

/** The first slide as it was printed: the comma after "image" is missing. */
async function withoutComma(): Promise<Scene> {
  const text = await readFile(new URL("1-application.json", folder), "utf8");
  const content = text.replace(/("image": "[^"]+"),/, "$1");
  return {
    title: "The slide as it was printed: a comma is missing",
    act: { kind: "upload", name: "slide-1.json", content },
    expect: {
      kind: "verdict",
      phase: "refused",
      says: ["Not deployed", "6:56 not-parsable: A comma is missing"],
      serving: {},
    },
  };
}
