import type { JSX } from "preact";
import type { ChannelView, GuildView } from "../../protocol.ts";
import { isCategory, isVoice } from "../client/place.ts";
import { useChannel, useClient, useMe, useUnread, useWorld } from "../client/use-client.ts";
import { localPicture } from "../message/pictures.ts";
import { Icon } from "./icons.tsx";

/** The servers of the person, and the direct messages above them. */
export function Servers(): JSX.Element {
  const { guilds, directs } = useWorld();
  const { channel, guild } = useChannel();
  const { id: person } = useMe();
  const client = useClient();
  const first = directs[0];
  return (
    <nav class="servers" aria-label="Servers">
      {first && (
        <button
          type="button"
          class="server"
          aria-current={channel !== undefined && guild === undefined}
          title="Direct messages"
          onClick={() => client.go({ person, channel: first.id })}
        >
          <span class="server-icon">
            <Icon name="chat" size={24} />
          </span>
          <span class="hidden">Direct messages</span>
          <Marks channels={directs} />
        </button>
      )}
      <hr />
      {guilds.map((one) => (
        <Server key={one.id} guild={one} isCurrent={one.id === guild?.id} />
      ))}
    </nav>
  );
}

// --- Internal helpers ---

function Server({ guild, isCurrent }: { guild: GuildView; isCurrent: boolean }): JSX.Element {
  const client = useClient();
  const { id: person } = useMe();
  const source = localPicture(guild.icon);
  const first = guild.channels.find((channel) => !isCategory(channel) && !isVoice(channel));
  const initials = guild.name
    .split(/\s+/)
    .map((word) => Array.from(word)[0])
    .join("")
    .slice(0, 3);
  return (
    <button
      type="button"
      class="server"
      aria-current={isCurrent}
      title={guild.name}
      onClick={() => client.go({ person, ...(first && { channel: first.id }) })}
    >
      {guild.icon && source ? (
        <img class="server-icon" src={source} alt="" width={48} height={48} />
      ) : (
        <span class="server-icon" aria-hidden="true">
          {initials}
        </span>
      )}
      <span class="hidden">{guild.name}</span>
      <Marks channels={guild.channels} />
    </button>
  );
}

/** A dot for unread messages, or the number of those that mention the person. */
function Marks({ channels }: { channels: readonly ChannelView[] }): JSX.Element | null {
  const unread = channels.map(useUnread()).filter((one) => one.unread > 0);
  const mentions = unread.filter(({ isMentioned }) => isMentioned).reduce((sum, one) => sum + one.unread, 0);
  if (mentions > 0)
    return (
      <span class="badge">
        {mentions}
        <span class="hidden"> unread mentions</span>
      </span>
    );
  return unread.length === 0 ? null : (
    <span class="unread-dot">
      <span class="hidden">Unread messages</span>
    </span>
  );
}
