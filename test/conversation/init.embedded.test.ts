import { initJob } from "./init.ts";
import { embedded } from "./stage.ts";

initJob(embedded);
