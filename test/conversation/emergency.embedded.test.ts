import { emergencyJob } from "./emergency.ts";
import { embedded } from "./stage.ts";

emergencyJob(embedded);
