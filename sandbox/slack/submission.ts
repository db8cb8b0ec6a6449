import { ApiError } from "./api-error.ts";
import { entered, isEmpty } from "./form.ts";
import type { Gesture } from "./gesture.ts";
import { gesture } from "./gesture.ts";
import { isObject, numberAt, objectAt, stringAt, textAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import type { Parts } from "./parts.ts";
import type { Ack, SlackFile, User, View, ViewState } from "./types.ts";
import { elementsOf, refuseView } from "./validate.ts";
import { fileJson } from "./wire.ts";

/** A file as a person has it on their disk. */
export interface FileDraft {
  readonly name: string;
  readonly content: string | Buffer;
  /** Arrives as Slack Connect files may: with an id and `file_access: check_file_info` only. */
  readonly isStub?: boolean;
}

export interface Submission extends Gesture {
  /** What the person sees under the inputs, by block id; empty when the submission went through. */
  readonly errors: Readonly<Record<string, string>>;
  /** The modal that is visible afterwards. */
  readonly view?: View;
}

/** Fetches what an external select offers for these letters. */
type Fetch = (element: JsonObject, typed: string) => Promise<readonly JsonObject[]>;

const requiredNotice = "Please complete this required field.";

/** What happens between pressing Submit or Close in a modal and what is visible afterwards. */
export class Submissions {
  readonly #user: User;
  readonly #parts: Parts;

  constructor(user: User, parts: Parts) {
    this.#user = user;
    this.#parts = parts;
  }

  async submit(
    view: View,
    values: Readonly<Record<string, unknown>>,
    files: Readonly<Record<string, readonly FileDraft[]>>,
    fetchOptions: Fetch,
  ): Promise<Submission> {
    const { core, dispatch, payloads } = this.#parts;
    const filled = await this.#fill(view, { ...values, ...files }, fetchOptions);
    const missing = missingFields(filled);
    if (Object.keys(missing).length > 0) {
      core.workspace.views.put({ ...filled, errors: missing });
      return this.#result({ ok: true, payload: {} }, "", { errors: missing });
    }
    core.workspace.views.put({ ...filled, errors: {} });
    const triggerId = core.triggers.issue(this.#user.id);
    const payload = payloads.viewSubmission(this.#user, filled, triggerId);
    const ack = await dispatch.deliver("interactive", payload);
    return this.#react(filled, ack, triggerId);
  }

  async close(view: View, all: boolean): Promise<void> {
    const { core, dispatch, payloads } = this.#parts;
    const isCleared = all || view.clearOnClose;
    const closed = core.workspace.views.close(this.#user.id, isCleared);
    for (const one of closed.toReversed()) {
      if (one.notifyOnClose) {
        const payload = payloads.viewClosed(this.#user, one, isCleared);
        await dispatch.deliver("interactive", payload);
      }
    }
  }

  /** Stores a file of this person. */
  keep(draft: FileDraft, channels: readonly string[]): SlackFile {
    const { workspace, clock } = this.#parts.core;
    const file: SlackFile = {
      id: workspace.ids.next("F"),
      name: draft.name,
      title: draft.name,
      user: this.#user.id,
      content: Buffer.from(draft.content),
      created: clock.now(),
      mode: /\.(?:json|ya?ml|txt|diff)$/i.test(draft.name) ? "snippet" : "hosted",
      channels,
      ...(draft.isStub === true ? { isStub: true } : {}),
    };
    workspace.putFile(file);
    return file;
  }

  /** Enters every value at the element whose action id, block id or label is its key. */
  async #fill(
    view: View,
    values: Readonly<Record<string, unknown>>,
    fetchOptions: Fetch,
  ): Promise<View> {
    let state: ViewState = view.state;
    for (const [key, value] of Object.entries(values)) {
      const { block, element } = findInput(view, key);
      const blockId = stringAt(block, "block_id") ?? "";
      const actionId = stringAt(element, "action_id") ?? "";
      const loaded =
        (stringAt(element, "type") ?? "").endsWith("external_select") && typeof value === "string"
          ? await fetchOptions(element, value)
          : [];
      const given = Array.isArray(value) ? value.map((one) => this.#given(one, element)) : value;
      state = {
        ...state,
        [blockId]: { ...state[blockId], [actionId]: entered(element, given, loaded) },
      };
    }
    return { ...view, state };
  }

  /** A value as it is; a file is stored and described. */
  #given(value: unknown, element: JsonObject): unknown {
    if (stringAt(element, "type") !== "file_input" || !isFileDraft(value)) {
      return value;
    }
    if (Buffer.byteLength(value.content) > limits.viewFileBytes) {
      throw new Error(`${value.name} is too large for a modal`);
    }
    const { workspace, origin } = this.#parts.core;
    return fileJson(this.keep(value, []), workspace, origin);
  }

  #react(view: View, ack: Ack, triggerId: string): Submission {
    if (!ack.ok) {
      return this.#result(ack, triggerId, { error: ack.error });
    }
    try {
      return this.#apply(view, ack, isObject(ack.payload) ? ack.payload : {}, triggerId);
    } catch (error) {
      if (error instanceof ApiError) {
        return this.#result(ack, triggerId, { error: error.code });
      }
      throw error;
    }
  }

  /** Does what the app's `response_action` says; without one the modal closes. */
  #apply(view: View, ack: Ack, answer: JsonObject, triggerId: string): Submission {
    const { views } = this.#parts.core.workspace;
    switch (stringAt(answer, "response_action")) {
      case undefined:
        views.close(this.#user.id, false);
        return this.#result(ack, triggerId);
      case "clear":
        views.close(this.#user.id, true);
        return this.#result(ack, triggerId);
      case "update":
        views.update(view.id, checkedView(answer));
        return this.#result(ack, triggerId);
      case "push":
        views.push(this.#user.id, checkedView(answer));
        return this.#result(ack, triggerId);
      case "errors": {
        const errors = checkedErrors(view, answer);
        views.put({ ...view, errors });
        return this.#result(ack, triggerId, { errors });
      }
      default:
        return this.#result(ack, triggerId, { error: "invalid_response" });
    }
  }

  #result(
    ack: Ack,
    triggerId: string,
    { errors = {}, error }: { errors?: Readonly<Record<string, string>>; error?: string } = {},
  ): Submission {
    const { core } = this.#parts;
    const visible = core.workspace.views.stack(this.#user.id).at(-1);
    return {
      ...gesture(core, ack, { triggerId }, error === undefined ? {} : { error }),
      errors,
      ...(visible === undefined ? {} : { view: visible }),
    };
  }
}

const isFileDraft = (value: unknown): value is FileDraft =>
  isObject(value) &&
  typeof value["name"] === "string" &&
  (typeof value["content"] === "string" || Buffer.isBuffer(value["content"]));

function findInput(view: View, key: string): { block: JsonObject; element: JsonObject } {
  for (const block of view.blocks) {
    for (const element of elementsOf(block)) {
      const names = [
        stringAt(element, "action_id"),
        stringAt(block, "block_id"),
        textAt(block, "label"),
      ];
      if (names.includes(key)) {
        return { block, element };
      }
    }
  }
  throw new Error(`nothing called ${key} to fill in`);
}

/** Slack's own check, before the app is asked: required inputs, lengths, numbers of files. */
function missingFields(view: View): Readonly<Record<string, string>> {
  return Object.fromEntries(
    view.blocks
      .filter((block) => stringAt(block, "type") === "input")
      .flatMap((block) => {
        const blockId = stringAt(block, "block_id") ?? "";
        const element = objectAt(block, "element") ?? {};
        const state = view.state[blockId]?.[stringAt(element, "action_id") ?? ""];
        const isMissing = block["optional"] !== true && isEmpty(element, state);
        const notice = isMissing ? requiredNotice : lengthNotice(element, state);
        return notice === undefined ? [] : [[blockId, notice] as const];
      }),
  );
}

function lengthNotice(element: JsonObject, state: JsonObject | undefined): string | undefined {
  const length = stringAt(state ?? {}, "value")?.length ?? 0;
  const max = numberAt(element, "max_length") ?? limits.inputText;
  const files = state?.["files"];
  const maxFiles = numberAt(element, "max_files") ?? limits.viewFiles;
  if (length > max) {
    return `Must be less than ${max + 1} characters.`;
  }
  return Array.isArray(files) && files.length > maxFiles
    ? `Choose at most ${maxFiles} files.`
    : undefined;
}

function checkedView(answer: JsonObject): JsonObject {
  const view = objectAt(answer, "view");
  if (view === undefined || refuseView(view, "modal") !== undefined) {
    throw new ApiError("invalid_response");
  }
  return view;
}

/** Errors must name input blocks of the view, else Slack shows only that something went wrong. */
function checkedErrors(view: View, answer: JsonObject): Readonly<Record<string, string>> {
  const errors = Object.entries(objectAt(answer, "errors") ?? {});
  const inputs = view.blocks
    .filter((block) => stringAt(block, "type") === "input")
    .map((block) => stringAt(block, "block_id"));
  const isSound =
    errors.length > 0 &&
    errors.every(([block, text]) => inputs.includes(block) && typeof text === "string");
  if (!isSound) {
    throw new ApiError("invalid_response");
  }
  return Object.fromEntries(errors.map(([block, text]) => [block, String(text)]));
}
