import type { z } from "zod";
import type { Identity } from "../release/release.ts";
import type { Asker } from "../release/request.ts";
import type { Answer } from "./answer.ts";
import type { Ports } from "./ports.ts";

/** `read` looks, and is for everybody whom docc serves; `deploy` changes something, and says who decides on it. */
type Authority =
  | { readonly needs: "read" }
  | {
      readonly needs: "deploy";
      /**
       * Who may, in sentences, with the fields of docc.yaml in backquotes: what its policies and owners and the live
       * manifest add (src/controller/rules.ts, src/controller/locking.ts, src/policy/).
       */
      readonly who: string;
    };

type Answering = "ack" | "later";

/** Where words come from, authenticated by the edge. */
export interface Request {
  /** Stable id of the delivery; the same delivery twice has the same. */
  readonly delivery: string;
  readonly requester: Identity;
  /** Slack channel id; absent in a terminal. */
  readonly channel?: string;
  /**
   * When it was asked, in milliseconds since the epoch, where docc may come to it late or once more; absent: now, as of
   * all that Slack delivers.
   */
  readonly askedAt?: number;
  /** A manifest that came along: pasted text, or a Slack file id. */
  readonly manifest?:
    | { readonly type: "inline"; readonly text: string }
    | { readonly type: "slack-file"; readonly file: string };
}

/** Who asks by a request, and where. */
export function askerOf({ requester, channel }: Request): Asker {
  return { requester, channel };
}

/** Words of one command after parsing: positional ones in order, `key=value` ones by key. */
export interface Words {
  /** All of them, as they were typed. */
  readonly typed: readonly string[];
  readonly positional: readonly string[];
  readonly named: Readonly<Record<string, string>>;
}

export type Command<Args extends z.ZodObject = z.ZodObject> = Declaration<Args> & Authority;

interface Declaration<Args extends z.ZodObject> {
  readonly name: string;
  /** One line for help: what it does, in the imperative. */
  readonly summary: string;
  /**
   * `ack`: it makes one bounded write, or a few at the same time, and the answer is the ack itself (nothing is acked
   * that is not stored). `later`: it asks the cluster; the edge acks first. Where that depends on what is asked, it is
   * said by the arguments.
   */
  readonly answers: Answering | ((args: z.infer<Args>) => Answering);
  /**
   * Title of the modal that shows the whole answer to who presses a button for it; typed, the answer is a
   * message like any other. Only for commands that answer later.
   */
  readonly modal?: string;
  /** Names of `args` that are given by position, in order; all others are `key=value`. */
  readonly positional: readonly (keyof z.infer<Args> & string)[];
  /** The last of `positional` takes all further words, too: its type reads them from one text, parted by spaces. */
  readonly variadic?: true;
  readonly args: Args;
  /**
   * May be asked for outside Slack by a Command (deploy/crds): it needs no form, file or channel, its answer is
   * sentences and a table at most, and done twice it is what it was done once, with {@link Request.askedAt} where time counts.
   */
  readonly asRecord?: true;
  /** `key=value` words that `args` does not name are collected here instead of refused. */
  readonly rest?: "words";
  /** Full commands without the leading `/docc`; a test runs each. */
  readonly examples: readonly string[];
  readonly run: (
    args: z.infer<Args>,
    request: Request,
    ports: Ports,
    rest: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
}

/** Types a declaration; the registry holds it as a plain {@link Command}. */
export function defineCommand<Args extends z.ZodObject>(command: Command<Args>): Command {
  // A registry is a list of commands with different arguments: `run` is only ever called with what
  // its own `args` parsed (dispatch.ts), which the type system cannot express for the list.
  return command as unknown as Command;
}
