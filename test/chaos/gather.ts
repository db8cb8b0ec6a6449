import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { KubeApi } from "../../src/k8s/api.ts";
import { applications, deployments, releases } from "../../src/k8s/kinds.ts";
import { asApplication, asRelease } from "../../src/k8s/records.ts";
import type { Application, Release } from "../../src/release/release.ts";
import { readMark } from "../../src/slack/marks.ts";
import type { Running, Said } from "./history.ts";
import { approver, type Layout } from "./installation.ts";
import { offers } from "./deciders.ts";

export async function listReleases(api: KubeApi, { home }: Layout): Promise<readonly Release[]> {
  const { items } = await api.listAll(releases, { namespace: home });
  return items.map(asRelease);
}

export async function listHeads(api: KubeApi, { home }: Layout): Promise<readonly Application[]> {
  const { items } = await api.listAll(applications, { namespace: home });
  return items.map(asApplication);
}

export async function listRunning(api: KubeApi, { environments }: Layout): Promise<Running[]> {
  const running = await Promise.all(
    environments.map(async ({ name, namespace }): Promise<Running[]> => {
      const { items } = await api.listAll(deployments, { namespace });
      return items.map(({ metadata, spec }) => ({
        environment: name,
        name: metadata.name,
        image: spec?.template.spec?.containers[0]?.image,
        release: metadata.annotations?.["docc.dev/release"],
        rollouts: Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0),
      }));
    }),
  );
  return running.flat();
}

/**
 * Everything docc has said in the channels of an installation, and to its approver.
 * @param senders by channel and ts: which life sent a message
 */
export function listSaid(
  slack: FakeSlack,
  { environments }: Layout,
  senders: ReadonlyMap<string, number>,
): readonly Said[] {
  const channels = environments.map(({ channel }) => channel);
  const { id: direct } = slack.workspace.openDm(slack.workspace.findUser(approver));
  return [...channels, direct].flatMap((channel) =>
    slack.workspace.messages(channel).map((message) => {
      const { ts, threadTs, metadata } = message;
      const mark = readMark(metadata);
      return {
        channel,
        ts,
        threadTs,
        text: slack.render(message),
        mark: mark === undefined ? undefined : `${mark.name} ${mark.release} ${mark.key}`,
        asks: offers(message, "Approve"),
        life: senders.get(`${channel} ${ts}`),
      };
    }),
  );
}
