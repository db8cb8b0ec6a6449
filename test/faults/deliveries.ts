import type { Random } from "../../fuzz/random.ts";
import type { FakeSlack } from "../../sandbox/slack/fake-slack.ts";
import type { Ack } from "../../sandbox/slack/types.ts";

/** What a person does in Slack: one delivery, until it is delivered again. */
export type Gesture = () => Promise<{ readonly ack: Ack }>;

/** As many at a time as a busy workspace has: more would only wait for docc. */
const atOnce = 10;

/**
 * Slack at its worst: every gesture is delivered, and `copies` of them again, in any order, some of them while the
 * first is under way; which replica gets one is Slack's choice.
 * @returns the acknowledgement of each delivery
 */
export async function deliver(
  gestures: readonly Gesture[],
  copies: number,
  slack: FakeSlack,
  random: Random,
): Promise<readonly Ack[]> {
  const queue: (() => Promise<Ack>)[] = [];
  const insert = (task: () => Promise<Ack>): void =>
    void queue.splice(random.int(0, queue.length), 0, task);
  const shares = gestures.map(() => 0);
  for (let copy = 0; copy < copies; copy += 1) {
    const at = random.int(0, shares.length - 1);
    shares[at] = (shares[at] ?? 0) + 1;
  }
  for (const [at, gesture] of gestures.entries()) {
    insert(async () => {
      const known = slack.deliveries().length;
      const done = gesture();
      // A gesture is delivered before it first waits for anything.
      const id = slack.deliveries()[known]?.id;
      for (let copy = 0; copy < (shares[at] ?? 0); copy += 1) insert(() => slack.redeliver(id));
      return (await done).ack;
    });
  }
  const acks: Ack[] = [];
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift())
      acks.push(await task());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return acks;
}
