import { badContainers } from "./bad/containers.ts";
import { badEnvironments } from "./bad/environments.ts";
import type { BadManifest } from "./bad/fixture.ts";
import { badIngresses } from "./bad/ingresses.ts";
import { badKeys } from "./bad/keys.ts";
import { badNames } from "./bad/names.ts";
import { badPorts } from "./bad/ports.ts";
import { badReleases } from "./bad/releases.ts";
import { badTexts } from "./bad/text.ts";
import { badTypes } from "./bad/types.ts";

/** Every way in which a manifest can be bad, by theme. */
export const badManifests: readonly BadManifest[] = [
  ...badTexts,
  ...badKeys,
  ...badTypes,
  ...badNames,
  ...badPorts,
  ...badContainers,
  ...badIngresses,
  ...badReleases,
  ...badEnvironments,
];
