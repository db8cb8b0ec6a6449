import { deletionAheadJob, deletionHeldUpJob, deletionStoppedJob } from "./delete-on-its-way.ts";
import { embedded } from "./stage.ts";

deletionStoppedJob(embedded);
deletionHeldUpJob(embedded);
deletionAheadJob(embedded);
