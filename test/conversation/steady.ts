import type { Stage } from "./stage.ts";

/** What differs from run to run and from cluster to cluster: times, ids, and what the kubelet has to tell. */
export function steady(text: string, { domain, apps }: Pick<Stage, "domain" | "apps">): string {
  return text
    .replaceAll(domain, "DOMAIN")
    .replaceAll(apps, "NAMESPACE")
    .replaceAll(/\n *\d\d:\d\d:\d\d (Normal|Warning) .*|\n\d+ older groups: .*/g, "")
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?Z?/g, "TIME")
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3} [a-z0-9]{5}\b/g, "TIME POD")
    .replaceAll(/\b\d\d:\d\d UTC\b/g, "TIME UTC")
    .replaceAll(/^[a-z0-9]{8,10}-[a-z0-9]{5} \|/gm, "POD |")
    .replaceAll(/(kubecon-2017|upload)-[a-f0-9]{12}\b/g, "RELEASE")
    .replaceAll(/sha256:[a-f0-9]{12}\b/g, "DIGEST")
    .replaceAll(/^TIME [a-z0-9]{5} {2}/gm, "TIME POD  ")
    .replaceAll(/\| (\d+m)?\d+( s|s|m|h|d)$/gm, "| SPAN")
    .replaceAll(/\b(\d+m)?\d+( s|s|m) ago\b/g, "SPAN ago")
    .replaceAll(/(?<=(stable,|Watching|copy runs\.) )(\d+m)?\d+ ?(s|m)\b/g, "SPAN");
}
