import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSelected } from "../client/use-client.ts";
import { Icon } from "./icons.tsx";

/** A mistake in the project's files, over the page: the last good Worker goes on below it until the next save. */
export function Mistake(): JSX.Element | null {
  const mistake = useSelected((state) => state.mistake);
  const [hidden, hide] = useState(mistake);
  if (!mistake || hidden === mistake) return null;
  return (
    <div class="mistake" role="alert">
      <header>
        <Icon name="warning" />
        <strong>{mistake.title}</strong>
        <button type="button" class="plain" aria-label="Hide" onClick={() => hide(mistake)}>
          <Icon name="close" />
        </button>
      </header>
      {mistake.file && <code>{mistake.file}</code>}
      <pre>{mistake.text}</pre>
      <p>The last version that worked keeps running. Save the file to try again.</p>
    </div>
  );
}
