import type { JSX } from "preact";
import { useChannel, useClient, useSelected } from "../client/use-client.ts";
import { Icon } from "./icons.tsx";
import { useTheme } from "./use-theme.ts";

/** The channel's name and topic, and the switches of the page. */
export function ChannelHeader(): JSX.Element {
  const { channel } = useChannel();
  const client = useClient();
  const { drawer, members } = useSelected(({ panels }) => panels);
  const isConnected = useSelected((state) => state.isConnected);
  const [theme, toggleTheme] = useTheme();
  const isDirect = channel?.type === 1 || channel?.type === 3;
  return (
    <header class="channel-header">
      <button
        type="button"
        class="plain menu-button"
        aria-label="Servers and channels"
        onClick={() => client.toggle("navigation")}
      >
        <Icon name="menu" />
      </button>
      <Icon
        name={isDirect ? "chat" : channel?.type === 11 ? "thread" : channel?.type === 5 ? "news" : "hash"}
        size={24}
      />
      <h2>{channel?.name ?? "No channel"}</h2>
      {channel?.topic && <span class="topic">{channel.topic}</span>}
      {!isConnected && (
        <span class="offline" role="status">
          Connecting…
        </span>
      )}
      <span class="header-tools">
        <button
          type="button"
          class="plain"
          aria-label={`Use the ${theme === "dark" ? "light" : "dark"} theme`}
          onClick={toggleTheme}
        >
          <Icon name="sun" />
        </button>
        <button
          type="button"
          class="plain"
          aria-pressed={members}
          aria-label="Members"
          onClick={() => client.toggle("members")}
        >
          <Icon name="people" />
        </button>
        <button
          type="button"
          class="plain"
          aria-pressed={drawer}
          aria-label="Exchanges"
          onClick={() => client.toggle("drawer")}
        >
          <Icon name="code" />
        </button>
      </span>
    </header>
  );
}
