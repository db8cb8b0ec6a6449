import { parseAnswer } from "./answers.ts";
import { type CallOptions, createCall } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { badAnswerError, type Operation } from "./errors.ts";
import { isRecord } from "./redact.ts";

/**
 * The user name that the API server knows the holder of these credentials by, as `kubectl auth whoami`
 * asks for it. https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/self-subject-review-v1/
 */
export async function whoAmI(connection: Connection, options: CallOptions = {}): Promise<string> {
  const operation: Operation = { name: "ask who you are", writes: false };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const request = { operation, method: "POST" as const, path, body };
  const answer = parseAnswer(operation, await createCall(connection)(request, options));
  const status = isRecord(answer) ? answer["status"] : undefined;
  const user = isRecord(status) ? status["userInfo"] : undefined;
  const name = isRecord(user) ? user["username"] : undefined;
  if (typeof name !== "string" || name === "") {
    throw badAnswerError(operation, "something that is not a user");
  }
  return name;
}
