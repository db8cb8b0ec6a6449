import { configJob } from "./config.ts";
import { embedded } from "./stage.ts";

configJob(embedded);
