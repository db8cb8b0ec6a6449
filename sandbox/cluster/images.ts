import { createHash } from "node:crypto";
import type { Clock } from "../../src/clock.ts";
import type { SandboxImage } from "../images.ts";
import type { LogBook } from "./logs.ts";
import type { EngineImage, EngineImageClass, ProcessContext } from "./webernetes.ts";

/** The digest of a sandbox image: there is no content to hash, so its reference stands for it. */
export const digestOf = ({ reference }: SandboxImage): string =>
  `sha256:${createHash("sha256").update(reference).digest("hex")}`;

/** Every reference that runs the image: by tag, by digest, and by both. */
function referencesOf(image: SandboxImage): readonly string[] {
  const digest = digestOf(image);
  const repository = image.reference.replace(/:[^/:]+$/, "");
  return [image.reference, `${repository}@${digest}`, `${image.reference}@${digest}`];
}

/** The images as classes webernetes can register, one per reference. */
export function imageClasses(
  images: readonly SandboxImage[],
  Base: new () => EngineImage,
  clock: Clock,
  logs: LogBook,
): readonly EngineImageClass[] {
  // Ids of the containers whose image serves by now.
  const serving = new Set<string>();
  return images.flatMap((image) =>
    referencesOf(image).map((reference) => {
      const colon = reference.lastIndexOf(":");
      return class extends Base {
        static readonly imageName = reference.slice(0, colon);
        static readonly imageVersion = reference.slice(colon + 1);
        override readonly defaultCommand = ["/app"];

        override async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
          if (isMain(context, argv)) return run(image, { context, clock, logs, serving });
          if (shellWords.has(argv[0] ?? "")) return super.exec(context, argv);
          return ownTool(context, serving);
        }
      };
    }),
  );
}

/** The container's own command, as opposed to what a probe or hook executes inside it. */
function isMain({ container }: ProcessContext, argv: readonly string[]): boolean {
  const command = container.command.length > 0 ? container.command : ["/app"];
  return [...command, ...container.args].join("\0") === argv.join("\0");
}

/**
 * What webernetes' base image executes itself. Any other word is taken for the image's own tool, such
 * as a health check: it succeeds while the image serves, as with the real rig's fake kubelet.
 */
const shellWords: ReadonlySet<string> = new Set([
  "cat",
  "env",
  "false",
  "pause",
  "printenv",
  "rm",
  "sh",
  "sleep",
  "test",
  "touch",
  "true",
]);

function ownTool(context: ProcessContext, serving: ReadonlySet<string>): number {
  if (serving.has(context.container.id)) return 0;
  context.writeStderr("command exited with code 1");
  return 1;
}

/** One run of a container's main process. */
interface Run {
  readonly context: ProcessContext;
  readonly clock: Clock;
  readonly logs: LogBook;
  readonly serving: Set<string>;
}

async function run(image: SandboxImage, { context, clock, logs, serving }: Run): Promise<number> {
  const { id } = context.container;
  for (const text of image.logs) logs.append(id, { at: clock.now(), text });
  try {
    return await behave(image, context, () => serving.add(id));
  } finally {
    serving.delete(id);
    logs.end(id);
  }
}

async function behave(
  { behaviour }: SandboxImage,
  context: ProcessContext,
  onServing: () => void,
): Promise<number> {
  switch (behaviour.kind) {
    case "serves":
      await context.sleep(behaviour.readyAfterMs);
      for (const { containerPort } of context.container.ports) {
        context.listenHttp(containerPort, () => Promise.resolve({ status: 200, body: "ok\n" }));
      }
      onServing();
      return context.waitUntilKilled();
    case "never-ready":
      return context.waitUntilKilled();
    case "exits":
      await context.sleep(behaviour.afterMs);
      return behaviour.code;
  }
}
