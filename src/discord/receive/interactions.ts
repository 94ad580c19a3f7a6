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
 * One request to the interactions endpoint. What is not signed is refused before anything is parsed; 400 for a signed body
 * that is no interaction, else 200.
 */
export async function receiveInteraction(request: Request, options: EndpointOptions): Promise<Response> {
  const body = await readSigned(request, options);
  if (body instanceof Response) return body;
  const interaction = parseInteraction(body);
  if (interaction instanceof Refusal) return refuse(400, interaction.reason);
  if (interaction.type === interactionType.ping) return Response.json({ type: 1 });
  return toResponse(await options.answer(interaction));
}

/** An answer as JSON, or with its files as multipart. */
function toResponse({ type, data }: Outgoing): Response {
  if (!data) return Response.json({ type });
  if (!("files" in data)) return Response.json({ type, data });
  const { json, files } = splitFiles<Message>(data);
  return new Response(toMultipart({ type, data: json }, files));
}
