import type { Finding } from "../../manifest/finding.ts";
import { starterJson } from "../../manifest/init.ts";
import type { Answer } from "../answer.ts";
import type { EnvironmentPort, Ports } from "../ports.ts";
import { draftOf, refusal, type Wrong } from "./answers.ts";
import type { Said } from "./arguments.ts";

/** The manifest that the answers make, or what is wrong with them. Nothing is stored or deployed. */
export function starter(
  said: Said,
  requester: string,
  { name, platform }: EnvironmentPort,
  ports: Ports,
): Answer {
  const draft = draftOf({ maintainer: requester, ...said }, platform);
  const wrong = { ...draft.wrong, ...unsaidIn(said) };
  if (Object.keys(wrong).length > 0) return refusal(wrong);
  return written(said.app ?? "", starterJson(draft.answers), draft.findings, name, ports);
}

function written(
  app: string,
  text: string,
  findings: readonly Finding[],
  environment: string,
  ports: Ports,
): Answer {
  const runs = ports.apps.find(app, environment)?.status?.applied !== undefined;
  return {
    text: `The manifest of ${app} is written, and nothing is deployed yet.`,
    lines: [
      "Deploy opens the form with it, where you choose the environment.",
      "Keep the file with the code: whoever changes more than tag and scale deploys it anew.",
      ...(runs ? [`docc runs ${app} in ${environment} already: this would replace it.`] : []),
    ],
    ...(findings.length === 0 ? {} : { findings }),
    snippet: {
      title: "manifest.json",
      text: text.trimEnd(),
      keep: "first",
      file: { name: "manifest.json", text, isWanted: true },
    },
    form: { command: "deploy", app, environment, text, open: false },
    about: { app, environment },
  };
}

/** Placeholders have no place in what is about to be deployed. */
function unsaidIn({ app, image }: Said): Wrong {
  return {
    ...(app === undefined ? { app: "Give it a name." } : {}),
    ...(image === undefined ? { image: "Say which image it runs, with its tag." } : {}),
  };
}
