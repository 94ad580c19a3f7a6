import type { JSX } from "preact";
import type { GuildView, PersonView } from "../../protocol.ts";
import { useChannel, useClient, useCommands, useWorld } from "../client/use-client.ts";
import { Avatar } from "./avatar.tsx";
import { colourStyle } from "./colour.ts";
import { useContextMenu } from "./context-menu.tsx";

const userCommand = 2;

/** The members of the shown server by their highest role, or those of a conversation. */
export function Members(): JSX.Element {
  const { guild } = useChannel();
  const { application, me } = useWorld();
  const bot = { ...application, username: application.name, isBot: true, role: "" };
  const groups = guild ? groupsOf(guild) : [{ name: "Members", members: [bot, me] }];
  return (
    <aside class="members" aria-label="Members">
      {groups.map(({ name, members }) => (
        <section key={name} aria-label={name}>
          <div class="category">{`${name} — ${members.length}`}</div>
          <ul>
            {members.map((member) => (
              <Member key={member.id} member={member} />
            ))}
          </ul>
        </section>
      ))}
    </aside>
  );
}

// --- Internal helpers ---

interface Group {
  name: string;
  members: (PersonView & { color?: number })[];
}

function groupsOf({ members, roles }: GuildView): Group[] {
  const groups = roles.toReversed().map(({ id, name }) => ({ id, name, members: [] as Group["members"] }));
  const rest: Group = { name: "Members", members: [] };
  for (const member of members) {
    const group = groups.find(({ id, name }) => name !== "@everyone" && member.roles.includes(id));
    (group ?? rest).members.push(member);
  }
  return [...groups, rest].filter((group) => group.members.length > 0);
}

function Member({ member }: { member: Group["members"][number] }): JSX.Element {
  const menu = useContextMenu();
  const client = useClient();
  const { channel } = useChannel();
  const commands = useCommands(userCommand);
  const items = [
    ...commands.map(({ id, name }) => ({
      group: "Apps",
      label: name,
      onSelect: () => void client.act({ do: "user-command", commandId: id, target: member.id }),
    })),
    ...(member.isBot ? [] : [{ label: "Act as this person", onSelect: () => actAs(member.id) }]),
    { label: "Copy user ID", onSelect: () => void navigator.clipboard.writeText(member.id) },
  ];

  function actAs(person: string): void {
    client.go({ person, ...(channel && { channel: channel.id }) });
  }

  return (
    <li>
      <button
        type="button"
        class="member"
        aria-haspopup="menu"
        onClick={(event) => menu.openBeside(event.currentTarget, items)}
        onContextMenu={(event) => menu.openAt(event, items)}
      >
        <Avatar url={member.avatar} size={32} />
        <span class={member.color ? "name is-coloured" : "name"} style={colourStyle(member.color)}>
          {member.name}
        </span>
        {member.isBot && <span class="app-tag">APP</span>}
      </button>
    </li>
  );
}
