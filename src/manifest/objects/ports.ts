import type { V1ContainerPort } from "@kubernetes/client-node";
import type { Container } from "../schema/manifest.ts";
import { portName } from "./names.ts";

/** A port with what its short form leaves out. */
export interface Port {
  readonly port: number;
  readonly name: string;
  readonly protocol: "TCP" | "UDP";
}

type WrittenPort = Container["ports"][number];

export function portOf(written: WrittenPort): Port {
  const {
    port,
    name,
    protocol = "TCP",
  } = typeof written === "number" ? { port: written } : written;
  return { port, name: portName({ port, ...(name === undefined ? {} : { name }) }), protocol };
}

/** The first port, as it was written, that speaks TCP; undefined where none does. */
export function firstTcpPort(ports: readonly WrittenPort[]): number | undefined {
  return ports.map(portOf).find(({ protocol }) => protocol === "TCP")?.port;
}

/** All ports of some containers, by number. */
export function sortedPorts(containers: readonly Container[]): readonly Port[] {
  return containers
    .flatMap(({ ports }) => ports.map(portOf))
    .toSorted((left, right) => left.port - right.port);
}

export function containerPort({ port, name, protocol }: Port): V1ContainerPort {
  return { name, containerPort: port, protocol };
}
