import { typedWord } from "../../text/typed-word.ts";
import type { Answer, Question } from "../answer.ts";
import type { EnvironmentPort } from "../ports.ts";
import { asked, type Said, sayable, type Sayable } from "./arguments.ts";

/** The form that asks what a first manifest says. Nothing is stored or deployed by it. */
export function questions(
  said: Said,
  { name: environment, platform }: EnvironmentPort,
  requester: string,
): Answer {
  const fields = fieldsOf(platform.domain).map((field) => {
    const value = said[field.name] ?? defaults(requester)[field.name];
    return value === undefined ? field : { ...field, value };
  });
  return {
    text: "This asks what the manifest is to say; nothing is deployed by it.",
    ask: {
      title: "A first manifest",
      submit: "Write it",
      words: wordsOf(said, environment),
      adds: ["write=true", ...typed(said, unasked), `in=${environment}`].join(" "),
      fields,
    },
  };
}

function defaults(requester: string): Said {
  return { scheme: "none", scale: "2", maintainer: requester };
}

/** Of what a button holds. */
const mostWords = 1_500;

/** A value that no word can hold is typed again, and all of them where they are too much. */
function wordsOf(said: Said, environment: string): string {
  const words = typed(said, sayable);
  const kept = words.join(" ").length > mostWords ? [] : words;
  return ["init", ...kept, `in=${environment}`].join(" ");
}

/** Said before the form opened, and not asked by it. */
const unasked = sayable.filter((name) => asked.every((each) => each !== name));

function typed(said: Said, names: readonly Sayable[]): readonly string[] {
  return names.flatMap((name) => {
    const value = said[name];
    const word = value === undefined ? undefined : typedWord(name, value);
    return word ?? [];
  });
}

function fieldsOf(domain: string): readonly (Question & { readonly name: keyof Said })[] {
  return [
    {
      name: "app",
      label: "Name of the application",
      hint: "Small letters, digits and hyphens. Kubernetes objects are named after it.",
      example: "shop",
    },
    {
      name: "image",
      label: "Image, with its tag",
      hint: "Later deploys change the tag alone.",
      example: "registry.example.com/team/shop:1.0",
    },
    {
      name: "port",
      label: "Port",
      hint: "The one that it listens on. Leave it empty for a worker that listens on none.",
      example: "8080",
      isOptional: true,
    },
    {
      name: "scheme",
      label: "How it is reached from outside",
      choices: [
        { value: "none", text: "Not at all" },
        { value: "http", text: "By http" },
        { value: "https", text: "By https, with a certificate that docc gets" },
        { value: "tls", text: "By TLS, which its container ends" },
      ],
    },
    {
      name: "hosts",
      label: "Host names",
      hint: `Several with commas between. Left empty it is the name above, in ${domain}.`,
      example: "shop.example.com",
      isOptional: true,
    },
    { name: "scale", label: "Copies", hint: "How many run at once.", example: "2" },
    {
      name: "memory",
      label: "Memory of each copy",
      hint: "Left empty it is 512Mi.",
      example: "512Mi",
      isOptional: true,
    },
    {
      name: "maintainer",
      label: "Maintainer",
      hint: "Who owns it and hears of trouble: an e-mail address, or a Slack id. Yours stands here.",
      example: "team@example.com",
    },
  ];
}
