import type { Platform } from "../platform.ts";
import type { Problem } from "../problem.ts";
import type { Tree } from "../reading/tree.ts";
import { envSources } from "./env.ts";
import { environmentNames } from "./environments.ts";
import { certificates, hosts, ingressNames, passThrough } from "./exposure.ts";
import { healthChecks } from "./health.ts";
import { imageVersions, registries } from "./images.ts";
import { duplicatePorts, ingressPorts } from "./ports.ts";
import { scales } from "./scale.ts";
import { users, writableDirectories } from "./security.ts";

/**
 * Rules that look at several fields, or at what the operator set. They read the tree and not a
 * checked manifest, so that they speak up beside the schema's refusals; each says nothing where
 * what it needs was refused already.
 */
type Rule = (root: Tree, platform: Platform) => readonly Problem[];

const rules: readonly Rule[] = [
  scales,
  imageVersions,
  registries,
  duplicatePorts,
  healthChecks,
  envSources,
  users,
  writableDirectories,
  ingressNames,
  ingressPorts,
  certificates,
  passThrough,
  hosts,
  environmentNames,
];

/** What refuses a manifest beyond its schema and the number of its entries. */
export function brokenRules(root: Tree, platform: Platform): Problem[] {
  return rules.flatMap((rule) => rule(root, platform));
}
