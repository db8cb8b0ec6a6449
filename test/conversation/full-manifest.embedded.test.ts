import { fullManifest } from "./full-manifest.ts";
import { embedded } from "./stage.ts";

fullManifest(embedded);
