import { DoccError } from "../../errors.ts";
import { deploymentName } from "../../manifest/adopt/asked.ts";
import { fits } from "../../manifest/adopt/fits.ts";
import { adoptedYaml, adoptionLines } from "../../manifest/adopt/text.ts";
import { yamlText } from "../../manifest/render.ts";
import { type Found, foundIn, seenOf } from "../../release/found.ts";
import { releaseName } from "../../release/names.ts";
import { adoptionRequest } from "../../release/request.ts";
import { quoted } from "../../text/clean.ts";
import { ended } from "../../text/ended.ts";
import { typedWord } from "../../text/typed-word.ts";
import { accept } from "../accept.ts";
import type { Answer } from "../answer.ts";
import { askerOf, type Request } from "../define.ts";
import type { EnvironmentPort, Ports } from "../ports.ts";

/** A Deployment that runs already, and who is to own it as an app. */
interface Wish {
  /** As kubectl takes it. */
  readonly from: string;
  readonly maintainer: string;
}

/** A message names so many; the file has all of them. */
const mostRemarks = 12;

/**
 * Writes down what runs already and shows it to the asker alone, with a button that asks for its take-over.
 * @throws DoccError `bad-input`, and what the cluster's reading throws
 */
export async function adoption(
  { from, maintainer }: Wish,
  request: Request,
  environment: EnvironmentPort,
  ports: Ports,
): Promise<Answer> {
  const name = nameIn(from);
  const read = await environment.adoptable(name, request.requester);
  const found = foundIn(read, maintainer, environment);
  const seen = seenOf(found, (text) => ports.hash(text));
  return show(found, { name, maintainer, seen, environment: environment.name });
}

/**
 * Stores that what was shown is to become docc's. Nothing is read before, so that a docc that is killed has lost
 * nothing that it acknowledged: the plan of the release reads it again, says what the take-over changes, and waits
 * for a yes.
 * @param seen hash of what was shown
 * @throws DoccError `bad-input`, and why it is not stored
 */
export async function takeOver(
  { from, maintainer, seen }: Wish & { readonly seen: string },
  request: Request,
  environment: EnvironmentPort,
  ports: Ports,
): Promise<Answer> {
  const app = nameIn(from);
  if (!fits(["application"], app)) {
    const sentence = `docc would not call it ${quoted(app)}, and Kubernetes renames nothing.`;
    throw new DoccError("bad-input", sentence, {
      hint: "Deploy its manifest beside what runs, then delete that.",
    });
  }
  const adopts = { seen, maintainer };
  const wish = { environment: environment.name };
  const release = releaseName(app, ports.hash(request.delivery));
  await accept(ports, release, adoptionRequest(app, wish, adopts, askerOf(request)));
  return {
    text: `Accepted: docc plans to take over ${placeOf(app, environment)}. The plan in its thread says what would change, and waits for a yes.`,
    about: { app, environment: environment.name, release },
  };
}

/**
 * The Deployment that `from=` names.
 * @throws DoccError `bad-input`
 */
export function nameIn(from: string): string {
  const name = deploymentName(from);
  if (name !== undefined) return name;
  throw new DoccError(
    "bad-input",
    `${quoted(from)} is no Deployment, and docc runs nothing else.`,
    {
      hint: "Write from=deployment/NAME.",
    },
  );
}

function placeOf(name: string, environment: { readonly name: string }): string {
  return `Deployment ${name} in ${environment.name}`;
}

interface Shown {
  readonly name: string;
  readonly maintainer: string;
  readonly environment: string;
  readonly seen: string;
}

function show(found: Found, asked: Shown): Answer {
  const { adoption: written, app, hindrances, helm, takes } = found;
  const { environment } = asked;
  const place = placeOf(asked.name, { name: environment });
  const errors = found.findings.filter(({ severity }) => severity === "error");
  const remarks = adoptionLines(written);
  const left = remarks.length - mostRemarks;
  const canAdopt = hindrances.length === 0;
  const named = takes.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return {
    text: `${place}, as a manifest. Nothing is changed.`,
    lines: [
      ...remarks.slice(0, mostRemarks),
      ...(left > 0 ? [`And ${left} more, at the top of the file.`] : []),
      ...(canAdopt
        ? [
            `Adopt has docc plan to take over ${named}. The plan says what would change, and waits for a yes; what the manifest does not say stays there as it is.`,
          ]
        : hindrances.map(
            ({ sentence, next }) =>
              `It cannot be taken over: ${ended(sentence)} To go on: ${ended(next)}`,
          )),
      ...helm.map(ended),
    ],
    ...(errors.length === 0 ? {} : { findings: errors }),
    snippet: {
      title: "manifest.yaml",
      text: yamlText(written.manifest).trimEnd(),
      keep: "first",
      file: { name: "manifest.yaml", text: adoptedYaml(written), isWanted: true },
    },
    ...(canAdopt ? { buttons: adoptButton(place, asked) } : {}),
    about: { app, environment },
  };
}

/** It carries the hash of what was shown, and nothing of that. */
function adoptButton(
  place: string,
  { name, environment, maintainer, seen }: Shown,
): NonNullable<Answer["buttons"]> {
  const words = [
    "init",
    typedWord("from", `deployment/${name}`),
    typedWord("maintainer", maintainer),
    `in=${environment}`,
    `adopt=${seen}`,
  ];
  return words.includes(undefined)
    ? []
    : [{ text: "Adopt", words: words.join(" "), label: `Take over ${place}: makes a plan of it` }];
}
