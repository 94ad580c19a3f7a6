import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useChannel, useClient, useSelected } from "./client/use-client.ts";
import { Composer } from "./composer/composer.tsx";
import { Drawer } from "./drawer/drawer.tsx";
import { FormDialog } from "./form/form.tsx";
import { MessageList } from "./message/message-list.tsx";
import { ChannelHeader } from "./shell/channel-header.tsx";
import { Channels } from "./shell/channels.tsx";
import { ContextMenuProvider } from "./shell/context-menu.tsx";
import { ControlsBar } from "./shell/controls-bar.tsx";
import { Members } from "./shell/members.tsx";
import { Mistake } from "./shell/mistake.tsx";
import { PersonSwitcher } from "./shell/person-switcher.tsx";
import { Servers } from "./shell/servers.tsx";
import { useReading } from "./shell/use-reading.ts";

/** The whole page. */
export function App(): JSX.Element {
  const isKnown = useSelected(({ world }) => world !== undefined);
  return (
    <ContextMenuProvider>
      {isKnown ? (
        <Shell />
      ) : (
        <main class="starting" aria-busy="true">
          Connecting to the playground…
        </main>
      )}
      <Notice />
      <Mistake />
    </ContextMenuProvider>
  );
}

// --- Internal helpers ---

function Shell(): JSX.Element {
  const { channel } = useChannel();
  const { drawer, members, navigation } = useSelected(({ panels }) => panels);
  const person = useSelected(({ world }) => world?.me.id);
  const client = useClient();
  useReading();
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) client.toggle("navigation", false);
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [client]);
  return (
    <div class={["shell", navigation && "has-navigation", drawer && "has-drawer"].filter(Boolean).join(" ")}>
      <div class="navigation">
        <div class="navigation-lists">
          <Servers />
          <Channels />
        </div>
        <PersonSwitcher />
        <p class="disclaimer">Not affiliated with Discord</p>
      </div>
      <main class="main" aria-label={channel?.name}>
        <ChannelHeader />
        <ControlsBar />
        <div class="main-columns">
          <div class="conversation">
            <MessageList key={`${person}-list`} />
            <Composer key={person} />
          </div>
          {members && <Members />}
        </div>
      </main>
      {drawer && <Drawer />}
      <FormDialog />
    </div>
  );
}

function Notice(): JSX.Element {
  const notice = useSelected((state) => state.notice);
  return (
    <div class="notices" role="status" aria-live="polite">
      {notice !== undefined && <div class="notice">{notice}</div>}
    </div>
  );
}
