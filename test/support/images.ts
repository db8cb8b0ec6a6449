import { type SandboxImage, sandboxImages } from "../../sandbox/images.ts";

/** An image that prints more than a message holds, and what nobody should see. */
const talkative: SandboxImage = {
  reference: "registry.corp.example.com/demo/kubecon:3000",
  behaviour: { kind: "serves", readyAfterMs: 1_000 },
  logs: [
    "connecting by postgres://shop:hunter2@db:5432/shop",
    "\u001b[31mred\u001b[0m <!channel> ```",
    ...Array.from({ length: 400 }, (_, at) => `line ${at} of a log that is too long for a message`),
  ],
};

/** Takes so long to listen that others are surely asked for while it rolls out. */
const slow: SandboxImage = {
  reference: "registry.corp.example.com/demo/kubecon:slow",
  behaviour: { kind: "serves", readyAfterMs: 15_000 },
  logs: ["kubecon slow starting"],
};

/** What both clusters of the tests play, unless a test on the embedded one has images of its own. */
export const testImages: readonly SandboxImage[] = [...sandboxImages, talkative, slow];
