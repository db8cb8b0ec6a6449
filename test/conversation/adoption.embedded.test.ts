import { adoptionByRulesJob, adoptionJob } from "./adoption.ts";
import { embedded } from "./stage.ts";

adoptionJob(embedded);
adoptionByRulesJob(embedded);
