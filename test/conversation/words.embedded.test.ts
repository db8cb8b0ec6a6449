import { embedded } from "./stage.ts";
import { wordsJob } from "./words.ts";

wordsJob(embedded);
