import { isObject, stringAt } from "./json.ts";

/**
 * A small schema language for Block Kit. Its sentences are those of Slack's own validator, as
 * public bug reports and repositories quote them (docs/fidelity-slack.md, "Validation").
 */
export interface Problem {
  /** JSON pointer into the request, such as `/blocks/0/text/text`. */
  readonly pointer: string;
  readonly message: string;
}

export type Check = (value: unknown, pointer: string) => readonly Problem[];

const problem = (pointer: string, message: string): readonly Problem[] => [{ pointer, message }];

/** A string of `min` to `max` UTF-16 units. */
export function string(max = Number.POSITIVE_INFINITY, min = 0): Check {
  return (value, pointer) => {
    if (typeof value !== "string") {
      return problem(pointer, "must provide a string");
    }
    if (value.length < min) {
      return problem(pointer, `must be more than ${min - 1} characters`);
    }
    return value.length > max ? problem(pointer, `must be less than ${max + 1} characters`) : [];
  };
}

export function integer(min: number, max: number): Check {
  return (value, pointer) => {
    if (!Number.isInteger(value)) {
      return problem(pointer, "must provide an integer");
    }
    const number = Number(value);
    return number < min || number > max
      ? problem(pointer, `must be between ${min} and ${max}`)
      : [];
  };
}

export const boolean: Check = (value, pointer) =>
  typeof value === "boolean" ? [] : problem(pointer, "must provide a boolean");

export const anything: Check = () => [];

export function oneOf(...values: readonly string[]): Check {
  return (value, pointer) => {
    if (typeof value !== "string") {
      return problem(pointer, "must provide a string");
    }
    return values.includes(value)
      ? []
      : problem(pointer, `value must be one of: ${values.join(", ")}`);
  };
}

export function array(item: Check, max: number, min = 0): Check {
  return (value, pointer) => {
    if (!Array.isArray(value)) {
      return problem(pointer, "must provide an array");
    }
    if (value.length < min) {
      return problem(pointer, `must provide at least ${min} items`);
    }
    return [
      ...(value.length > max ? problem(pointer, `no more than ${max} items allowed`) : []),
      ...value.flatMap((element: unknown, at) => item(element, `${pointer}/${at}`)),
    ];
  };
}

export interface Shape {
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
  /** Rules that span fields; they run only when every field is sound. */
  readonly rules?: readonly Check[];
}

/** A closed object: a property that is not listed is refused, as Slack refuses it. */
export function object({ required = {}, optional = {}, rules = [] }: Shape): Check {
  const fields: Readonly<Record<string, Check>> = { ...required, ...optional };
  return (value, pointer) => {
    if (!isObject(value)) {
      return problem(pointer, "must provide an object");
    }
    const problems = [
      ...Object.keys(required)
        .filter((key) => value[key] === undefined)
        .flatMap((key) => problem(pointer, `missing required field: ${key}`)),
      ...Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .flatMap(([key, field]) => {
          const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
          return check === undefined
            ? problem(pointer, `invalid additional property: ${key}`)
            : check(field, `${pointer}/${key}`);
        }),
    ];
    return problems.length > 0 ? problems : rules.flatMap((rule) => rule(value, pointer));
  };
}

/** An object whose `type` picks its check; `refuse` says what an unknown type means here. */
export function tagged(
  checks: Readonly<Record<string, Check>>,
  refuse: (type: string, pointer: string) => readonly Problem[] = unsupportedType,
): Check {
  return (value, pointer) => {
    if (!isObject(value)) {
      return problem(pointer, "must provide an object");
    }
    const type = stringAt(value, "type");
    if (type === undefined) {
      return problem(pointer, "missing required field: type");
    }
    const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
    return check === undefined ? refuse(type, pointer) : check(value, pointer);
  };
}

function unsupportedType(type: string, pointer: string): readonly Problem[] {
  return problem(`${pointer}/type`, `unsupported type: ${type}`);
}

/** The same check, with the sentence Slack puts in front when every alternative failed. */
export function alternative(check: Check): Check {
  return (value, pointer) => {
    const problems = check(value, pointer);
    return problems.length === 0
      ? []
      : [...problem(pointer, "failed to match all allowed schemas"), ...problems];
  };
}

/** A rule over several fields: a problem with `message` unless `holds`. */
export function rule(
  message: string,
  holds: (value: Readonly<Record<string, unknown>>) => boolean,
): Check {
  return (value, pointer) => (isObject(value) && !holds(value) ? problem(pointer, message) : []);
}
