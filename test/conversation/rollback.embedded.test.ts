import { rollbackJob } from "./rollback.ts";
import { embedded } from "./stage.ts";

rollbackJob(embedded);
