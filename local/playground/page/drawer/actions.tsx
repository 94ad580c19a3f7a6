import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Again, ExchangeView } from "../../protocol.ts";
import { useClient } from "../client/use-client.ts";
import { Icon } from "../shell/icons.tsx";
import { pretty } from "./figures.ts";

const repeats: readonly (readonly [how: Again["how"], label: string])[] = [
  ["new-id", "Send again"],
  ["same-id", "Same ID again"],
  ["times-20", "×20 at once"],
  ["bad-signature", "Bad signature"],
  ["stale-timestamp", "Stale timestamp"],
];

/** The actions on an exchange. Sending selects the new exchange. */
export function Actions({ exchange: { id, request } }: { exchange: ExchangeView }): JSX.Element {
  const client = useClient();
  const [edited, edit] = useState<string>();
  return (
    <div class="actions">
      <div class="action-row">
        <button type="button" class="small" onClick={() => void client.copy(id, "test")}>
          <Icon name="copy" size={16} /> Copy as test
        </button>
        <button type="button" class="small" onClick={() => void client.copy(id, "send")}>
          <Icon name="copy" size={16} /> Copy as send line
        </button>
        <button
          type="button"
          class="small"
          aria-expanded={edited !== undefined}
          disabled={request.cutFrom !== undefined}
          onClick={() => edit(edited === undefined ? pretty(request.body) : undefined)}
        >
          Edit and send
        </button>
      </div>
      <div class="action-row">
        {repeats.map(([how, label]) => (
          <button key={how} type="button" class="small" onClick={() => void client.again(id, { how })}>
            {label}
          </button>
        ))}
      </div>
      {edited !== undefined && (
        <Editor text={edited} onChange={edit} onSend={() => void client.again(id, { how: "new-id", body: edited })} />
      )}
    </div>
  );
}

// --- Internal helpers ---

interface EditorProps {
  text: string;
  onChange: (text: string) => void;
  onSend: () => void;
}

function Editor({ text, onChange, onSend }: EditorProps): JSX.Element {
  const id = useId();
  const wrong = problemOf(text);
  return (
    <div class="editor">
      <label for={id}>The request's body</label>
      <textarea
        id={id}
        rows={14}
        spellcheck={false}
        value={text}
        aria-invalid={wrong !== undefined || undefined}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <div class="refusal" aria-live="polite">
        {wrong}
      </div>
      <button type="button" class="button primary" disabled={wrong !== undefined} onClick={onSend}>
        Send
      </button>
    </div>
  );
}

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
