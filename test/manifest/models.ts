import { readFileSync } from "node:fs";
import path from "node:path";
import * as client from "@kubernetes/client-node";
import type { ApplicationObject } from "../../src/manifest/objects/objects.ts";
import { schemaProblems } from "./models-third-party.ts";

interface Field {
  readonly baseName: string;
  /** `string`, `Array<V1Container>`, `{ [key: string]: string; }`, `IntOrString`, and so on. */
  readonly type: string;
  readonly format: string;
}

/** A generated model class, which lists its own fields with their types. */
interface Model {
  getAttributeTypeMap(): readonly Field[];
}

const models = new Map<string, Model>(
  Object.entries(client).flatMap(([name, value]): [string, Model][] =>
    isModel(value) ? [[name, value]] : [],
  ),
);

function isModel(value: unknown): value is Model {
  return typeof value === "function" && "getAttributeTypeMap" in value;
}

const kinds: Readonly<Record<string, string>> = {
  "v1 Service": "V1Service",
  "apps/v1 Deployment": "V1Deployment",
  "autoscaling/v2 HorizontalPodAutoscaler": "V2HorizontalPodAutoscaler",
  "policy/v1 PodDisruptionBudget": "V1PodDisruptionBudget",
  "networking.k8s.io/v1 Ingress": "V1Ingress",
};

/**
 * What is wrong with an object by Kubernetes' own models, as `path: what`: fields that they do not know,
 * fields that they require, values of another type. What a model says of values beyond their type is
 * only in words, so that is for the API server to judge. Kinds of third parties are held against their
 * CRDs, where the rig has them.
 */
export function modelProblems(object: ApplicationObject): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const model = kinds[`${apiVersion} ${kind}`];
  return model === undefined
    ? [...inModel(metadata, "V1ObjectMeta", `${kind}.metadata`), ...schemaProblems(object)]
    : inModel(object, model, kind);
}

function problemsIn(
  value: unknown,
  { type, format }: Omit<Field, "baseName">,
  at: string,
): readonly string[] {
  const { item, member } =
    /^(?:Array<(?<item>.+)>|\{ \[key: string\]: (?<member>.+); \})$/u.exec(type)?.groups ?? {};
  if (item !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((each: unknown, index) =>
          problemsIn(each, { type: item, format }, `${at}[${index}]`),
        )
      : [`${at}: no list`];
  }
  if (member !== undefined) {
    return isObject(value)
      ? Object.entries(value).flatMap(([key, each]) =>
          problemsIn(each, { type: member, format }, `${at}.${key}`),
        )
      : [`${at}: no object`];
  }
  return models.has(type) ? inModel(value, type, at) : inPrimitive(value, type, format, at);
}

function inModel(value: unknown, model: string, at: string): readonly string[] {
  if (!isObject(value)) {
    return [`${at}: no object`];
  }
  const fields = models.get(model)?.getAttributeTypeMap() ?? [];
  const missing = requiredFields(model).filter((name) => value[name] === undefined);
  return [
    ...missing.map((name) => `${at}.${name}: missing`),
    ...Object.entries(value).flatMap(([key, member]) => {
      const field = fields.find(({ baseName }) => baseName === key);
      return field === undefined
        ? [`${at}.${key}: unknown`]
        : problemsIn(member, field, `${at}.${key}`);
    }),
  ];
}

function inPrimitive(value: unknown, type: string, format: string, at: string): readonly string[] {
  const isFine =
    type === "any" ||
    typeof value === type ||
    (type === "IntOrString" && (typeof value === "string" || Number.isInteger(value)));
  if (!isFine) {
    return [`${at}: no ${type}`];
  }
  return format.startsWith("int") && typeof value === "number" && !Number.isInteger(value)
    ? [`${at}: no integer`]
    : [];
}

const declarations = path.join(
  import.meta.dirname,
  "../../node_modules/@kubernetes/client-node/dist/gen/models",
);
const required = new Map<string, readonly string[]>();

/** Only a model's TypeScript says which fields it must have: those without a question mark. */
function requiredFields(model: string): readonly string[] {
  const known = required.get(model);
  if (known !== undefined) {
    return known;
  }
  const text = readFileSync(path.join(declarations, `${model}.d.ts`), "utf8");
  const names = [...text.matchAll(/^ {4}'(?<name>[^']+)': /gmu)].map(
    ({ groups }) => groups?.["name"] ?? "",
  );
  required.set(model, names);
  return names;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
