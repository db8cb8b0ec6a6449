import { systemClock } from "../clock.ts";
import { type RecordPorts, refusedLine, runRecorded } from "../commands/as-record.ts";
import type { Answering } from "../controller/answering.ts";
import { type CommandingPorts, createCommands } from "../controller/commands.ts";
import { createDecisions, type DecisionPorts } from "../controller/decisions.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { KubeApi } from "../k8s/api.ts";
import { openAskedCache } from "../k8s/asked-cache.ts";
import { commands, decisions, type Kind } from "../k8s/kinds.ts";
import type { OpaqueObject, Stored } from "../k8s/objects.ts";
import { asCommand, asDecision } from "../k8s/records.ts";
import type { Logger } from "../log.ts";
import type { ObjectMeta } from "../release/release.ts";

interface Place {
  readonly api: KubeApi;
  readonly namespace: string;
}

/** Answers decisions from outside Slack as long as this process leads. Begin when the records are known. */
export function startDecisions(ports: Omit<DecisionPorts, "asked">, place: Place): Jobs {
  return start({ ...ports, ...place, kind: decisions, project: asDecision }, (asked) =>
    createDecisions({ ...ports, asked }),
  );
}

/** The same for commands from outside Slack: as if they had been typed there. */
export function startCommands(
  ports: Omit<CommandingPorts, "asked" | "isInherited" | "run" | "refused" | "wall"> & RecordPorts,
  place: Place,
): Jobs {
  return start({ ...ports, ...place, kind: commands, project: asCommand }, (asked, isInherited) =>
    createCommands({
      ...ports,
      asked,
      isInherited,
      wall: systemClock,
      run: (command, askedAt) => runRecorded(command, ports, askedAt),
      refused: (command, code) => ports.audit(refusedLine(command, ports.registry, code)),
    }),
  );
}

function start<Asked extends { readonly metadata: ObjectMeta; readonly status?: unknown }>(
  place: Place & {
    readonly random: () => number;
    readonly log: Logger;
    readonly kind: Kind<OpaqueObject>;
    readonly project: (object: Stored<OpaqueObject>) => Asked;
  },
  create: (
    asked: (name: string) => Asked | undefined,
    isInherited: (name: string) => boolean,
  ) => Answering,
): Jobs {
  const { api, namespace, random, log, kind, project } = place;
  const answering = create(
    (name) => cache.get(name),
    (name) => cache.wasThere(name),
  );
  const cache = openAskedCache({
    api,
    namespace,
    random,
    kind,
    project,
    clock: systemClock,
    onAsked: (name) => answering.touch(name),
    onError: (error) => log.warn({ err: error }, `${kind.plural} cannot be read; trying again`),
  });
  return {
    stop: async () => {
      await cache.stop();
      await answering.stop();
    },
  };
}
