import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useChannel, useClient, useCommands } from "../client/use-client.ts";
import { Icon } from "../shell/icons.tsx";
import { CommandBox } from "./command-box.tsx";
import { type CommandDraft, type Draft, draftOf, emptyDraft, givenOf, recalled } from "./draft.ts";
import { entryPoint, type Leaf, leavesOf, slash, toGiven } from "./leaves.ts";
import { OptionGroup } from "./option-group.tsx";
import { readTypedLine } from "./typed-line.ts";

/** Where a person writes. Each channel remembers what was being written in it. */
export function Composer(): JSX.Element {
  const { channel } = useChannel();
  const client = useClient();
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const last = useRef<CommandDraft>(undefined);
  const hasSpoken = useRef(false);
  const id = channel?.id ?? "";
  const draft = drafts[id] ?? emptyDraft;
  const leaves = leavesOf(useCommands(slash, entryPoint));
  const write = (next: Draft) => setDrafts((all) => ({ ...all, [id]: next }));

  async function send(command: CommandDraft): Promise<void> {
    const { options, files } = givenOf(command);
    const { leaf } = command;
    const act = { do: "command" as const, commandId: leaf.commandId, options: toGiven(leaf, options) };
    last.current = command;
    write(emptyDraft);
    const answer = await client.act(act, files);
    // A refused command can be mended.
    if (answer.error !== undefined) write({ text: "", command });
  }

  async function say(text: string): Promise<void> {
    write(emptyDraft);
    const answer = await client.act({ do: "say", text });
    if (answer.error !== undefined) write({ text });
    else if (!hasSpoken.current) client.notify("The bot does not read messages. Its commands are behind /.");
    hasSpoken.current = true;
  }

  function pick(leaf: Leaf): void {
    const typed = readTypedLine(draft.text, leaves);
    const command = typed?.leaf === leaf ? typed : draftOf(leaf);
    if (leaf.isEntryPoint) void send(command);
    else write({ text: "", command });
  }

  return (
    <div class="composer">
      {draft.command ? (
        <OptionGroup
          draft={draft.command}
          onChange={(command) => write({ text: "", command })}
          onSend={(command) => void send(command)}
          onLeave={() => write(emptyDraft)}
        />
      ) : (
        <>
          <button type="button" class="plain" aria-label="Apps and commands" onClick={() => write({ text: "/" })}>
            <Icon name="apps" size={24} />
          </button>
          <CommandBox
            key={id}
            text={draft.text}
            placeholder={`Message ${channel?.type === 0 || channel?.type === 5 ? "#" : ""}${channel?.name ?? ""}`}
            leaves={leaves}
            onChange={(text) => write({ text })}
            onPick={pick}
            onSay={(text) => void say(text)}
            onRecall={() => last.current && write({ text: "", command: recalled(last.current) })}
          />
        </>
      )}
    </div>
  );
}
