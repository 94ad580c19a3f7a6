import type { JSX } from "preact";
import type { Inline } from "../../../render/markdown/ast.ts";
import { useClient, useSelected, useWorld } from "../client/use-client.ts";
import { colourStyle } from "../shell/colour.ts";

type Mentioned = Extract<Inline, { kind: "mention" | "everyone" | "command" | "guide" }>;

const signs = { user: "@", role: "@", channel: "#" };
const guides: Readonly<Record<string, string>> = {
  customize: "Channels & Roles",
  browse: "Browse Channels",
  guide: "Server Guide",
  "linked-roles": "Linked Roles",
};

/** A mention. That of a channel leads there. */
export function Mention({ mention }: { mention: Mentioned }): JSX.Element {
  const { names } = useWorld();
  const person = useSelected((state) => state.place.person);
  const client = useClient();
  switch (mention.kind) {
    case "everyone":
      return <span class="mention">{mention.text}</span>;
    case "command":
      return <span class="mention">/{mention.name}</span>;
    case "guide":
      return <span class="mention">{guides[mention.name] ?? mention.name}</span>;
    default: {
      const { what, id } = mention;
      const known = names[id];
      const text = `${signs[what]}${known?.name ?? (what === "user" ? "unknown-user" : `unknown-${what}`)}`;
      if (what !== "channel" || !known)
        return (
          <span class={known?.color ? "mention is-coloured" : "mention"} style={colourStyle(known?.color)}>
            {text}
          </span>
        );
      return (
        <button type="button" class="mention" onClick={() => client.go({ ...(person && { person }), channel: id })}>
          {text}
        </button>
      );
    }
  }
}
