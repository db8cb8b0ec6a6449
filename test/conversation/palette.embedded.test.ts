import { paletteJob } from "./palette.ts";
import { embedded } from "./stage.ts";

paletteJob(embedded);
