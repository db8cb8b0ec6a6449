import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeFields,
  difference,
  encodeFields,
  type FieldSet,
  intersection,
  pathsOf,
  union,
  withNamedFields,
} from "../../../../../sandbox/cluster/facade/apply/fieldset.ts";
import type { JsonObject } from "../../../../../sandbox/cluster/facade/json.ts";

const element = fc.constantFrom("f:a", "f:b", "f:spec", 'k:{"name":"x"}', 'v:"y"');

const fieldsV1 = (depth: number): fc.Arbitrary<JsonObject> => {
  const child = depth === 0 ? fc.constant<JsonObject>({}) : fieldsV1(depth - 1);
  return fc
    .tuple(fc.dictionary(element, child, { maxKeys: 3 }), fc.boolean())
    .map(([children, dot]) =>
      dot && Object.keys(children).length > 0 ? { ".": {}, ...children } : children,
    );
};

const sets: fc.Arbitrary<FieldSet> = fieldsV1(3).map((fields) => {
  const { ".": _dot, ...rest } = fields;
  return decodeFields(rest);
});

/** Every run prints its seed and the shrunk example when it fails. */
function always(property: fc.IProperty<unknown>): void {
  fc.assert(property, { numRuns: 300, verbose: 1 });
}

function same(left: FieldSet, right: FieldSet): void {
  expect(pathsOf(left)).toEqual(pathsOf(right));
}

describe("a field set", () => {
  it("survives the wire form", () => {
    always(fc.property(sets, (set) => same(decodeFields(encodeFields(set)), set)));
  });

  it("obeys the laws of sets", () => {
    always(
      fc.property(sets, sets, sets, (a, b, c) => {
        same(union(a, b), union(b, a));
        same(union(a, a), a);
        same(intersection(a, union(b, c)), union(intersection(a, b), intersection(a, c)));
        same(difference(a, union(b, c)), difference(difference(a, b), c));
        same(union(difference(a, b), intersection(a, b)), a);
      }),
    );
  });

  it("only grows when named fields become members", () => {
    always(fc.property(sets, (set) => same(intersection(withNamedFields(set), set), set)));
  });

  it("prints paths as the API server does", () => {
    const set = decodeFields({
      "f:spec": {
        "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {} } },
        "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { "f:name": {} } },
        "f:tags": { 'v:"a"': {} },
      },
    });
    expect(pathsOf(set)).toEqual([
      '.spec.containers[name="web"]',
      '.spec.containers[name="web"].image',
      '.spec.ports[containerPort=80,protocol="TCP"].name',
      '.spec.tags[="a"]',
    ]);
  });
});
