import { quoted } from "../text/clean.ts";
import { nearest } from "../text/nearest.ts";
import { DoccError } from "../errors.ts";
import { defaultPlatform, type Platform } from "../manifest/platform.ts";
import type { Io } from "./io.ts";
import { usageError } from "./words.ts";

const LARGEST_CONFIG = 1024 * 1024;

/** The option that names the operator's file. */
export const configOption = {
  values: "docc.yaml",
  about: "the operator's file, whose rules count; without it any registry will do",
} as const;

/** `in=`, which {@link environmentIn} takes. */
export const environmentKey = {
  values: "environments",
  about: "the environment to judge by",
} as const;

/** The same, as help lists it. */
export const environmentListed = {
  form: "in=ENVIRONMENT",
  about: "the environment to judge by; what the manifest says differs there is merged",
} as const;

/**
 * The platform that manifests are judged by: of an environment of `docc.yaml`, else the built-in one.
 * @param environment as typed after `in=`; undefined: the default one of the file
 * @throws DoccError `bad-config` or `bad-input` when file or environment cannot be used
 */
export async function platformFor(
  environment: string | undefined,
  configFile: string | undefined,
  io: Io,
): Promise<Platform> {
  if (configFile === undefined) {
    return environment === undefined ? defaultPlatform : { ...defaultPlatform, environment };
  }
  // Only who asks for it pays for reading it: validate and render start in a blink.
  const { defaultEnvironment, parseConfig, platformOf } = await import("../config.ts");
  const config = parseConfig(await textOf(configFile, io), configFile);
  const names = Object.keys(config.environments);
  const name = environment ?? defaultEnvironment(config);
  const found = Object.hasOwn(config.environments, name) ? config.environments[name] : undefined;
  if (found === undefined) {
    const meant = nearest(name, names);
    throw usageError(
      `${configFile} has no environment ${quoted(name)}.`,
      meant === undefined ? `It has ${names.join(", ")}.` : `Did you mean in=${meant}?`,
    );
  }
  return platformOf(name, found, names);
}

/**
 * Of an environment whose rules are not known here: what no operator would take is refused, and what one may take is
 * docc's to judge.
 */
export function lenientPlatform(environment: string): Platform {
  return { ...defaultPlatform, environment, allowRoot: true, maxScale: Number.MAX_SAFE_INTEGER };
}

async function textOf(file: string, io: Io): Promise<string> {
  try {
    return new TextDecoder().decode(await io.readFile(file, LARGEST_CONFIG));
  } catch {
    throw new DoccError("bad-config", `${quoted(file, 200)} cannot be read.`, {
      hint: "--config names the operator's docc.yaml.",
    });
  }
}

/** Takes `in=ENVIRONMENT` out of the words of a command, wherever it stands. */
export function environmentIn(words: readonly string[]): {
  readonly environment: string | undefined;
  readonly rest: readonly string[];
} {
  const [given, ...more] = words.filter((word) => word.startsWith("in="));
  if (more.length > 0) {
    throw usageError("in= is given twice.");
  }
  if (given === "in=") {
    throw usageError("in= names no environment.", "Write in=production.");
  }
  const rest = words.filter((word) => !word.startsWith("in="));
  return { environment: given?.slice("in=".length), rest };
}
