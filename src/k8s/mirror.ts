import type { KubeObject, Stored } from "./objects.ts";

/** What happened to the projection of one object. `key` is `namespace/name`, or the name alone. */
export type Change<P> =
  | { readonly type: "added"; readonly key: string; readonly value: P }
  | { readonly type: "modified"; readonly key: string; readonly value: P; readonly previous: P }
  | { readonly type: "deleted"; readonly key: string; readonly value: P };

export interface MirrorOptions<T extends KubeObject, P> {
  /** What of an object is kept: the rest is garbage at once. */
  readonly project: (object: Stored<T>) => P;
  /** Should only note the key and return: it runs between two events of the watch. */
  readonly onChange?: (change: Change<P>) => void;
  /** Hears of every failure that is got over: of the caller's functions, of lists and watches. */
  readonly onError?: (error: Error) => void;
}

/** Projections of objects by key, which tells every change once. */
export interface Mirror<T extends KubeObject, P> {
  get(key: string): P | undefined;
  values(): P[];
  readonly size: number;
  /** How often `project`, `onChange` or `onError` threw; the mirror goes on. */
  readonly handlerFailures: number;
  put(object: Stored<T>): void;
  remove(key: string): void;
  /** Removes all keys but these. */
  retain(keys: ReadonlySet<string>): void;
  report(error: unknown): void;
}

interface Entry<P> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly value: P;
}

export function keyOf({ metadata }: Stored<KubeObject>): string {
  const { name, namespace } = metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function createMirror<T extends KubeObject, P>(options: MirrorOptions<T, P>): Mirror<T, P> {
  const entries = new Map<string, Entry<P>>();
  let handlerFailures = 0;

  const report = (error: unknown): void => {
    try {
      options.onError?.(error instanceof Error ? error : new Error("not an Error was thrown"));
    } catch {
      handlerFailures += 1;
    }
  };

  /** Runs the caller's code; its exceptions are counted and reported, nothing more. */
  const guard = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      handlerFailures += 1;
      report(error);
    }
  };

  const tell = (change: Change<P>): void => guard(() => options.onChange?.(change));

  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry !== undefined) {
      entries.delete(key);
      tell({ type: "deleted", key, value: entry.value });
    }
  };

  const store = (key: string, entry: Entry<P>): void => {
    const previous = entries.get(key);
    entries.set(key, entry);
    const { value } = entry;
    tell(
      previous === undefined
        ? { type: "added", key, value }
        : { type: "modified", key, value, previous: previous.value },
    );
  };

  const put = (object: Stored<T>): void => {
    const { uid, resourceVersion } = object.metadata;
    const key = keyOf(object);
    const known = entries.get(key);
    if (known?.uid === uid && known.resourceVersion === resourceVersion) {
      return;
    }
    // Another object of the same name: its predecessor's deletion was missed.
    if (known !== undefined && known.uid !== uid) {
      remove(key);
    }
    guard(() => store(key, { uid, resourceVersion, value: options.project(object) }));
  };

  return {
    get: (key) => entries.get(key)?.value,
    values: () => [...entries.values()].map((entry) => entry.value),
    get size() {
      return entries.size;
    },
    get handlerFailures() {
      return handlerFailures;
    },
    put,
    remove,
    retain: (keys) => {
      for (const key of [...entries.keys()].filter((each) => !keys.has(each))) {
        remove(key);
      }
    },
    report,
  };
}
