import type { Fact, Facts } from "./facts.ts";

/** The answer of `__docc_known`, as the branches of a `case`; bash and zsh read the same. */
export function knownFunction({ known }: Facts): string {
  const branches = known.map(({ about, words }) => `    ${quote(about)}) ${printed(words)} ;;`);
  return ["__docc_known() {", "  case $1 in", ...branches, "  esac", "}"].join("\n");
}

/** A command that prints words, one a line. */
export function printed(words: Fact["words"]): string {
  return `printf '%s\\n' ${words.join(" ")}`;
}

/** A text between single quotes, for bash and zsh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
