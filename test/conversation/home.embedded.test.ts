import { homeJob } from "./home.ts";
import { embedded } from "./stage.ts";

homeJob(embedded);
