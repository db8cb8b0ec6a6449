import { queueJob } from "./queue.ts";
import { embedded } from "./stage.ts";

queueJob(embedded);
