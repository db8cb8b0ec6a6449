import { z } from "zod";
import { args, command } from "./command.ts";
import { env } from "./env.ts";
import { health } from "./health.ts";
import {
  digestPattern,
  LONGEST_REPOSITORY,
  repositoryHint,
  repositoryPattern,
  tagPattern,
} from "./image.ts";
import { labelName } from "./names.ts";
import { becomings, listOf, notes } from "./note.ts";
import { ports } from "./port.ts";
import { cpu, memory } from "./quantity.ts";

const MOST_WRITABLE = 20;
const LONGEST_DIRECTORY = 255;
/** The largest user id that Linux has, less one: the last means "unchanged". */
const LAST_USER = 2 ** 31 - 1;

const directory = z
  .string()
  .max(LONGEST_DIRECTORY)
  // Absolute, no empty, `.` or `..` step; a colon separates mounts in runtimes.
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._@+-]+)+$/u)
  .describe("an absolute path of a directory, like /var/cache")
  .register(notes, {
    code: "bad-path",
    says: "is no absolute path of a directory",
    hint: "Write it like /var/cache, without a slash at its end.",
  });

const container = z
  .strictObject({
    image: z
      .string()
      .max(LONGEST_REPOSITORY)
      .regex(repositoryPattern)
      .describe("the repository of the image, without tag, like registry.example.com/team/app")
      .meta({ examples: ["registry.example.com/team/app"] })
      .register(notes, { code: "bad-image", says: "is not a repository", hint: repositoryHint })
      .register(becomings, {
        becomes: "`image`, with tag or digest. Its registry must be on the operator's list.",
      }),
    image_tag: z
      .string()
      .regex(tagPattern)
      .describe('the tag of the image, in quotes, like "2017"')
      .meta({ examples: ["2017"] })
      .register(notes, {
        code: "bad-tag",
        says: "is not an image tag",
        hint: "A tag has letters, digits, _, . and -, at most 128, and does not start with . or -.",
      })
      .register(becomings, {
        becomes:
          "The image's tag. `tag=` sets it, `CONTAINER.tag=` where there are several. One of `image_tag` and `image_digest`.",
      })
      .optional(),
    image_digest: z
      .string()
      .regex(digestPattern)
      .describe("the digest of the image: sha256: and 64 hexadecimal digits")
      .meta({ examples: [`sha256:${"0123456789abcdef".repeat(4)}`] })
      .register(notes, {
        code: "bad-digest",
        says: "is not a digest",
        hint: "A digest is sha256: and 64 digits from 0-9 and a-f; the registry shows it.",
      })
      .register(becomings, { becomes: "The image, pinned: the same bytes for ever." })
      .optional(),
    ports: ports.default([]),
    command: command.optional(),
    args: args.optional(),
    env: env.optional(),
    cpu: cpu.optional(),
    memory: memory.optional(),
    health: health.optional(),
    writable: listOf(directory, MOST_WRITABLE)
      .describe('the list of directories that the container may write to; ["/tmp"] otherwise')
      .meta({ examples: [["/tmp", "/var/cache"]] })
      .register(becomings, {
        becomes: "An `emptyDir` each, of this copy alone and gone with it.",
      })
      .optional(),
    read_only: z
      .boolean()
      .describe("false where the container must write anywhere in its image, else true")
      .register(becomings, {
        becomes: "`readOnlyRootFilesystem`. Without it the operator's default.",
      })
      .optional(),
    run_as_user: z
      .int()
      .min(1)
      .max(LAST_USER)
      .describe("the number of the user it runs as, for images whose user is a name")
      .meta({ examples: [1000] })
      .register(notes, {
        code: "out-of-range",
        says: "is no user to run as",
        hint: `Give a number from 1 to ${LAST_USER}; for root there is run_as_root.`,
      })
      .register(becomings, { becomes: "`runAsUser`." })
      .optional(),
    run_as_root: z
      .boolean()
      .describe("true where the image works as root only, and the operator allows it")
      .register(becomings, {
        becomes: "Root and the runtime's usual capabilities, instead of `runAsNonRoot` and none.",
      })
      .optional(),
  })
  .describe("an object with image, image_tag and perhaps ports");

/** Entries are counted by rules/counts.ts. */
export const containers = z
  .record(labelName("a container"), container)
  .describe("an object of containers by name, each with image and image_tag")
  .meta({
    examples: [
      { web: { image: "registry.example.com/team/app", image_tag: "2017", ports: [8080] } },
    ],
  })
  .register(becomings, { becomes: "The containers of one pod; they share its network." });
