import type { Notice, NoticedPhase } from "../../release/notices.ts";

export const contentType = "application/cloudevents+json; charset=utf-8";

/** `dev.docc.release.failed` */
export function eventType(phase: NoticedPhase): string {
  return `dev.docc.release.${phase}`;
}

/**
 * A notice as CloudEvents 1.0 in structured mode.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 * @param home docc's own namespace: `source` is the record's path in the API server of the home cluster
 */
export function cloudEvent({ id, at, data }: Notice, home: string): string {
  const { release, environment, app, phase } = data;
  return JSON.stringify({
    specversion: "1.0",
    id,
    source: `/apis/docc.dev/v1alpha1/namespaces/${home}/releases/${release}`,
    type: eventType(phase),
    subject: app === undefined ? environment : `${environment}/${app}`,
    time: at,
    datacontenttype: "application/json",
    data,
  });
}
