import { useEffect } from "preact/hooks";
import { useChannel, useClient, useUnread, useWorld } from "../client/use-client.ts";

/** Tells the server what the person has read, and shows in the window's title what is unread. */
export function useReading(): void {
  const { channel } = useChannel();
  const { guilds, directs } = useWorld();
  const client = useClient();
  const unreadIn = useUnread();
  const all = [...directs, ...guilds.flatMap(({ channels }) => channels)].map(unreadIn);
  const mentions = all.filter(({ isMentioned }) => isMentioned).reduce((sum, { unread }) => sum + unread, 0);
  const { id, name = "" } = channel ?? {};
  const unread = channel ? unreadIn(channel).unread : 0;

  useEffect(() => {
    const read = () => {
      if (id !== undefined && unread > 0 && document.visibilityState === "visible")
        void client.act({ do: "read", channelId: id });
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [client, id, unread]);

  useEffect(() => {
    document.title = `${mentions > 0 ? `(${mentions}) ` : ""}${name} | Sandpiper playground`;
  }, [mentions, name]);
}
