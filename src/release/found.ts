import { adopt, type Adoption, belongings } from "../manifest/adopt/adopt.ts";
import { type Adoptable, withUnread } from "../manifest/adopt/asked.ts";
import { at, plain, textAt } from "../manifest/adopt/json.ts";
import { adoptedJson } from "../manifest/adopt/text.ts";
import { canonicalJson } from "../manifest/canonical.ts";
import { type Finding, hasErrors } from "../manifest/finding.ts";
import { parseManifest } from "../manifest/parse.ts";
import type { Platform } from "../manifest/platform.ts";
import type { Manifest } from "../manifest/schema/manifest.ts";
import { translate } from "../manifest/translate.ts";
import { advise } from "../text/advice.ts";
import { quoted } from "../text/clean.ts";
import { helmOf, type Obstacle, obstacleTo, sayHelm, strangersAmong } from "./adoption.ts";
import { instance, managedBy } from "./plan.ts";
import type { CauseCode, TakenObject } from "./release.ts";

/** Why docc cannot have it as it runs. */
interface Hindrance extends Omit<Obstacle, "code"> {
  readonly code: Extract<CauseCode, "bad-manifest"> | Obstacle["code"];
}

/** What runs without docc, as docc would have it. */
export interface Found {
  readonly app: string;
  readonly adoption: Adoption;
  /** Undefined where the rules refuse what runs. */
  readonly manifest: Manifest | undefined;
  readonly findings: readonly Finding[];
  readonly takes: readonly TakenObject[];
  /** Empty when it can be taken over: then the Deployment has the app's name. */
  readonly hindrances: readonly Hindrance[];
  /** Whose releases of Helm it belongs to, in sentences. */
  readonly helm: readonly string[];
}

/** Pure: what is shown to people, and what is taken over when it is still that. */
export function foundIn(
  { deployment, objects, unread }: Adoptable,
  maintainer: string,
  { name: environment, platform }: { readonly name: string; readonly platform: Platform },
): Found {
  const given = adopt(deployment, belongings(deployment, objects), { platform, maintainer });
  const adoption = withUnread(given, unread, "docc");
  const { manifest, findings } = parseManifest(adoptedJson(adoption), { platform });
  const wanted = manifest === undefined ? [] : translate(manifest, platform);
  const strangers = strangersAmong(wanted, [deployment, ...objects]);
  const takes = strangers.map(({ desired, live }) => ({
    kind: desired.kind,
    name: desired.metadata.name,
    uid: textAt(live, "metadata", "uid") ?? "",
  }));
  const app = textAt(adoption.manifest, "application") ?? "";
  const hasDeployment = takes.some(({ kind }) => kind === "Deployment");
  return {
    app,
    adoption,
    manifest,
    findings,
    takes,
    hindrances: [
      ...(hasErrors(findings)
        ? [unfit]
        : hasDeployment
          ? []
          : [notByName(deployment, app, environment)]),
      ...strangers.flatMap(({ desired, live }) => obstacleTo(live, desired) ?? []),
    ],
    helm: strangers.flatMap(({ desired: { kind, metadata }, live }) => {
      const release = helmOf(live);
      return release === undefined ? [] : [sayHelm(`${kind} ${metadata.name}`, release)];
    }),
  };
}

/**
 * Stands for what was shown of it: the manifest, and the very objects that would become docc's.
 * @param hash hex SHA-256 of a text
 */
export function seenOf({ adoption, takes }: Found, hash: (text: string) => string): string {
  return hash(canonicalJson([adoptedJson(adoption), takes])).slice(0, 12);
}

const unfit: Hindrance = {
  code: "bad-manifest",
  sentence: "docc does not take this manifest here as it is",
  next: "correct what is named here in the file, and deploy that beside what runs, under a new name",
};

/** docc's own, or of a name that an application cannot have. */
function notByName(deployment: unknown, app: string, environment: string): Hindrance {
  const labels = at(plain(deployment), "metadata", "labels");
  const ours = textAt(labels, instance) ?? app;
  const isOurs = textAt(labels, managedBy) === "docc";
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
