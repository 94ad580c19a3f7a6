import type { APIChannel, APIRole } from "discord-api-types/v10";
import { path } from "../platform/index.ts";
import { toChannel, toGuild, toMember, toRole, toUser } from "./fields.ts";

/** The part of Discord's REST API that entities need. Throws an error with the HTTP `status` for what Discord refuses. */
export interface DiscordReader {
  get<T>(path: string): Promise<T>;
}

/** Makes the requests to Discord. Each returns `undefined` for what does not exist, or what the bot may not see. */
export function createFetchers(discord: DiscordReader) {
  async function ask<Api, T>(from: string, project: (api: Api) => T): Promise<T | undefined> {
    try {
      return project(await discord.get<Api>(from));
    } catch (error) {
      const status = (error as { status?: number } | null | undefined)?.status;
      if (status === 403 || status === 404) return undefined;
      throw error;
    }
  }

  return {
    user: (id: string) => ask(path`/users/${id}`, toUser),
    guild: (id: string) => ask(path`/guilds/${id}?with_counts=true`, toGuild),
    channel: (id: string) => ask(path`/channels/${id}`, toChannel),
    member: (guildId: string, userId: string) => ask(path`/guilds/${guildId}/members/${userId}`, toMember),
    roles: (guildId: string) => ask(path`/guilds/${guildId}/roles`, (list: APIRole[]) => list.map(toRole)),
    channels: (guildId: string) => ask(path`/guilds/${guildId}/channels`, (list: APIChannel[]) => list.map(toChannel)),
  };
}

/** Turns a request for one id into one for several. Discord has no other way than to ask for each. */
export const each =
  <T>(fetch: (id: string) => Promise<T | undefined>) =>
  async (ids: readonly string[]): Promise<Map<string, T>> => {
    const found = await Promise.all(ids.map(async (id) => [id, await fetch(id)] as const));
    return new Map(found.flatMap(([id, value]) => (value === undefined ? [] : [[id, value]])));
  };
