import { expect, it } from "vitest";
import { sandboxImages } from "../../../sandbox/images.ts";
import { findImage, imageDigest, isValidReference } from "./images.ts";

const repository = "registry.corp.example.com/demo/kubecon";
const digest = imageDigest(`${repository}:2017`);

it.each([
  [`${repository}:2017`, "2017"],
  [`${repository}:2017@${digest}`, "2017"],
  [`${repository}@${digest}`, "2017"],
  [`${repository}:2016@${digest}`, undefined],
  [`${repository}:nope`, undefined],
  [repository, undefined],
  ["kubecon:2017", undefined],
])("%s is image %s", (reference, tag) => {
  expect(findImage(sandboxImages, reference)?.reference).toBe(tag && `${repository}:${tag}`);
});

it.each([
  ["nginx", true],
  ["localhost:5000/a/b:1.2-x", true],
  [`${repository}:2017@${digest}`, true],
  ["Upper/case", false],
  ["a//b", false],
  ["a:b:c", false],
  ["a b", false],
  ["", false],
])("%j is a reference: %s", (reference, valid) => {
  expect(isValidReference(reference)).toBe(valid);
});
