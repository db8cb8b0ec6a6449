import { auditDecisionsJob } from "./audit-decisions.ts";
import { embedded } from "./stage.ts";

auditDecisionsJob(embedded);
