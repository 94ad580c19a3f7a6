import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

/** A text that shows itself when it is clicked. Until then assistive technology does not read it either. */
export function Spoiler({ children }: { children: ComponentChildren }): JSX.Element {
  const [isShown, show] = useState(false);
  if (isShown) return <span class="spoiler is-shown">{children}</span>;
  return (
    <span class="spoiler" role="button" tabIndex={0} aria-label="Spoiler" onClick={() => show(true)} onKeyDown={onKey}>
      <span aria-hidden="true" class="spoiler-text" inert>
        {children}
      </span>
    </span>
  );

  function onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show(true);
  }
}
