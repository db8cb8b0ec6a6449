import { logsJob } from "./logs.ts";
import { embedded } from "./stage.ts";

logsJob(embedded);
