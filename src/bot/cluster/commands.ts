import { escapeMarkdown, fitLines } from "../../discord/index.ts";
import type { Order } from "../../runtime/index.ts";
import { command, everywhere } from "../kit.ts";
import { owners } from "../owners.ts";
import { giveOrder } from "./broadcast-job.ts";

/**
 * Shows who leads and who is a member. An instance leads only while it does something that only a leader may do, and is a
 * member for ten minutes after it last ran a job, delivered a feed or led.
 */
export const cluster = command({
  name: "cluster",
  description: "Show the instances that share this bot, and which of them leads",
  ...everywhere,
  ephemeral: true,
  async run(_interaction, { coordination, jobs, clock }) {
    const [{ id, leader, token, leaseLeftMs, members }, unreadable] = await Promise.all([
      coordination.info(),
      jobs.unreadable(),
    ]);
    const lead =
      leader === null
        ? "No instance leads: there is nothing at the moment that only a leader may do."
        : `\`${leader}\` leads under token ${token}, for ${seconds(leaseLeftMs)} more.`;
    const lines = members.map(({ id: member, joinedAt, silentMs, isLeader, isSelf, about }) => {
      const marks = [isLeader && "leads", isSelf && "answers you", escapeMarkdown(about)].filter(
        (mark) => typeof mark === "string" && mark !== "",
      );
      const since = `joined ${seconds(clock.now() - joinedAt)} ago, last worked ${seconds(silentMs)} ago`;
      return `\`${member}\` ${since}${marks.length > 0 ? ` · ${marks.join(" · ")}` : ""}`;
    });
    const self = members.some(({ isSelf }) => isSelf) ? [] : [`\`${id}\` answers you. It has run no job lately.`];
    const known =
      lines.length === 0
        ? "No instance has run a job, delivered a feed or led in the last ten minutes."
        : fitLines(lines, 1_700, (left) => `-# and ${left} more`);
    const aside =
      unreadable === 0
        ? []
        : [`${unreadable} of the stored jobs could not be read and were set aside. The log names them.`];
    return [lead, known, ...self, ...aside].join("\n");
  },
});

/** Has every instance carry out an order. */
export const broadcast = (orders: Readonly<Record<string, Order>>) =>
  command({
    name: "broadcast",
    description: "Have every instance do something",
    ...everywhere,
    ephemeral: true,
    once: true,
    guards: [owners],
    options: [
      {
        type: "string",
        name: "order",
        description: "What to do",
        required: true,
        choices: Object.entries(orders).map(([value, { description }]) => ({ name: description, value })),
      },
      { type: "string", name: "note", description: "A line for the log", max_length: 500 },
    ],
    async run({ id, options: { order, note = null }, user }, services) {
      const data = { order, note };
      const retryAt = await giveOrder(services, data);
      if (retryAt === undefined) return "Done. Every instance carries it out when it next reads the bus.";
      await services.jobs.schedule({
        id: `broadcast:${id}`,
        kind: "broadcast",
        owner: user.id,
        data,
        dueAt: retryAt,
      });
      return "Another instance leads at the moment. Your order is given as soon as that one is done.";
    },
  });

// --- Internal helpers ---

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1_000))} s`;
