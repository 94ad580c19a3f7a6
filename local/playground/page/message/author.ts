import type { APIMessage, GuildView, WorldView } from "../../protocol.ts";

/** The sender of a message as the channel's people see them. */
export interface Author {
  id: string;
  name: string;
  avatar: string;
  isBot: boolean;
  colour: number | undefined;
}

/** Returns who sent a message: with the name and colour of the server, where it is in one. */
export function authorOf({ author }: { author: Sender }, world: WorldView, guild?: GuildView): Author {
  const { id, username, global_name, bot = false } = author;
  const isApplication = id === world.application.id;
  const member = guild?.members.find((one) => one.id === id);
  const person = member ?? world.people.find((one) => one.id === id);
  return {
    id,
    name: person?.name ?? (isApplication ? world.application.name : (global_name ?? username)),
    avatar: person?.avatar ?? (isApplication ? world.application.avatar : defaultAvatar(author)),
    isBot: bot || isApplication,
    colour: member?.color,
  };
}

// --- Internal helpers ---

type Sender = Pick<APIMessage["author"], "id" | "username"> & Partial<APIMessage["author"]>;

const defaultAvatar = ({ id, avatar }: Sender): string =>
  `https://cdn.discordapp.com/${avatar ? `avatars/${id}/${avatar}.png` : `embed/avatars/${Number(id.slice(-2)) % 6}.png`}`;
