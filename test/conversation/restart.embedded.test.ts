import { restartJob } from "./restart.ts";
import { embedded } from "./stage.ts";

restartJob(embedded);
