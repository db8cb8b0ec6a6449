import { DoccError } from "../errors.ts";

/**
 * What was asked is stored, or may be, and nobody knows yet what came of it: it may be done later. Scripts tell it from
 * what was never asked by {@link exitCodes}' `timeout`.
 */
export class Unanswered extends DoccError {}
