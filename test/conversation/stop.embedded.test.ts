import { stopJob } from "./stop.ts";
import { embedded } from "./stage.ts";

stopJob(embedded);
