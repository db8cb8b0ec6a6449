import { quoted } from "../../text/clean.ts";
import { fits, refusal } from "./fits.ts";
import type { JsonObject } from "./json.ts";
import { isOfDocc, type Remarks, type Subject } from "./remarks.ts";
import type { Path } from "../problem.ts";

const container = ["containers", "any"];

/** What a reference is made of: github.com/distribution/reference, NAME[:TAG][@DIGEST]. */
interface Reference {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export function referenceOf(image: string): Reference {
  const [name = "", ...digest] = image.split("@");
  const tagged = /^(?<repository>.*):(?<tag>[^:/]*)$/su.exec(name)?.groups;
  return {
    repository: tagged?.["repository"] ?? name,
    tag: tagged?.["tag"],
    digest: digest.length === 0 ? undefined : digest.join("@"),
  };
}

/** A reference without tag and digest means this tag. */
const DEFAULT_TAG = "latest";

/** When the kubelet pulls by itself: k8s.io/kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_Container. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  const { tag, digest } = referenceOf(image);
  const counts = tag ?? (digest === undefined ? DEFAULT_TAG : "");
  return counts === DEFAULT_TAG ? "Always" : "IfNotPresent";
}

/** `image` with `image_tag` or `image_digest`; placeholders where a manifest cannot have them. */
export function imageFields(image: string, subject: Subject, path: Path, to: Remarks): JsonObject {
  const { repository, tag, digest: pinned } = referenceOf(image);
  // docc writes the digest behind the manifest's tag itself, when it deploys.
  const digest = tag !== undefined && isOfDocc(subject) ? undefined : pinned;
  const isRepository = fits([...container, "image"], repository);
  if (!isRepository) {
    to.leave(
      subject,
      path,
      `${refusal([...container, "image"], repository)} A placeholder stands for it.`,
    );
  }
  return {
    image: isRepository ? repository : "registry.example.com/team/app",
    ...versionFields(tag, digest, (why) => to.leave(subject, path, why)),
  };
}

function versionFields(
  tag: string | undefined,
  digest: string | undefined,
  leave: (why: string) => void,
): JsonObject {
  if (digest !== undefined && fits([...container, "image_digest"], digest)) {
    if (tag !== undefined) {
      leave(`The tag ${quoted(tag)} beside the digest is left out: the digest alone decides.`);
    }
    return { image_digest: digest };
  }
  if (digest !== undefined) {
    leave(`${refusal([...container, "image_digest"], digest)} The tag stands for it.`);
  }
  if (tag === undefined || fits([...container, "image_tag"], tag)) {
    return { image_tag: tag ?? DEFAULT_TAG };
  }
  leave(`${refusal([...container, "image_tag"], tag)} A placeholder stands for it.`);
  return { image_tag: DEFAULT_TAG };
}
