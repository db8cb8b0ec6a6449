import { webApi } from "@slack/bolt";
import type { Answer } from "../commands/answer.ts";
import { describeError, type Logger } from "./logger.ts";
import { answerModal, loadingModal } from "./views/answer-modal.ts";

export interface ModalOptions {
  readonly client: webApi.WebClient;
  readonly logger: Logger;
}

interface ModalWish {
  readonly trigger: string;
  readonly title: string;
  /** On top of the modal in which it was asked, to which its reader comes back. */
  readonly onTop: boolean;
}

/**
 * Shows an answer in a modal: it opens at once, while its trigger is good, and is filled when the answer is
 * there. Never rejects for Slack's sake.
 * @returns the answer when Slack did not show it, so that it is told in another way
 */
export async function answerInModal(
  { client, logger }: ModalOptions,
  wish: ModalWish,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const { onTop, title, trigger } = wish;
  const first = { trigger_id: trigger, view: loadingModal(title) };
  const opening = onTop ? client.views.push(first) : client.views.open(first);
  const opened = await opening.catch((error: unknown) => {
    logger.warn(describeError(error), "slack opened no modal");
    return undefined;
  });
  const answer = await ask();
  const id = opened?.view?.id;
  if (id === undefined) return answer;
  try {
    await client.views.update({ view_id: id, view: answerModal(title, answer) });
    return undefined;
  } catch (error) {
    if (isClosed(error)) return undefined;
    logger.warn(describeError(error), "slack filled no modal");
    return answer;
  }
}

/** Shows an answer that is there in a modal; false where Slack opens none. */
export async function showInModal(
  { client, logger }: ModalOptions,
  { trigger, title }: { readonly trigger: string; readonly title: string },
  answer: Answer,
): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: trigger, view: answerModal(title, answer) });
    return true;
  } catch (error) {
    logger.warn(describeError(error), "slack opened no modal");
    return false;
  }
}

/** Who closes the modal before the answer is there does not want it any more. */
function isClosed(error: unknown): boolean {
  return error instanceof webApi.WebAPIPlatformError && error.data.error === "not_found";
}
