import type { Finding } from "../manifest/finding.ts";

/** Rows and columns of plain text; the edges draw it. */
interface AnswerTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An address that Slack shows as a button, and the terminal as it is. */
export interface AnswerLink {
  /** What the button says: cleaned by the command. */
  readonly text: string;
  /** Checked by the command, at most 3,000 characters. */
  readonly url: string;
}

/** A long text that keeps its line breaks: logs, a manifest. Untrusted, cleaned by the command. */
interface Snippet {
  readonly title: string;
  readonly text: string;
  /** What is kept where there is no room for all: the last lines unless told. */
  readonly keep?: "first" | "last";
  /** The whole for who reads it elsewhere, sent to the asker alone where a message has no room for `text`. */
  readonly file?: AnswerFile;
}

/** A text file. Clean, as a snippet is. */
export interface AnswerFile {
  readonly name: string;
  readonly text: string;
  /** It is what was asked for, so it is sent whether or not a message shows all of it. */
  readonly isWanted?: boolean;
}

/** What a command asks its reader for, in a form. Plain texts of docc's own, but for the values. */
export interface Questions {
  /** At most 24 characters, as is what the button of the form says. */
  readonly title: string;
  readonly submit: string;
  /** The command, as it would be typed to be asked again. */
  readonly words: string;
  /** What is added to the words that were asked with, and to the answers, when the form is submitted. */
  readonly adds: string;
  /** At most 50. */
  readonly fields: readonly Question[];
}

/** The answer becomes the command's argument of that name. */
export interface Question {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly example?: string;
  /** What stands there already. */
  readonly value?: string;
  readonly isOptional?: boolean;
  /** Where one of them is chosen. */
  readonly choices?: readonly { readonly value: string; readonly text: string }[];
}

/** A command already typed, for who reads the answer. */
interface AnswerButton {
  readonly text: string;
  /** Without the `/docc`. */
  readonly words: string;
  /** What a screen reader says. */
  readonly label: string;
}

/** One thing that a command came to be about. */
export interface About {
  readonly app?: string;
  readonly environment?: string;
  /** Name of the Release that the command made or decided on. */
  readonly release?: string;
  /** Digest of the plan that it decided on. */
  readonly digest?: string;
  /** What came of this one, where that is not what came of the whole: `ok`, or a reason code. */
  readonly outcome?: string;
}

/**
 * What a command says, to the asker alone, as plain data: Slack makes blocks of it, the terminal
 * lines. All texts are plain text; each edge escapes for itself.
 */
export interface Answer {
  /** One full sentence that carries the answer without the rest (screen readers, notifications). */
  readonly text: string;
  /**
   * Slack ids that stand in `text` or `lines`, or alone in a cell of `table`, as `@U0123`: Slack shows who that is,
   * and calls nobody.
   */
  readonly named?: readonly string[];
  readonly table?: AnswerTable;
  readonly snippet?: Snippet;
  readonly findings?: readonly Finding[];
  /** Further plain sentences, one per line. */
  readonly lines?: readonly string[];
  /** `text` goes without their addresses: the edge adds them where there are no buttons. */
  readonly links?: readonly AnswerLink[];
  readonly buttons?: readonly AnswerButton[];
  /** Posted where it was asked, for everybody there; the rest of the answer is told once Slack has it. */
  readonly post?: Pick<Answer, "text" | "named" | "lines" | "snippet">;
  /**
   * Goes on, in one direct message to the asker, by running the command of `words` again and again, until that of
   * `stop`; or ends what they follow.
   */
  readonly follow?: { readonly words: string; readonly stop: string } | "stop";
  /** Slack shows a button that opens the manifest form, or opens it at once when `open` is true. */
  readonly form?: {
    /** The command that the form's manifest goes to. */
    readonly command: "deploy" | "validate";
    readonly app?: string;
    readonly environment?: string;
    /** `key=value` words that were typed already: `tag=2018 scale=3`. */
    readonly words?: string;
    /** A manifest to begin with. One that is too long for a button is pasted by hand. */
    readonly text?: string;
    readonly open: boolean;
  };
  /** Slack opens the palette at once, in which a command is put together. */
  readonly palette?: true;
  /** Slack opens a form at once that shows the answer and asks for what must be typed before the command runs. */
  readonly confirm?: {
    /** The command, which `confirm=` completes. */
    readonly words: string;
    readonly typed: string;
  };
  /** Slack opens a form at once that asks for this, and runs the command with what is answered. */
  readonly ask?: Questions;
  /** Of a refused command: what is wrong, by the argument that it is about. */
  readonly wrong?: Readonly<Record<string, string>>;
  /**
   * For the audit log: what it came to be about, where the words alone do not say so. Of several there is a record
   * of each.
   */
  readonly about?: About | readonly About[];
  /** Present when the command was refused or failed: the stable reason code. */
  readonly reason?: string;
}

/** All that an answer came to be about: at least one thing, which may have no name. */
export function aboutsOf({ about = {} }: Pick<Answer, "about">): readonly About[] {
  return "length" in about ? about : [about];
}

/** What people are told of what is no DoccError. */
export const sayMistake = "docc made a mistake. Its operators find the cause in the log.";

/** Thrown for a mistake of docc's that has an answer of its own: some of what was asked for is done all the same. */
export class AnsweredMistake extends Error {
  override readonly name = "AnsweredMistake";
  readonly answer: Answer;

  constructor(answer: Answer, cause: unknown) {
    super("a part of what was asked for is not done", { cause });
    this.answer = answer;
  }
}
