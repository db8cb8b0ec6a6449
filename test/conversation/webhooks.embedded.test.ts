import { webhooksJob } from "./webhooks.ts";
import { embedded } from "./stage.ts";

webhooksJob(embedded);
