import { z } from "zod";
import { becomings, listOf, notes } from "./note.ts";
import { port } from "./port.ts";
import { word } from "./command.ts";
import { urlPath } from "./url-path.ts";

const DEFAULT_START_SECONDS = 60;
const MOST_START_SECONDS = 3_600;

/** Seconds a container may take to become healthy, where the manifest does not say. */
export const defaultStartSeconds = DEFAULT_START_SECONDS;

/** How to ask a container for its health: one of `path`, `tcp` and `command` (rules/health.ts). */
export const health = z
  .strictObject({
    path: urlPath
      .describe("the path that answers 200 to 399 when the container is healthy, like /healthz")
      .meta({ examples: ["/healthz"] })
      .register(becomings, { becomes: "An HTTP GET by the kubelet." })
      .optional(),
    port: port("the port that path is asked on; the first TCP port of the container otherwise")
      .meta({ examples: [9090] })
      .register(becomings, { becomes: "The probe's port." })
      .optional(),
    tls: z
      .boolean()
      .describe("true where path is asked by https; the certificate is not verified")
      .register(becomings, { becomes: "The probe's scheme `HTTPS`." })
      .optional(),
    tcp: port("the port that accepts connections when the container is healthy")
      .meta({ examples: [5432] })
      .register(becomings, { becomes: "A TCP connection by the kubelet." })
      .optional(),
    command: listOf(word, 100, 1)
      .describe("the command that exits with 0 when the container is healthy")
      .meta({ examples: [["/bin/check", "--fast"]] })
      .register(becomings, { becomes: "A command in the container, without a shell." })
      .optional(),
    start_seconds: z
      .int()
      .min(1)
      .max(MOST_START_SECONDS)
      .describe("the seconds that a start may take; 60 otherwise")
      .meta({ examples: [120] })
      .register(notes, {
        code: "out-of-range",
        says: "is no time for a start",
        hint: `Give seconds, from 1 to ${MOST_START_SECONDS}.`,
      })
      .register(becomings, {
        becomes:
          "A startup probe, asked every few seconds; when the time is over, the container restarts.",
      })
      .optional(),
    restart_when_unhealthy: z
      .boolean()
      .describe("true where a restart mends a container that became unhealthy, else false")
      .register(becomings, {
        becomes: "A liveness probe. Without it an unhealthy container only gets no traffic.",
      })
      .optional(),
  })
  .describe("how to ask whether the container is well: {path}, {tcp} or {command}")
  .meta({ examples: [{ path: "/healthz" }, { tcp: 5432 }] })
  .register(becomings, {
    becomes:
      "A startup and a readiness probe. Without `health`: readiness by TCP on the first TCP port, and no startup probe.",
  });
