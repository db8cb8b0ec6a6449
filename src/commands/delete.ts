import { z } from "zod";
import { releaseName } from "../release/names.ts";
import type { Application, ObjectRef } from "../release/release.ts";
import { deleteRequest } from "../release/request.ts";
import { ended } from "../text/ended.ts";
import { accept } from "./accept.ts";
import type { Answer } from "./answer.ts";
import { askerOf, defineCommand } from "./define.ts";
import {
  appArgument,
  deletedIn,
  environmentArgument,
  environmentNamed,
  knownApplication,
  reasonArgument,
} from "./environment.ts";
import type { Ports } from "./ports.ts";

/** A form names so many objects; the plan in the thread has all. */
const mostNamed = 20;

export const deleteApp = defineCommand({
  name: "delete",
  summary: "Delete what docc made of an app in an environment; its history stays",
  needs: "deploy",
  who: "Everybody may ask, by typing the app's name; it is planned and carried out for the environment's `deployers`, not past another person's lock, and not while the environment is frozen. Approvers say yes first where `approval` asks for it.",
  answers: "ack",
  positional: ["app"],
  args: z.object({
    app: appArgument,
    in: environmentArgument,
    reason: reasonArgument,
    confirm: z
      .string()
      .optional()
      .describe("the app's name once more; without it a form asks for it"),
  }),
  examples: [
    "delete kubecon-2017 in=staging",
    'delete kubecon-2017 in=staging reason="the conference is over"',
  ],
  run: async ({ app, in: wished, reason, confirm }, request, ports) => {
    const environment = environmentNamed(ports, wished).name;
    const head = deletable(ports, app, environment);
    const place = `${app} in ${environment}`;
    if (confirm === undefined) return ask(head, reason);
    if (confirm.trim().toLowerCase() !== app) {
      const text = `That is not the name: ${place} is deleted by typing ${app}.`;
      return { text, reason: "bad-input", about: { app, environment } };
    }
    const spec = deleteRequest(app, { environment, reason }, askerOf(request));
    const release = releaseName(app, ports.hash(request.delivery));
    await accept(ports, release, spec);
    return {
      text: `Accepted: the deletion of ${place}. Its thread tells the rest.`,
      about: { app, environment, release },
    };
  },
});

/** @throws DoccError `not-found` where there is nothing to delete */
function deletable(ports: Ports, app: string, environment: string): Application {
  const head = knownApplication(ports, app, environment);
  const { applied, inventory = [] } = head.status ?? {};
  // A deletion that did not come to its end may be asked for again.
  if (applied === undefined && inventory.length === 0) throw deletedIn(ports, head);
  return head;
}

/** Nothing is stored before the name is typed. */
function ask({ spec: { app, environment }, status }: Application, reason = ""): Answer {
  const inventory = status?.inventory ?? [];
  const objects = inventory.length === 1 ? "1 object" : `${inventory.length} objects`;
  const why = reason === "" ? "" : ` reason="${reason.replaceAll(/["“”„]/gu, "'")}"`;
  return {
    text: `This deletes ${app} from ${environment}: ${objects} that docc made, and their pods.`,
    lines: [
      ...(inventory.length === 0 ? [] : [`${named(inventory)}.`]),
      "The plan in its thread says exactly what goes and what stays. Where the environment asks for approval, it waits for that.",
      ...(reason === "" ? [] : [ended(`Reason: ${reason}`)]),
    ],
    confirm: { words: `delete ${app} in=${environment}${why}`, typed: app },
    about: { app, environment },
  };
}

function named(inventory: readonly ObjectRef[]): string {
  const few = inventory.slice(0, mostNamed).map(({ kind, name }) => `${kind} ${name}`);
  const more = inventory.length - few.length;
  return [...few, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
