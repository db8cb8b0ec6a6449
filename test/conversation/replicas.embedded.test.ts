import { replicasTest } from "./replicas.ts";
import { embeddedLive } from "./stage.ts";

replicasTest(embeddedLive);
