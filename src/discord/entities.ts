import type {
  APIAttachment,
  APIInteractionDataResolved,
  APIInteractionDataResolvedChannel,
  APIInteractionDataResolvedGuildMember,
  APIMessage,
  APIRole,
  APIUser,
} from "discord-api-types/v10";
import { isSnowflake } from "./snowflake.ts";

/** A person whom an interaction names. `member` is undefined outside the server. */
export interface Person {
  id: string;
  user: APIUser;
  member: APIInteractionDataResolvedGuildMember | undefined;
}

export type Mentionable = ({ kind: "user" } & Person) | { kind: "role"; id: string; role: APIRole };
export type Channel = APIInteractionDataResolvedChannel;
export type Attachment = APIAttachment;

/** The objects that an interaction carries for the ids in it. */
export type Resolved = APIInteractionDataResolved & { messages?: Record<string, APIMessage> };

/** Returns the object that an interaction carries for an id; undefined for a value that is no id, such as `constructor`. */
export const entityOf = <T>(entities: Readonly<Record<string, T>> | undefined, id: unknown): T | undefined =>
  isSnowflake(id) ? entities?.[id] : undefined;

export function personOf(resolved: Resolved | undefined, id: string): Person | undefined {
  const user = entityOf(resolved?.users, id);
  return user && { id, user, member: entityOf(resolved?.members, id) };
}

export function mentionableOf(resolved: Resolved | undefined, id: string): Mentionable | undefined {
  const person = personOf(resolved, id);
  if (person) return { kind: "user", ...person };
  const role = entityOf(resolved?.roles, id);
  return role && { kind: "role", id, role };
}
