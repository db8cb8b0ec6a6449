import { z } from "zod";
import { DoccError } from "../errors.ts";
import { releaseName } from "../release/names.ts";
import { isTerminal, phaseOf } from "../release/phases.ts";
import type { Application, ObjectRef, ReleaseSpec } from "../release/release.ts";
import { deleteRequest } from "../release/request.ts";
import { advise } from "../text/advice.ts";
import { cap } from "../text/cap.ts";
import { ended } from "../text/ended.ts";
import { acceptAll } from "./accept.ts";
import type { Answer } from "./answer.ts";
import { askerOf, defineCommand } from "./define.ts";
import { answerFor } from "./dispatch.ts";
import {
  deletedIn,
  environmentArgument,
  environmentFor,
  knownApplication,
  reasonArgument,
} from "./environment.ts";
import type { Ports } from "./ports.ts";
import { appsArgument, namesIn, sayNames } from "./several-apps.ts";

/** A form names so many objects, of one app or of all; the plan in each thread has all. */
const mostNamed = 20;

export const deleteApp = defineCommand({
  name: "delete",
  summary: "Delete what docc made of one or several apps in an environment; their history stays",
  needs: "deploy",
  who: "Everybody may ask, by typing the name of each app; each is planned and carried out for the environment's `deployers`, not past another person's lock, and not while the environment is frozen. Approvers say yes first where `approval` asks for it.",
  answers: "ack",
  positional: ["app"],
  variadic: true,
  args: z.object({
    app: appsArgument,
    in: environmentArgument,
    reason: reasonArgument,
    confirm: z
      .string()
      .optional()
      .describe("the name of each app once more; without it a form asks for it"),
  }),
  examples: [
    "delete kubecon-2017 in=staging",
    'delete kubecon-2017 in=staging reason="the conference is over"',
    "delete kubecon-2017 kubecon-2018 in=staging",
  ],
  run: async ({ app: apps, in: wished, reason, confirm }, request, ports) => {
    const environment = environmentFor(wished, request, ports).name;
    const asked: Asked = { apps, environment, reason };
    const hash = ports.hash(request.delivery);
    const wishes = apps.map((app): Wish => {
      const spec = deleteRequest(app, { environment, reason }, askerOf(request));
      return { app, name: releaseName(app, hash), spec };
    });
    // What this very delivery has stored already is not weighed again: it may be done by now.
    const fresh = wishes.filter(({ name }) => ports.releases.kept(name) === undefined);
    const weighed = fresh.map((wish) => weigh(wish, ports));
    const problems = weighed.filter((each) => "problem" in each);
    if (problems.length > 0) return refuse(asked, problems);
    if (confirm === undefined) {
      return ask(
        asked,
        weighed.flatMap((each) => ("head" in each ? [each.head] : [])),
      );
    }
    const wrong = wrongNames(asked, namesIn(confirm));
    if (wrong !== undefined) return wrong;
    const partly = await acceptAll(ports, fresh);
    if (partly !== undefined) return partly;
    const threads =
      apps.length === 1 ? "Its thread tells the rest." : "Each has a thread that tells the rest.";
    return {
      text: `Accepted: the deletion of ${sayNames(apps)} in ${environment}. ${threads}`,
      about: wishes.map(({ app, name }) => ({ app, environment, release: name })),
    };
  },
});

/** What was asked for, as a whole. */
interface Asked {
  readonly apps: readonly string[];
  readonly environment: string;
  readonly reason: string | undefined;
}

/** The release of one app that is to be deleted. */
interface Wish {
  readonly app: string;
  readonly name: string;
  readonly spec: ReleaseSpec;
}

interface Problem {
  readonly app: string;
  readonly problem: Answer;
}

/**
 * Whether an app can be deleted, by what is at hand.
 * @throws DoccError `unavailable` where docc does not know the apps yet
 */
function weigh({ app, spec }: Wish, ports: Ports): Problem | { readonly head: Application } {
  try {
    const head = deletable(ports, app, spec.environment);
    const held = ports.heldUp(spec, app);
    if (held === undefined) return { head };
    const { sentence, next, named = [], code } = held;
    const text = ended(`Not deleted: ${sentence}`);
    return { app, problem: { text, named, lines: [`Next: ${ended(next)}`], reason: code } };
  } catch (error) {
    if (!(error instanceof DoccError) || error.reason === "unavailable") throw error;
    return { app, problem: answerFor(error) };
  }
}

