import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { mayWriteHere } from "../../../src/bot/may-write.ts";
import type { BaseInteraction } from "../../../src/discord/index.ts";

const { ViewChannel, SendMessages, SendMessagesInThreads, Administrator } = PermissionFlagsBits;
const here = (type: ChannelType, ...held: bigint[]) =>
  mayWriteHere({
    member: { permissions: String(held.reduce((sum, one) => sum | one, 0n)) },
    raw: { channel: { type } },
  } as unknown as BaseInteraction);

it.each([ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildVoice])(
  "lets a person write in a channel of type %i who may see it and send messages there",
  (type) => {
    expect(here(type, ViewChannel, SendMessages)).toBe(true);
    expect(here(type, Administrator)).toBe(true);
    for (const held of [[ViewChannel], [SendMessages], [ViewChannel, SendMessagesInThreads], []])
      expect(here(type, ...held)).toBe(false);
  },
);

it.each([ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread])(
  "lets a person write in a thread of type %i who may see it and send messages in threads",
  (type) => {
    expect(here(type, ViewChannel, SendMessagesInThreads)).toBe(true);
    for (const held of [[ViewChannel], [SendMessagesInThreads], [ViewChannel, SendMessages], []])
      expect(here(type, ...held)).toBe(false);
  },
);

it("lets no person write outside of servers, where the bot cannot either", () => {
  expect(mayWriteHere({ member: undefined, raw: {} } as unknown as BaseInteraction)).toBe(false);
});
