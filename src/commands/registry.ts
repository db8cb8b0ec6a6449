import type { Command } from "./define.ts";
import { audit } from "./audit.ts";
import { completion } from "./completion.ts";
import { approve, cancel, reject } from "./deciding.ts";
import { deleteApp } from "./delete.ts";
import { config } from "./config.ts";
import { deploy } from "./deploy.ts";
import { diff } from "./diff.ts";
import { events } from "./events.ts";
import { helpFor } from "./help.ts";
import { init } from "./init.ts";
import { inspect } from "./inspect.ts";
import { list } from "./list.ts";
import { lock, unlock } from "./lock.ts";
import { logs } from "./logs.ts";
import { history } from "./history.ts";
import { open } from "./open.ts";
import { restart } from "./restart.ts";
import { rollback } from "./rollback.ts";
import { show } from "./show.ts";
import { status } from "./status.ts";
import { update } from "./update.ts";
import { validate } from "./validate.ts";

const words: readonly Command[] = [
  deploy,
  update,
  rollback,
  restart,
  deleteApp,
  approve,
  reject,
  cancel,
  lock,
  unlock,
  diff,
  status,
  inspect,
  history,
  list,
  show,
  logs,
  events,
  open,
  init,
  validate,
  config,
  audit,
  completion,
];

/** Every word of `/docc`, in the order of `help`. */
export const registry: readonly Command[] = [...words, helpFor(words)];
