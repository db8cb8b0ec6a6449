/** What an image does when a rig "runs" it. Both clusters, embedded and real with fake nodes, read this one list. */
export type Behaviour =
  /** Listens on every declared port after `readyAfterMs` and runs until it is killed. */
  | { readonly kind: "serves"; readonly readyAfterMs: number }
  /** Runs, but never listens: it never becomes ready. */
  | { readonly kind: "never-ready" }
  /** Ends with `code` after `afterMs`; the kubelet restarts it. */
  | { readonly kind: "exits"; readonly code: number; readonly afterMs: number };

export interface SandboxImage {
  /** `registry/path:tag`; any reference that is not listed fails to pull with "not found". */
  readonly reference: string;
  readonly behaviour: Behaviour;
  /** Lines that the process prints at its start, in order. */
  readonly logs: readonly string[];
}

const repository = "registry.corp.example.com/demo/kubecon";

const serving = (tag: string, readyAfterMs = 1_000): SandboxImage => ({
  reference: `${repository}:${tag}`,
  behaviour: { kind: "serves", readyAfterMs },
  logs: [`kubecon ${tag} starting`, "listening on :8080"],
});

/** The images of examples/*.yaml, each in the tag or, where it is pinned, of the digest it has there. */
const ofExamples = [
  "gallery/thumbnails:2017",
  "gallery/web:2017",
  "handbook/web:31",
  "ledger/api:2017",
  "mail/worker:118",
  "shop/web:2.4.1",
].map((path): SandboxImage => ({
  reference: `registry.example.com/${path}`,
  behaviour: { kind: "serves", readyAfterMs: 1_000 },
  logs: [`${path} starting`, "ready"],
}));

/** Prints as much as a busy service does in some minutes: bench/logs.ts searches it. */
const chatty: SandboxImage = {
  reference: "registry.corp.example.com/demo/chatty:1000",
  behaviour: { kind: "serves", readyAfterMs: 1_000 },
  logs: Array.from(
    { length: 1_000 },
    (_, at) => `level=info msg="request served" path=/talks/${at} status=200 duration=${at % 90}ms`,
  ),
};

/** The talk's image in the tags that the sandbox, the demo and the tests use, and the examples'. */
export const sandboxImages: readonly SandboxImage[] = [
  ...ofExamples,
  chatty,
  serving("2016"),
  serving("2017"),
  {
    reference: `${repository}:2018`,
    behaviour: { kind: "exits", code: 1, afterMs: 500 },
    logs: ["kubecon 2018 starting", "DATABASE_URL is not set"],
  },
  {
    reference: `${repository}:2019`,
    behaviour: { kind: "never-ready" },
    logs: ["kubecon 2019 starting", "waiting for the schedule to load"],
  },
];
