import { quoted } from "../../text/clean.ts";
import { expanded, type Variables } from "./expansion.ts";
import { fits, fitsKey } from "./fits.ts";
import {
  at,
  isEmpty,
  type Json,
  type JsonObject,
  listAt,
  membersAt,
  objectOf,
  textAt,
} from "./json.ts";
import { leaveOf, leaveWholeOf, type Part } from "./part.ts";
import type { Remarks } from "./remarks.ts";

const MOST_VARIABLES = 100;
const field = ["containers", "any", "env"];

/** The variables that a container's texts may refer to. */
export function variablesOf({ value }: Part): Variables {
  const names = listAt(value, "env").flatMap((each) => textAt(each, "name") ?? []);
  return { names: new Set(names), hasMore: listAt(value, "envFrom").length > 0 };
}

/** `env`; undefined where nothing of it can be said. */
export function envField(part: Part, to: Remarks): JsonObject | undefined {
  const variables = variablesOf(part);
  const env = new Map<string, Json>();
  listAt(part.value, "env").forEach((entry, index) => {
    const name = textAt(entry, "name") ?? "";
    const leave = (why: string): void =>
      leaveOf(part, to, ["env", index], `${quoted(name)} ${why}`);
    const leaveWhole = (why: string): void =>
      leaveWholeOf(part, to, ["env", index], `${quoted(name)} ${why}`);
    if (!fitsKey(field, name)) {
      leaveWhole("cannot name a variable in a manifest.");
      return;
    }
    const value = valueOf(entry, variables, { leave, leaveWhole });
    if (value === undefined) {
      return;
    }
    if (env.has(name)) {
      leave("is set again here, and the last one counts.");
    }
    if (env.size < MOST_VARIABLES || env.has(name)) {
      env.set(name, value);
    } else {
      leaveWhole(`is one too many: a container has ${MOST_VARIABLES} variables at most.`);
    }
  });
  if (!isEmpty(at(part.value, "envFrom"))) {
    const why = "A manifest names each variable: whole Secrets and ConfigMaps are left out.";
    leaveOf(part, to, ["envFrom"], why);
  }
  return env.size === 0 ? undefined : Object.fromEntries(env);
}

/** How something of a variable, or all of it, is listed. */
interface Leaving {
  readonly leave: (why: string) => void;
  readonly leaveWhole: (why: string) => void;
}

function valueOf(entry: Json, variables: Variables, leaving: Leaving): Json | undefined {
  const source = at(entry, "valueFrom");
  if (isEmpty(source)) {
    return literalOf(textAt(entry, "value") ?? "", variables, leaving);
  }
  for (const [key, what] of sources) {
    const reference = at(source, key);
    if (!isEmpty(reference)) {
      return referenceOf(reference, what, leaving);
    }
  }
  const [kind = ""] = membersAt(source).map(([key]) => key);
  leaving.leaveWhole(
    `comes from ${quoted(kind)}: a manifest has text, Secrets and ConfigMaps alone.`,
  );
  return undefined;
}

const sources = [
  ["secretKeyRef", "secret"],
  ["configMapKeyRef", "config"],
] as const;

function referenceOf(
  reference: Json,
  what: "secret" | "config",
  { leave, leaveWhole }: Leaving,
): Json | undefined {
  if (at(reference, "optional") === true) {
    leave("is no longer optional: pods wait until the Secret or ConfigMap has the key.");
  }
  const value = objectOf({ [what]: at(reference, "name"), key: at(reference, "key") });
  if (fits([...field, "any"], value)) {
    return value;
  }
  leaveWhole("names a Secret or ConfigMap, or a key of it, that a manifest cannot name.");
  return undefined;
}

function literalOf(
  written: string,
  variables: Variables,
  { leave, leaveWhole }: Leaving,
): Json | undefined {
  const { text, hasVariable } = expanded(written, variables);
  if (hasVariable) {
    leave("has a $(NAME) in it that is no longer filled in: docc takes text to the letter.");
  }
  if (fits([...field, "any"], text)) {
    return text;
  }
  leaveWhole("has a text that is longer than a manifest can have it, or holds NUL.");
  return undefined;
}

/** `command` or `args`. */
export function wordsField(
  part: Part,
  name: "command" | "args",
  to: Remarks,
): readonly Json[] | undefined {
  const written = listAt(part.value, name);
  const variables = variablesOf(part);
  const words = written.map((word, index) => {
    const { text, hasVariable } = expanded(typeof word === "string" ? word : "", variables);
    if (hasVariable) {
      const why = "docc takes text to the letter: the $(NAME) in it is no longer filled in.";
      leaveOf(part, to, [name, index], why);
    }
    return text;
  });
  if (written.length === 0) {
    return undefined;
  }
  if (fits(["containers", "any", name], words)) {
    return words;
  }
  leaveOf(part, to, [name], "It is longer than a manifest can have it, or holds what no text can.");
  return undefined;
}
