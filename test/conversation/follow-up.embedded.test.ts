import { followUpJob } from "./follow-up.ts";
import { embedded } from "./stage.ts";

followUpJob(embedded);
