import { longLogsJob } from "./long-logs.ts";
import { embedded } from "./stage.ts";

longLogsJob(embedded, "with files:write");
longLogsJob(embedded, "without");
