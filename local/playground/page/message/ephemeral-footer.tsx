import type { JSX } from "preact";
import { useClient } from "../client/use-client.ts";
import { Icon } from "../shell/icons.tsx";

/** The line under what one person alone sees. The id is that of an ephemeral message, or of a failed interaction. */
export function EphemeralFooter({ id }: { id: string }): JSX.Element {
  const client = useClient();
  return (
    <div class="ephemeral-footer">
      <Icon name="eye" size={16} /> Only you can see this •{" "}
      <button type="button" class="link" onClick={() => void client.act({ do: "dismiss", messageId: id })}>
        Dismiss message
      </button>
    </div>
  );
}
