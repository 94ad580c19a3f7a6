import type { APIInteraction } from "discord-api-types/v10";
import type { Message, Outgoing } from "../answer.ts";
import { interactionType } from "../constants.ts";
import { splitFiles, toMultipart } from "../send/multipart.ts";
import { parseInteraction, Refusal } from "./parse.ts";
import { readSigned, refuse, type SignedOptions } from "./signed.ts";

export interface EndpointOptions extends SignedOptions {
  /** Answers a verified interaction other than PING. */
  answer(interaction: APIInteraction): Outgoing | Promise<Outgoing>;
}

/**
 * Answers one request to the interactions endpoint: 200, or 400 for a signed body that is no interaction. Refuses a request
 * that Discord did not sign before it parses anything: 401, 413 above 1 MiB, 503 without a public key.
 */
export async function receiveInteraction(request: Request, options: EndpointOptions): Promise<Response> {
  const body = await readSigned(request, options);
  if (body instanceof Response) return body;
  const interaction = parseInteraction(body);
  if (interaction instanceof Refusal) return refuse(400, interaction.reason);
  if (interaction.type === interactionType.ping) return Response.json({ type: 1 });
  const answer = options.answer(interaction);
  return toResponse(answer instanceof Promise ? await answer : answer);
}

/** Returns an answer as JSON, or with its files as multipart. */
function toResponse({ type, data }: Outgoing): Response {
  if (!data) return Response.json({ type });
  if (!("files" in data)) return Response.json({ type, data });
  const { json, files } = splitFiles<Message>(data);
  return new Response(toMultipart({ type, data: json }, files));
}
