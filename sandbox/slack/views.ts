import { ApiError } from "./api-error.ts";
import { stateOf } from "./form.ts";
import { identify } from "./identify.ts";
import type { Ids } from "./ids.ts";
import { objectAt, objectsAt, stringAt } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import type { View } from "./types.ts";

/** The modals that people have open, stacked, and their App Homes. */
export class ViewStacks {
  readonly #ids: Ids;
  readonly #changed: (id: string) => void;
  readonly #stacks = new Map<string, readonly View[]>();
  readonly #homes = new Map<string, View>();

  constructor(ids: Ids, changed: (id: string) => void) {
    this.#ids = ids;
    this.#changed = changed;
  }

  /** The open modals of a person, the visible one last. */
  stack(user: string): readonly View[] {
    return this.#stacks.get(user) ?? [];
  }

  home(user: string): View | undefined {
    return this.#homes.get(user);
  }

  find(id: string): View | undefined {
    return this.#all().find((view) => view.id === id);
  }

  findByExternalId(externalId: string): View | undefined {
    return this.#all().find((view) => view.externalId === externalId);
  }

  /** Opens a modal; whatever modal the person had open goes. */
  open(user: string, raw: JsonObject): View {
    const view = this.#build(user, raw, "modal");
    this.#setStack(user, [view]);
    return view;
  }

  /** Puts a modal on top of the open ones: at most three. */
  push(user: string, raw: JsonObject): View {
    const stack = this.stack(user);
    const [root] = stack;
    if (root === undefined) {
      throw new ApiError("not_found");
    }
    if (stack.length >= limits.viewStack) {
      throw new ApiError("push_limit_reached");
    }
    const previousId = stack.at(-1)?.id;
    const view = {
      ...this.#build(user, raw, "modal"),
      rootId: root.id,
      ...(previousId === undefined ? {} : { previousId }),
    };
    this.#setStack(user, [...stack, view]);
    return view;
  }

  /** Replaces an open view; what the person entered stays where block and action ids stay. */
  update(id: string, raw: JsonObject, hash?: string): View {
    const old = this.find(id);
    if (old === undefined) {
      throw new ApiError("not_found");
    }
    requireHash(old, hash);
    const fresh = this.#build(old.user, raw, old.type, old);
    const view = { ...fresh, state: stateOf(fresh.blocks, old.state) };
    this.put(view);
    return view;
  }

  publish(user: string, raw: JsonObject, hash?: string): View {
    const old = this.home(user);
    requireHash(old, hash);
    const view = this.#build(user, raw, "home", old);
    this.#homes.set(user, view);
    this.#changed(view.id);
    return view;
  }

  /** Replaces the record of an open view as it is. */
  put(view: View): void {
    if (view.type === "home") {
      this.#homes.set(view.user, view);
    }
    const stack = this.stack(view.user).map((one) => (one.id === view.id ? view : one));
    this.#setStack(view.user, stack, view.id);
  }

  /** Closes the visible modal, or with `all` the whole stack; returns what closed. */
  close(user: string, all: boolean): readonly View[] {
    const stack = this.stack(user);
    const kept = all ? [] : stack.slice(0, -1);
    this.#setStack(user, kept);
    return stack.slice(kept.length);
  }

  #setStack(user: string, stack: readonly View[], changed = stack.at(-1)?.id ?? ""): void {
    this.#stacks.set(user, stack);
    this.#changed(changed);
  }

  #all(): readonly View[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  #build(user: string, raw: JsonObject, type: View["type"], old?: View): View {
    const externalId = stringAt(raw, "external_id") ?? "";
    const holder = externalId === "" ? undefined : this.findByExternalId(externalId);
    if (holder !== undefined && holder.id !== old?.id) {
      throw new ApiError("duplicate_external_id");
    }
    const id = old?.id ?? this.#ids.next("V");
    const blocks = identify(objectsAt(raw, "blocks"), this.#ids);
    return {
      id,
      type,
      user,
      externalId,
      blocks,
      hash: this.#ids.hash(),
      callbackId: stringAt(raw, "callback_id") ?? "",
      privateMetadata: stringAt(raw, "private_metadata") ?? "",
      clearOnClose: raw["clear_on_close"] === true,
      notifyOnClose: raw["notify_on_close"] === true,
      rootId: old?.rootId ?? id,
      state: stateOf(blocks),
      errors: {},
      ...present("title", objectAt(raw, "title")),
      ...present("submit", objectAt(raw, "submit")),
      ...present("close", objectAt(raw, "close")),
      ...(old?.previousId === undefined ? {} : { previousId: old.previousId }),
    };
  }
}

function present<Key extends string>(
  key: Key,
  value: JsonObject | undefined,
): Partial<Record<Key, JsonObject>> {
  const result: Partial<Record<Key, JsonObject>> = {};
  if (value !== undefined) {
    result[key] = value;
  }
  return result;
}

function requireHash(view: View | undefined, hash: string | undefined): void {
  if (hash !== undefined && view !== undefined && hash !== view.hash) {
    throw new ApiError("hash_conflict");
  }
}
