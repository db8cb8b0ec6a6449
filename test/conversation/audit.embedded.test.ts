import { auditJob } from "./audit.ts";
import { embedded } from "./stage.ts";

auditJob(embedded);
