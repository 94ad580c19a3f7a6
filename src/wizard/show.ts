import type { APISelectMenuComponent } from "discord-api-types/v10";
import {
  button,
  buttonStyle,
  componentType,
  container,
  type Message,
  messageFlags,
  row,
  text,
} from "../discord/index.ts";
import type { WizardState } from "./state.ts";
import type { Step } from "./step.ts";

/** Builds the custom_ids of a message's buttons and menus, for a session at its revision. */
export interface ActionIds {
  go(to: "back" | "next" | "form"): string;
  end(by: "cancel" | "save"): string;
  pick(type: keyof typeof menuTypes): string;
}

/** Returns a step as a message: its question, a menu or the button of a form, and the way on, back and out. */
export function showStep<Draft>(
  title: string,
  steps: readonly Step<Draft>[],
  step: Step<Draft>,
  { at, draft, problem }: WizardState<Draft>,
  ids: ActionIds,
  note?: string,
): Message {
  const { part, isReady = () => true } = step;
  const forward = [
    ...(part.kind === "form"
      ? [button({ label: part.label, style: buttonStyle.primary, custom_id: ids.go("form") })]
      : []),
    ...(isReady(draft) ? [button({ label: "Next", custom_id: ids.go("next") })] : []),
  ];
  return frame(
    [
      `### ${title}\n-# Step ${at + 1} of ${steps.length} · ${step.title}`,
      ...(note ? [`-# ${note}`] : []),
      typeof step.text === "string" ? step.text : step.text(draft),
      ...(problem ? [`⚠️ ${problem}`] : []),
    ],
    [
      ...(part.kind === "menu"
        ? [
            row({
              ...part.menu(draft),
              type: menuTypes[part.type],
              custom_id: ids.pick(part.type),
            } as APISelectMenuComponent),
          ]
        : []),
      row(...(at > 0 ? [back(ids)] : []), ...forward, cancel(ids)),
    ],
  );
}

/** Returns the review: all that was entered, and the button that saves it. */
export const showReview = (title: string, review: string, ids: ActionIds, note?: string): Message =>
  frame(
    [`### ${title}\n-# Is this right?`, ...(note ? [`-# ${note}`] : []), review],
    [row(back(ids), button({ label: "Save", style: buttonStyle.success, custom_id: ids.end("save") }), cancel(ids))],
  );

/** Returns the last message of a wizard, without buttons. */
export const showEnd = (title: string, words: string): Message => frame([`### ${title}`, words], []);

// --- Internal helpers ---

export const menuTypes = {
  "string-select": componentType.stringSelect,
  "user-select": componentType.userSelect,
  "role-select": componentType.roleSelect,
  "mentionable-select": componentType.mentionableSelect,
  "channel-select": componentType.channelSelect,
};

const back = (ids: ActionIds) => button({ label: "Back", custom_id: ids.go("back") });
const cancel = (ids: ActionIds) => button({ label: "Cancel", style: buttonStyle.danger, custom_id: ids.end("cancel") });

const frame = (texts: readonly string[], rows: ReturnType<typeof row>[]): Message => ({
  flags: messageFlags.componentsV2,
  components: [container({ components: [...texts.map((one) => text(one)), ...rows] })],
});
