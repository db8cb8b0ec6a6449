import { mainJob } from "./main-job.ts";
import { embedded } from "./stage.ts";

mainJob(embedded, "socket");
mainJob(embedded, "http");
