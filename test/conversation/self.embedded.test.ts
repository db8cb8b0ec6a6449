import { selfJob } from "./self.ts";
import { embedded } from "./stage.ts";

selfJob(embedded);
