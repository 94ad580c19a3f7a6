import type { JSX } from "preact";

/** `Sandpiper is thinking…`: the answer to a deferred interaction until it is edited. */
export function Thinking({ name }: { name: string }): JSX.Element {
  return (
    <div class="thinking">
      <span class="dots" aria-hidden="true" /> {name} is thinking…
    </div>
  );
}
