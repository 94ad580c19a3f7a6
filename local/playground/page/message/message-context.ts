import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { APIAttachment, PendingView } from "../../protocol.ts";

/** The message that a component is in. */
export interface MessageFrame {
  messageId: string;
  attachments: readonly APIAttachment[];
  /** Interactions with the message's components that wait, or failed. */
  pending: readonly PendingView[];
}

export const MessageContext = createContext<MessageFrame>({ messageId: "", attachments: [], pending: [] });

export const useFrame = (): MessageFrame => useContext(MessageContext);

/** Returns the address of a medium: `attachment://name` is a file of the same message. */
export function useMediaUrl(url: string): string {
  const { attachments } = useFrame();
  if (!url.startsWith("attachment://")) return url;
  const name = url.slice("attachment://".length);
  return attachments.find(({ filename }) => filename === name)?.url ?? url;
}
