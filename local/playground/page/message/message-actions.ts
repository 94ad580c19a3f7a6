import type { MessageView } from "../../protocol.ts";
import { useClient, useCommands } from "../client/use-client.ts";
import type { MenuItem } from "../shell/context-menu.tsx";

const messageCommand = 3;

/** Returns the context menu of a message: the application's commands first. */
export function useMessageActions({ message, cause }: MessageView): readonly MenuItem[] {
  const client = useClient();
  const commands = useCommands(messageCommand);
  const exchange = cause?.exchange;
  return [
    ...commands.map(({ id, name }) => ({
      group: "Apps",
      label: name,
      onSelect: () => void client.act({ do: "message-command", commandId: id, target: message.id }),
    })),
    ...(exchange === undefined ? [] : [{ label: "Show the exchange", onSelect: () => client.select(exchange) }]),
    { label: "Copy text", onSelect: () => void navigator.clipboard.writeText(message.content) },
    { label: "Copy message ID", onSelect: () => void navigator.clipboard.writeText(message.id) },
  ];
}
