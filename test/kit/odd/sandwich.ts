import * as v from "valibot";
import { command, wizard } from "../../../src/bot/kit.ts";

/** The wizard of the README, and the command that begins it. */
const order = wizard({
  name: "order",
  title: "A sandwich",
  command: "/order",
  schema: v.object({ bread: v.optional(v.string(), "rye"), wishes: v.optional(v.string(), "") }),
  steps: ({ menu, form }) => [
    menu({
      name: "bread",
      title: "Bread",
      text: "Which bread?",
      type: "string-select",
      menu: () => ({
        options: [
          { label: "Rye", value: "rye" },
          { label: "Wheat", value: "wheat" },
        ],
      }),
      take: ([bread = "rye"], draft) => ({ ...draft, bread }),
    }),
    form({
      name: "wishes",
      title: "Wishes",
      text: ({ wishes }) => wishes || "Anything else?",
      label: "Write",
      fields: { wishes: { type: "text", label: "Wishes", required: false } },
      take: ({ wishes }, draft) => ({ ...draft, wishes }),
    }),
  ],
  review: ({ bread, wishes }) => `${bread}, ${wishes || "no wishes"}`,
  save: async ({ bread }) => `One on ${bread}, coming up.`,
});

const start = command({
  name: "order",
  description: "For tests",
  run: (interaction, services) => order.begin(interaction, services, { draft: { bread: "rye", wishes: "" } }),
});

export const sandwich = [start, ...order.handlers];
