import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { APIApplicationCommand, ChannelView, GuildView, PersonView, WorldView } from "../../protocol.ts";
import type { Client } from "./client.ts";
import { findChannel } from "./place.ts";
import type { PageState, Unread } from "./state.ts";

export const ClientContext = createContext<Client | undefined>(undefined);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client) return client;
  throw new Error("The component is outside of ClientContext.");
}

/** Returns a part of the state, and renders again when that part is replaced. */
export function useSelected<T>(select: (state: PageState) => T): T {
  const { store } = useClient();
  const [, render] = useState(0);
  const selected = select(store.get());
  useEffect(() => {
    let last = selected;
    const check = () => {
      const next = select(store.get());
      if (Object.is(next, last)) return;
      last = next;
      render((count) => count + 1);
    };
    // The state may have changed between rendering and this effect.
    check();
    return store.subscribe(check);
  }, [store, selected]);
  return selected;
}

/** Returns the shown world. Only for components below the one that waits for it. */
export function useWorld(): WorldView {
  const world = useSelected((state) => state.world);
  if (world) return world;
  throw new Error("The world is not known yet.");
}

export function useMe(): PersonView {
  return useWorld().me;
}

/** Returns the shown channel and its server. */
export function useChannel(): { channel?: ChannelView; guild?: GuildView } {
  return findChannel(
    useWorld(),
    useSelected((state) => state.place),
  );
}

/** Returns a function for what is unread in a channel. */
export function useUnread(): (channel: ChannelView) => Unread {
  const changed = useSelected((state) => state.unread);
  return (channel) => changed[channel.id] ?? channel;
}

/** Returns the commands of a type that the person may use in the shown channel. */
export function useCommands(...types: readonly number[]): readonly APIApplicationCommand[] {
  const { channel } = useChannel();
  const { commands } = useWorld();
  return (channel?.commands ?? []).flatMap((id) => {
    const command = commands[id];
    return command && types.includes(command.type) ? [command] : [];
  });
}

/** Returns a function for the world's time in epoch milliseconds. */
export function useNow(): () => number {
  const { store } = useClient();
  return () => Date.now() + store.get().controls.aheadMs;
}
