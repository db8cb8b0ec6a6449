import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { interpret, isInvocation } from "../../src/commands/dispatch.ts";
import { registry } from "../../src/commands/registry.ts";
import { argumentsOf } from "../../src/commands/usage.ts";
import { blocks } from "../manifest/reference/markdown.ts";
import { commandReference } from "./reference/page.ts";

const file = new URL("../../docs/commands.md", import.meta.url);
if (process.env["UPDATE"] === "1") writeFileSync(file, commandReference());
const page = readFileSync(file, "utf8");

describe("docs/commands.md", () => {
  it("is made of the declarations (UPDATE=1 writes it)", () => {
    expect(page).toBe(commandReference());
  });

  it("shows examples that docc understands as the word under which they stand", () => {
    const examples = blocks(page).flatMap(({ text }) => text.trim().split("\n"));
    expect(examples.length).toBeGreaterThanOrEqual(registry.length);
    for (const example of examples) {
      const understood = interpret(registry, example.replace(/^\/docc /u, ""));
      expect(isInvocation(understood), example).toBe(true);
    }
  });

  it("follows its own links, and those to other pages", () => {
    const headings = [...page.matchAll(/^## (?<title>.+)$/gmu)].map(
      ({ groups }) => groups?.["title"],
    );
    for (const [, target] of page.matchAll(/\]\(#(?<target>[^)]+)\)/gu)) {
      expect(headings).toContain(target);
    }
    for (const [, name] of page.matchAll(/\]\((?<name>[a-z]+\.md)/gu)) {
      expect(() => readFileSync(new URL(name ?? "", file))).not.toThrow();
    }
  });
});

describe("the declarations", () => {
  it.each(registry.map((command) => [command.name, command] as const))(
    "of %s explain every argument, and give an example",
    (_name, command) => {
      expect(command.summary).toMatch(/^[A-Z].+[^.]$/u);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { name, description } of argumentsOf(command)) {
        expect(description, name).not.toBe("");
      }
    },
  );
});
