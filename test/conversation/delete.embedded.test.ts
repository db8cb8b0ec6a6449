import { deleteJob, deletionQueueJob, deletionRulesJob } from "./delete.ts";
import { embedded } from "./stage.ts";

deleteJob(embedded);
deletionRulesJob(embedded);
deletionQueueJob(embedded);
