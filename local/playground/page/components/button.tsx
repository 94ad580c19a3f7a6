import type { APIButtonComponent } from "discord-api-types/v10";
import type { JSX } from "preact";
import { safeUrl } from "../../../render/markdown/tokens.ts";
import { useClient } from "../client/use-client.ts";
import { useFrame } from "../message/message-context.ts";
import { Icon } from "../shell/icons.tsx";
import { EmojiView } from "./choice-view.tsx";

const styles: Readonly<Record<number, string>> = {
  1: "primary",
  2: "secondary",
  3: "success",
  4: "danger",
  5: "link-button",
  6: "premium",
};

/** A button of a message, of any style. While its interaction waits it shows dots in place of its label. */
export function Button({ button }: { button: APIButtonComponent }): JSX.Element {
  const { messageId, pending } = useFrame();
  const client = useClient();
  const style = `button ${styles[button.style] ?? "secondary"}`;
  const customId = "custom_id" in button ? button.custom_id : undefined;
  const isWaiting =
    customId !== undefined && pending.some((one) => one.customId === customId && one.state === "sending");
  const label = <Label button={button} />;

  if ("url" in button && safeUrl(button.url) && !button.disabled) {
    return (
      <a class={style} href={button.url} title={button.url} target="_blank" rel="noopener noreferrer nofollow">
        {label} <Icon name="link" size={16} />
      </a>
    );
  }
  return (
    <button
      type="button"
      class={isWaiting ? `${style} is-waiting` : style}
      disabled={button.disabled === true}
      aria-busy={isWaiting}
      aria-label={isWaiting && "label" in button ? (button.label ?? "Waiting") : undefined}
      onClick={click}
    >
      {label}
      {isWaiting && <span class="dots" aria-hidden="true" />}
    </button>
  );

  function click(): void {
    if (isWaiting) return;
    if (customId !== undefined) void client.act({ do: "click", messageId, customId });
    else if ("sku_id" in button) client.notify("A premium button opens Discord's shop and sends nothing.");
    else client.notify("Discord alone can open this address.");
  }
}

// --- Internal helpers ---

function Label({ button }: { button: APIButtonComponent }): JSX.Element {
  if ("sku_id" in button) {
    return (
      <span class="button-label">
        <Icon name="bolt" size={16} /> Premium
      </span>
    );
  }
  return (
    <span class="button-label">
      {button.emoji && <EmojiView emoji={button.emoji} />}
      {button.label}
    </span>
  );
}
