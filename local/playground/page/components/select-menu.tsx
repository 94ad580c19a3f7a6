import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useClient } from "../client/use-client.ts";
import { useFrame } from "../message/message-context.ts";
import { defaultsOf, useChoices } from "./choices.ts";
import { Menu } from "./menu.tsx";
import type { SelectView } from "./select-view.ts";

/** A select menu of a message. One choice is sent at once, several when the list closes. */
export function SelectMenu({ select }: { select: SelectView }): JSX.Element {
  const { custom_id, placeholder = "Make a selection", min_values: min = 1, max_values: max = 1, disabled } = select;
  const { messageId, pending } = useFrame();
  const client = useClient();
  const choices = useChoices(select);
  const [chosen, choose] = useState(defaultsOf(select));
  // An edit of the message shows the menu as the bot sends it.
  useEffect(() => choose(defaultsOf(select)), [select]);
  const isWaiting = pending.some(({ customId, state }) => customId === custom_id && state === "sending");

  function send(values: readonly string[]): void {
    const before = defaultsOf(select);
    const isSame = values.length === before.length && values.every((value) => before.includes(value));
    if (isSame && max > 1) return;
    if (values.length < min) return client.notify(`Choose at least ${min}.`);
    void client.act({ do: "select", messageId, customId: custom_id, values });
  }

  return (
    <Menu
      name={placeholder}
      choices={choices}
      chosen={chosen}
      placeholder={placeholder}
      max={max}
      isDisabled={disabled === true || isWaiting}
      onChoose={choose}
      onClose={send}
    />
  );
}
