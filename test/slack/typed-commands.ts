import fc from "fast-check";
import type { Command } from "../../src/commands/define.ts";
import { type Argument, argumentsOf } from "../../src/commands/usage.ts";
import { manifest } from "../commands/ports.ts";
import { type RandomWorld, text } from "./worlds.ts";

/** What arguments take that no declaration can list, by their names. */
const known: Readonly<Record<string, readonly string[]>> = {
  plan: [`sha256:${"0".repeat(64)}`, "0"],
  for: ["2h", "90d", "1m"],
  page: ["1", "2", "21"],
  lines: ["1", "20", "500"],
  since: ["10m", "7d"],
  until: ["2017-12-06T10:00:00Z"],
  share: ["0123456789ab"],
  scale: ["3", "2..10"],
  maintainer: ["me", "@example.com"],
  health: ["healthy", "unhealthy", "unknown"],
  by: ["@U0DEVELOPER", "U0DEVELOPER"],
  write: ["true"],
  from: ["deployment/web"],
};

/** A command as a person might type it, mostly as its declaration wants it. */
export function typedCommand(command: Command, around: RandomWorld): fc.Arbitrary<string> {
  const words = argumentsOf(command).map((argument) => wordsOf(argument, around));
  const rest =
    command.rest === undefined
      ? fc.constant([])
      : fc.array(
          fc
            .tuple(fc.constantFrom("tag", "scale", "memory", "env.X"), text)
            .map(([key, value]) => `${key}=${quoted(value)}`),
          { maxLength: 2 },
        );
  return fc
    .tuple(fc.tuple(...words), rest)
    .map(([given, more]) => [command.name, ...given.flat(), ...more].join(" "))
    .map((typed) => typed.slice(0, 4_000));
}

function wordsOf(argument: Argument, around: RandomWorld): fc.Arbitrary<readonly string[]> {
  const { name, optional, positional, several } = argument;
  const word = valueOf(argument, around).map((value) =>
    positional ? quoted(value) : `${name}=${quoted(value)}`,
  );
  const words = several ? fc.array(word, { maxLength: 10 }) : word.map((one) => [one]);
  return optional && !positional
    ? fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: words })
    : fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 8, arbitrary: words });
}

function valueOf(argument: Argument, around: RandomWorld): fc.Arbitrary<string> {
  const right = rightOnes(argument, around);
  return right.length === 0
    ? text
    : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: text });
}

function rightOnes({ name, offer, values }: Argument, around: RandomWorld): readonly string[] {
  const { environments, names, releases } = around;
  switch (offer) {
    case "app":
      return names;
    case "environment":
    case "any-environment":
      return [...environments, ...(known[name] ?? [])];
    case "revision":
    case "success":
      return ["1", "2", "7"];
    case "release":
      return [...names, ...releases.slice(0, 10).map(({ metadata }) => metadata.name)];
    case undefined:
      return values ?? known[name] ?? [];
  }
}

/** A quote inside would end the word; nobody can type a line break in one either. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["“”„\r\n]/gu, "'")}"`;
}

/** A manifest that comes along: one that docc takes, with words of strangers in it, or anything else. */
export const alongside: fc.Arbitrary<string | undefined> = fc.oneof(
  fc.constant(undefined),
  text,
  fc.record({ env: text, key: text }).map(({ env, key }) => {
    const container = { ...manifest.containers.kubecon, env: { X: env, [key]: env } };
    return JSON.stringify({ ...manifest, containers: { kubecon: container }, [key]: env });
  }),
);
