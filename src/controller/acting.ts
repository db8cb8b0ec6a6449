import { DoccError } from "../errors.ts";
import { Actor } from "../k8s/actor.ts";
import { isKubeError } from "../k8s/errors.ts";
import { type Acting, actingFor } from "../release/acting.ts";
import type { Cause, Release } from "../release/release.ts";
import { cap } from "../text/cap.ts";
import { lowerFirst } from "../text/lower-first.ts";
import type { ControllerPorts, Environment } from "./ports.ts";
import { cause, Refusal } from "./refusal.ts";

/**
 * The environment as a release may change it: where the operator wants it so, everything that is written or
 * tried there goes out in the requester's name, with their rights and no others.
 * @throws Refusal `not-entitled` when nobody can be named: then nothing is done
 */
export function actAs(
  { spec }: { readonly spec: Pick<Release["spec"], "requester"> },
  env: Environment,
  { people }: Pick<ControllerPorts, "people">,
): Environment {
  if (env.acting === undefined) return env;
  const acting = actingFor(spec.requester, env.acting, people);
  const next = "an operator names somebody by `impersonate` and `people` in docc.yaml";
  if (acting === undefined) {
    const who = spec.requester.provider === "docc" ? "by itself" : "for who asked";
    throw new Refusal(cause("not-entitled", `docc does nothing ${who} in ${env.name}`, next));
  }
  const actor = actorOf(acting);
  return { ...env, cluster: env.cluster.as(actor), actor: actor.user };
}

function actorOf(acting: Acting): Actor {
  try {
    return Actor.of(acting);
  } catch (error) {
    if (!(error instanceof DoccError)) throw error;
    throw new Refusal(cause("not-entitled", lowerFirst(error.message), error.hint ?? ""));
  }
}

/**
 * What the cluster refuses to somebody in whose name docc acts: the person and the right that they lack.
 * Undefined for every other error, and where docc acts for itself.
 */
export function lacking(error: unknown, { actor, name }: Environment): Cause | undefined {
  if (actor === undefined || !isKubeError(error, "forbidden")) return undefined;
  const missing = /cannot (?<verb>[a-z]+) resource "(?<resource>[a-z./]+)"/u.exec(error.message);
  // A quota or a policy, which say enough by themselves.
  if (missing?.groups === undefined) return undefined;
  const { verb = "", resource = "" } = missing.groups;
  const evidence = [cap(error.message, 1_000)];
  if (verb === "impersonate") {
    const sentence = `docc may not act for ${actor} in ${name}`;
    return cause("not-entitled", sentence, "ask docc's operators", evidence);
  }
  const sentence = `${actor} may not ${verb} ${resource} in ${name}`;
  const next = "ask whoever manages the cluster for this right, or somebody who has it to deploy";
  return cause("not-entitled", sentence, next, evidence);
}
