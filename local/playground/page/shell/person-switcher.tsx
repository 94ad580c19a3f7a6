import type { JSX } from "preact";
import { useClient, useSelected, useWorld } from "../client/use-client.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";

/** Who acts in this window, and a choice of the others. A second window can be another person. */
export function PersonSwitcher(): JSX.Element {
  const { me, people } = useWorld();
  const channel = useSelected((state) => state.place.channel);
  const client = useClient();
  return (
    <div class="person">
      <Avatar url={me.avatar} size={32} />
      <label class="person-label">
        <span class="hidden">Act as</span>
        <select
          value={me.id}
          onChange={({ currentTarget }) => client.go({ person: currentTarget.value, ...(channel && { channel }) })}
        >
          {people
            .filter(({ isBot }) => !isBot)
            .map(({ id, name, role }) => (
              <option key={id} value={id}>{`${name} · ${role}`}</option>
            ))}
        </select>
      </label>
      <a
        class="plain"
        href={location.href}
        target="_blank"
        rel="noopener"
        title="Open a second window"
        aria-label="Open a second window"
      >
        <Icon name="plus" />
      </a>
    </div>
  );
}
