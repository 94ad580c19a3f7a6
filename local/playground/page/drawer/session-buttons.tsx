import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { api } from "../client/api.ts";
import { useClient } from "../client/use-client.ts";

const saved = "Messages with their files, and the exchanges. What Redis holds is not saved.";

/** Saves the conversation and its exchanges as a file, and opens one. */
export function SessionButtons(): JSX.Element {
  const client = useClient();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <span class="session">
      <a class="small" href={api.sessionUrl} download="playground-session.json" title={saved}>
        Save
      </a>
      <button type="button" class="small" onClick={() => picker.current?.click()}>
        Open
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        accept="application/json,.json"
        aria-label="A saved session"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = "";
          if (file) void file.text().then(client.openSession);
        }}
      />
    </span>
  );
}
