import { quoted } from "../../text/clean.ts";
import type { Platform } from "../platform.ts";
import { at, isEmpty, type Json, type JsonObject, objectOf } from "./json.ts";
import { leaveOf, type Part } from "./part.ts";
import { amountOf, cpuOf, memoryOf } from "./quantity.ts";
import type { Remarks } from "./remarks.ts";

/** `cpu` and `memory`. */
export function resourceFields(part: Part, { defaults }: Platform, to: Remarks): JsonObject {
  const cpu = cpuField(part, to);
  const memory = memoryField(part, to);
  if (memory === undefined && defaults.memory !== undefined) {
    to.note(
      `${quoted(part.name)} says nothing usable about memory: docc lets it use ${defaults.memory}, and beyond it is killed.`,
    );
  }
  return objectOf({ cpu, memory });
}

/** Also from a limit alone, which Kubernetes takes for the request: SetDefaults_Pod. */
function cpuField(part: Part, to: Remarks): string | undefined {
  const limit = at(part.value, "resources", "limits", "cpu");
  const request = at(part.value, "resources", "requests", "cpu");
  if (!isEmpty(limit)) {
    const why = "docc sets no limit of cpu, which would throttle beside an idle core.";
    leaveOf(part, to, ["resources", "limits", "cpu"], why);
  }
  const asked = isEmpty(request) ? limit : request;
  const cpu = cpuOf(asked);
  if (!isEmpty(asked) && cpu === undefined) {
    leaveOf(part, to, ["resources", "requests", "cpu"], noAmount(asked, "cpu"));
  }
  return cpu;
}

/** The limit, since what counts is what a container may use; docc asks for as much. */
function memoryField(part: Part, to: Remarks): string | undefined {
  const limit = at(part.value, "resources", "limits", "memory");
  const request = at(part.value, "resources", "requests", "memory");
  const [counts, key] = isEmpty(limit) ? [request, "requests"] : [limit, "limits"];
  if (isEmpty(counts)) {
    return undefined;
  }
  const memory = memoryOf(counts);
  if (memory === undefined) {
    leaveOf(part, to, ["resources", key, "memory"], noAmount(counts, "memory"));
    return undefined;
  }
  if (isEmpty(limit)) {
    to.note(
      `${quoted(part.name)} has no limit of memory now; docc makes what it asks for, ${memory}, the limit, too.`,
    );
  } else if (!isEmpty(request) && amountOf(request) !== amountOf(limit)) {
    const why = `docc asks for as much memory as the limit, ${memory}.`;
    leaveOf(part, to, ["resources", "requests", "memory"], why);
  }
  return memory;
}

function noAmount(quantity: Json, what: string): string {
  return `${quoted(JSON.stringify(quantity))} is no amount of ${what} that a manifest can have.`;
}
