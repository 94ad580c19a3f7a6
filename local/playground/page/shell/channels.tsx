import type { JSX } from "preact";
import type { ChannelView } from "../../protocol.ts";
import { isCategory, isVoice } from "../client/place.ts";
import { useChannel, useClient, useMe, useUnread, useWorld } from "../client/use-client.ts";
import { Icon, type IconName } from "./icons.tsx";

const kinds: Readonly<Record<number, IconName>> = { 1: "chat", 2: "voice", 3: "people", 5: "news", 11: "thread" };

/** The channels of the shown server by category, or the direct messages. */
export function Channels(): JSX.Element {
  const { guild } = useChannel();
  const { directs } = useWorld();
  if (!guild) {
    return (
      <nav class="channels" aria-label="Direct messages">
        <h1 class="guild-name">Direct messages</h1>
        <ul>
          {directs.map((channel) => (
            <Channel key={channel.id} channel={channel} all={directs} />
          ))}
        </ul>
      </nav>
    );
  }
  const { channels, name } = guild;
  const ids = new Set(channels.map(({ id }) => id));
  const top = channels.filter((one) => !isCategory(one) && !ids.has(one.parentId ?? ""));
  return (
    <nav class="channels" aria-label={`Channels of ${name}`}>
      <h1 class="guild-name">{name}</h1>
      <ul>
        {top.map((channel) => (
          <Channel key={channel.id} channel={channel} all={channels} />
        ))}
      </ul>
      {channels.filter(isCategory).map((category) => (
        <section key={category.id} aria-label={category.name}>
          <div class="category">{category.name}</div>
          <ul>
            {channels
              .filter(({ parentId }) => parentId === category.id)
              .map((channel) => (
                <Channel key={channel.id} channel={channel} all={channels} />
              ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

// --- Internal helpers ---

/** A channel, and its threads below it. */
function Channel({ channel, all }: { channel: ChannelView; all: readonly ChannelView[] }): JSX.Element {
  const { channel: shown } = useChannel();
  const { id: person } = useMe();
  const client = useClient();
  const { unread, isMentioned } = useUnread()(channel);
  const threads = all.filter(({ parentId }) => parentId === channel.id);
  const isCurrent = shown?.id === channel.id;
  return (
    <li>
      <button
        type="button"
        class={unread > 0 && !isCurrent ? "channel is-unread" : "channel"}
        aria-current={isCurrent ? "page" : undefined}
        disabled={isVoice(channel)}
        title={isVoice(channel) ? "The playground has no voice" : channel.name}
        onClick={() => client.go({ person, channel: channel.id })}
      >
        <Icon name={kinds[channel.type] ?? "hash"} />
        <span class="channel-name">{channel.name}</span>
        {unread > 0 && !isCurrent && (
          <span class={isMentioned ? "badge" : "count"}>
            {unread}
            <span class="hidden"> unread</span>
          </span>
        )}
      </button>
      {threads.length > 0 && (
        <ul class="threads">
          {threads.map((thread) => (
            <Channel key={thread.id} channel={thread} all={[]} />
          ))}
        </ul>
      )}
    </li>
  );
}