/** @throws DoccError `not-found` where there is nothing to delete */
function deletable(ports: Ports, app: string, environment: string): Application {
  const head = knownApplication(ports, app, environment);
  const { applied, deleted, inventory = [] } = head.status ?? {};
  if (applied !== undefined) return head;
  const last = ports.releases.kept(deleted?.release ?? "");
  const isUnderWay = last !== undefined && !isTerminal(phaseOf(last));
  // A deletion that did not come to its end may be asked for again, once it is over.
  if (isUnderWay || inventory.length === 0) throw deletedIn(ports, head);
  return head;
}

/** One that cannot be deleted holds up the others as well: nobody is left with half of what they asked for. */
function refuse({ apps, environment }: Asked, problems: readonly Problem[]): Answer {
  const [first] = problems;
  const others = apps.filter((app) => !problems.some((each) => each.app === app));
  if (first !== undefined && apps.length === 1) {
    return { ...first.problem, about: { app: first.app, environment } };
  }
  const count = others.length === 0 ? "none" : `${problems.length}`;
  return {
    text: `None is deleted, because ${count} of the ${apps.length} can${count === "none" ? "" : "not"} be.`,
    named: problems.flatMap(({ problem }) => problem.named ?? []),
    lines: [
      // A freeze is the same for all.
      ...new Set(problems.map(({ problem }) => [problem.text, ...(problem.lines ?? [])].join(" "))),
      ...(others.length === 0
        ? []
        : [`The others alone: ${advise("delete", { app: others.join(" "), environment })}`]),
    ],
    reason: first?.problem.reason ?? "conflict",
    about: { environment },
  };
}

/** Nothing is stored before the names are typed. */
function ask(asked: Asked, heads: readonly Application[]): Answer {
  const { apps, environment, reason = "" } = asked;
  const inventories = heads.map(({ status }) => status?.inventory ?? []);
  const [only = []] = inventories;
  const count = inventories.reduce((sum, { length }) => sum + length, 0);
  const what = apps.length === 1 ? sayNames(apps) : `${apps.length} apps`;
  const why = reason === "" ? "" : ` reason="${reason.replaceAll(/["“”„]/gu, "'")}"`;
  const single = only.length === 0 ? [] : [`${named(only, mostNamed)}.`];
  const plan = apps.length === 1 ? "The plan in its thread says" : "The plan in each thread says";
  return {
    text: `This deletes ${what} from ${environment}: ${sayObjects(count)} that docc made, and their pods.`,
    lines: [
      ...(apps.length === 1 ? single : heads.map((head) => sayOne(head, apps.length))),
      `${plan} exactly what goes and what stays. Where the environment asks for approval, it waits for that.`,
      ...(reason === "" ? [] : [ended(`Reason: ${reason}`)]),
    ],
    confirm: { words: `delete ${apps.join(" ")} in=${environment}${why}`, typed: apps.join(" ") },
    about: { ...(apps.length === 1 ? { app: apps[0] } : {}), environment },
  };
}

/** `shop-a: 2 objects, Service shop-a and 1 more.` */
function sayOne({ spec: { app }, status }: Application, of: number): string {
  const inventory = status?.inventory ?? [];
  const objects = inventory.length === 0 ? "" : `, ${named(inventory, Math.floor(mostNamed / of))}`;
  return ended(`${app}: ${sayObjects(inventory.length)}${objects}`);
}

function sayObjects(count: number): string {
  return count === 1 ? "1 object" : `${count} objects`;
}

function named(inventory: readonly ObjectRef[], most: number): string {
  const few = inventory.slice(0, most).map(({ kind, name }) => `${kind} ${name}`);
  const more = inventory.length - few.length;
  return [...few, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/**
 * Every name is typed, in any order. A count would say how many one means, and not which: the app that a completion
 * put there instead of another one is seen by its name alone.
 */
function wrongNames({ apps, environment }: Asked, typed: readonly string[]): Answer | undefined {
  const missing = apps.filter((app) => !typed.includes(app));
  const strange = typed.filter((name) => !apps.includes(name));
  if (missing.length === 0 && strange.length === 0) return undefined;
  const about = { ...(apps.length === 1 ? { app: apps[0] } : {}), environment };
  if (apps.length === 1) {
    const place = `${sayNames(apps)} in ${environment}`;
    const text = `That is not the name: ${place} is deleted by typing ${sayNames(apps)}.`;
    return { text, reason: "bad-input", about };
  }
  const wrong =
    missing.length > 0
      ? `${sayNames(missing)} ${missing.length === 1 ? "is" : "are"} missing`
      : `${cap(sayNames(strange), 100)} ${strange.length === 1 ? "is" : "are"} none of them`;
  const text = `Those are not the names: ${wrong}.`;
  return { text, lines: [`Type ${apps.join(" ")}`], reason: "bad-input", about };
}
