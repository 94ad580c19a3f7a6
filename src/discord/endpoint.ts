import type { APIInteraction, APIInteractionResponse } from "discord-api-types/v10";
import { readBody } from "./body.ts";
import { interactionType } from "./constants.ts";
import { parseInteraction } from "./interaction.ts";
import { isSigned, type KeyRing, readSignature } from "./verify.ts";

export interface EndpointOptions {
  publicKeys: readonly string[];
  keys: KeyRing;
  now: () => number;
  /** Why there is no public key, when there is none: no signature can be right or wrong then. */
  missingKey: string;
  /** Answers a verified interaction other than PING. */
  answer(interaction: APIInteraction): APIInteractionResponse | Promise<APIInteractionResponse>;
}

/**
 * One request to the interactions endpoint: headers, then size, then signature over the raw bytes, and only then is
 * anything parsed. 401 for whatever is not signed, 413 above 1 MiB, 400 for a signed body that is no interaction,
 * 503 while there is no key to check with, else 200.
 */
export async function receiveInteraction(
  request: Request,
  { publicKeys, keys, now, missingKey, answer }: EndpointOptions,
): Promise<Response> {
  const headers = readSignature(request.headers, now());
  if ("reason" in headers) return refuse(401, headers.reason);
  if (publicKeys.length === 0) return refuse(503, missingKey);
  const body = await readBody(request);
  if (!body) return refuse(413, "the body is larger than 1 MiB");
  if (!(await isSigned(body, headers, publicKeys, keys))) return refuse(401, "invalid signature");
  const interaction = parseInteraction(body);
  if ("reason" in interaction) return refuse(400, interaction.reason);
  if (interaction.type === interactionType.ping) return Response.json({ type: 1 });
  return Response.json(await answer(interaction));
}

const refuse = (status: number, error: string): Response => Response.json({ error }, { status });
