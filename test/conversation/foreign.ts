/** A Deployment that docc did not make: its selector is not docc's. */
export function foreign(name: string, namespace: string, image: string) {
  const labels = { app: name };
  return {
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
  };
}
