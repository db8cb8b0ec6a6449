import { readFileSync } from "node:fs";
import { commands, main } from "../../src/cli/main.ts";
import { splitWords } from "../../src/commands/words.ts";
import { blocks } from "../manifest/reference/markdown.ts";
import { speakingIo } from "./io.ts";

/** What a pipeline of docs/ci.md has in its environment. */
const variables: Readonly<Record<string, string>> = {
  $SHA: "2018",
  $MAIL: "dev@example.com",
  $RUN: "4711",
};

/** The examples of `docc --help` and of each `docc WORD --help`, and every docc of the code blocks of docs/cli.md and docs/ci.md: words without it. */
export async function terminalExamples(): Promise<readonly string[]> {
  let help = "";
  const io = speakingIo({
    stdout: (text) => {
      help += text;
    },
    stderr: () => undefined,
  });
  const shown: string[] = [];
  for (const words of [[], ...commands.map(({ name }) => [name])]) {
    help = "";
    await main([...words, "--help"], io);
    const [, helped = ""] = /\nExamples:\n(.*?)(?:\n\n|\n$)/su.exec(help) ?? [];
    shown.push(...helped.split("\n"));
  }
  const pages = ["cli", "ci"].map((name) =>
    readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8"),
  );
  const lines = [
    ...shown.map((line) => line.trim()),
    ...pages.flatMap((page) => blocks(page).flatMap(({ text }) => typedIn(text))),
  ];
  return [...new Set(lines.flatMap(commandsIn))];
}

/** Of a block with prompts the lines behind them: the others were printed. */
function typedIn(block: string): readonly string[] {
  const lines = block.split("\n");
  const prompted = lines.filter((line) => line.startsWith("$ "));
  return prompted.length > 0 ? prompted.map((line) => line.slice(2)) : lines;
}

/** A remark stands behind spaces; pipes, files and other programs are the shell's. */
function commandsIn(line: string): readonly string[] {
  const found = line.matchAll(/(?<=^|[ (])docc (?=[a-z])(?<words>(?:"[^"]*"|(?! {2})[^"|>)])+)/gu);
  return [...found].map(({ groups }) => (groups?.["words"] ?? "").trim());
}

/** As the shell would hand them over. */
export function wordsOf(example: string): readonly string[] {
  return splitWords(
    example.replaceAll(/\$[A-Z]+/gu, (variable) => variables[variable] ?? variable),
  );
}
