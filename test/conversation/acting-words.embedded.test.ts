import { actingWordsJob } from "./acting-words.ts";
import { embedded } from "./stage.ts";

actingWordsJob(embedded);
