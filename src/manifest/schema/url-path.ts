import { z } from "zod";
import { notes } from "./note.ts";

const LONGEST_PATH = 1_000;

/**
 * A path of a URL, without query. Only characters that no ingress controller's configuration gives a
 * meaning to: templates of some were injected through paths (facts/trust.md, ingress-nginx).
 */
const pattern = /^\/(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))(?!.*\/\/)[A-Za-z0-9._~/-]*$/u;

export const urlPath = z
  .string()
  .max(LONGEST_PATH)
  .regex(pattern)
  .register(notes, {
    code: "bad-path",
    says: "is no path of a URL",
    hint: (value) =>
      /^[A-Za-z0-9._~-]/u.test(value)
        ? `Start it with a slash: "/${value.slice(0, 60)}".`
        : "Write it like /healthz: letters, digits, . _ ~ - and single slashes, without a query.",
  });
