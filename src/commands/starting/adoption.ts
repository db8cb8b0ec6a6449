import { DoccError } from "../../errors.ts";
import { adopt, belongings } from "../../manifest/adopt/adopt.ts";
import { type Adoptable, deploymentName, withUnread } from "../../manifest/adopt/asked.ts";
import { at, plain, textAt } from "../../manifest/adopt/json.ts";
import { adoptedJson, adoptedYaml, adoptionLines } from "../../manifest/adopt/text.ts";
import { canonicalJson } from "../../manifest/canonical.ts";
import { type Finding, hasErrors } from "../../manifest/finding.ts";
import { parseManifest } from "../../manifest/parse.ts";
import { yamlText } from "../../manifest/render.ts";
import { translate } from "../../manifest/translate.ts";
import { helmOf, obstacleTo, sayHelm, strangersAmong } from "../../release/adoption.ts";
import { releaseName } from "../../release/names.ts";
import type { TakenObject } from "../../release/release.ts";
import { adoptionRequest } from "../../release/request.ts";
import { advise } from "../../text/advice.ts";
import { quoted } from "../../text/clean.ts";
import { ended } from "../../text/ended.ts";
import { typedWord } from "../../text/typed-word.ts";
import { accept } from "../accept.ts";
import type { Answer } from "../answer.ts";
import { askerOf, type Request } from "../define.ts";
import type { EnvironmentPort, Ports } from "../ports.ts";

/** What is asked about a Deployment that runs already. */
interface Wish {
  readonly from: string;
  readonly maintainer: string;
  /** Hash of what was shown; with it, the asker wants that to become docc's. */
  readonly adopt: string | undefined;
}

/** Why docc cannot have it as it runs; sentences. */
interface Hindrance {
  readonly code: string;
  readonly sentence: string;
  readonly next: string;
}

/** What runs without docc, as docc would have it. */
interface Found {
  readonly app: string;
  /** JSON. */
  readonly manifest: string;
  readonly yaml: string;
  readonly file: string;
  /** What it does not say, and what will be otherwise. */
  readonly remarks: readonly string[];
  readonly errors: readonly Finding[];
  readonly takes: readonly TakenObject[];
  readonly hindrances: readonly Hindrance[];
  readonly helm: readonly string[];
}

/** A message names so many; the file has all of them. */
const mostRemarks = 12;

/**
 * Writes down what runs already, shows it to the asker alone, and asks for its take-over when it is still what
 * was shown. Nothing is taken over here: the plan of the release says what that changes, and waits for a yes.
 * @throws DoccError `bad-input`, and what the cluster's reading throws
 */
export async function adoption(
  wish: Wish,
  request: Request,
  environment: EnvironmentPort,
  ports: Ports,
): Promise<Answer> {
  const name = deploymentName(wish.from);
  if (name === undefined) {
    const sentence = `${quoted(wish.from)} is no Deployment, and docc runs nothing else.`;
    throw new DoccError("bad-input", sentence, { hint: "Write from=deployment/NAME." });
  }
  const read = await environment.adoptable(name, request.requester);
  const found = foundIn(read, wish.maintainer, environment);
  const seen = ports.hash(canonicalJson([found.manifest, found.takes])).slice(0, 12);
  const place = `Deployment ${name} in ${environment.name}`;
  const shown = show(found, seen, { ...wish, name, place, environment: environment.name });
  if (wish.adopt === undefined) return shown;
  if (wish.adopt !== seen) {
    const text = `Not taken over: ${place} is not what you were shown any more. This is what runs now.`;
    return { ...shown, text, reason: "conflict" };
  }
  const [hindrance] = found.hindrances;
  if (hindrance !== undefined) return { ...shown, reason: hindrance.code };
  const { app, manifest, takes } = found;
  const adopts = { manifest, takes };
  const spec = adoptionRequest(app, { environment: environment.name }, adopts, askerOf(request));
  const release = releaseName(app, ports.hash(request.delivery));
  await accept(ports, release, spec);
  return {
    text: `Accepted: docc plans to take over ${place}. The plan in its thread says what would change, and waits for a yes.`,
    about: { app, environment: environment.name, release },
  };
}

function foundIn(
  read: Adoptable,
  maintainer: string,
  { name: environment, platform }: EnvironmentPort,
): Found {
  const { deployment, objects, unread } = read;
  const given = adopt(deployment, belongings(deployment, objects), { platform, maintainer });
  const whole = withUnread(given, unread, "docc");
  const text = adoptedJson(whole);
  const { manifest, findings } = parseManifest(text, { platform });
  const wanted = manifest === undefined ? [] : translate(manifest, platform);
  const strangers = strangersAmong(wanted, [deployment, ...objects]);
  const takes = strangers.map(({ desired, live }) => ({
    kind: desired.kind,
    name: desired.metadata.name,
    uid: textAt(live, "metadata", "uid") ?? "",
  }));
  const app = textAt(whole.manifest, "application") ?? "";
  const obstacles = strangers.flatMap(({ desired, live }) => obstacleTo(live, desired) ?? []);
  const hasDeployment = takes.some(({ kind }) => kind === "Deployment");
  return {
    app,
    manifest: text,
    yaml: yamlText(whole.manifest).trimEnd(),
    file: adoptedYaml(whole),
    remarks: adoptionLines(whole),
    errors: findings.filter(({ severity }) => severity === "error"),
    takes,
    hindrances: [
      ...(hasErrors(findings)
        ? [unfit]
        : hasDeployment
          ? []
          : [notByName(deployment, app, environment)]),
      ...obstacles,
    ],
    helm: strangers.flatMap(({ desired: { kind, metadata }, live }) => {
      const release = helmOf(live);
      return release === undefined ? [] : [sayHelm(`${kind} ${metadata.name}`, release)];
    }),
  };
}

const unfit: Hindrance = {
  code: "bad-input",
  sentence: "docc does not take this manifest here as it is",
  next: "correct what is named here in the file, and deploy that beside what runs, under a new name",
};

/** docc's own, or of a name that an application cannot have. */
function notByName(deployment: unknown, app: string, environment: string): Hindrance {
  const live = plain(deployment);
  const labels = at(live, "metadata", "labels");
  const ours = textAt(labels, "app.kubernetes.io/instance") ?? app;
  const isOurs = textAt(labels, "app.kubernetes.io/managed-by") === "docc";
  return isOurs
    ? {
        code: "not-ours",
        sentence: `docc made it already, for ${quoted(ours)}`,
        next: `${advise("show", { app: ours, environment })} shows that manifest`,
      }
    : {
        code: "not-ours",
        sentence: `docc would call it ${app}, and Kubernetes renames nothing`,
        next: "deploy the manifest beside what runs, then delete that",
      };
}

interface Shown extends Wish {
  readonly name: string;
  readonly place: string;
  readonly environment: string;
}

function show(found: Found, seen: string, asked: Shown): Answer {
  const { app, errors, file, hindrances, helm, remarks, takes, yaml } = found;
  const { environment, place } = asked;
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
      text: yaml,
      keep: "first",
      file: { name: "manifest.yaml", text: file, isWanted: true },
    },
    ...(canAdopt ? { buttons: adoptButton(seen, asked) } : {}),
    about: { app, environment },
  };
}

/** It carries the hash of what was shown, and nothing of that. */
function adoptButton(
  seen: string,
  { name, environment, maintainer, place }: Shown,
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
