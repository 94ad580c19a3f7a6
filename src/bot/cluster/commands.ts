import type { Order } from "../../runtime/index.ts";
import { command, everywhere } from "../kit.ts";
import { owners } from "../owners.ts";

/** Who leads, and who is there. */
export const cluster = command({
  name: "cluster",
  description: "The instances that share this bot, and which of them leads",
  ...everywhere,
  ephemeral: true,
  async run(_interaction, { coordination, clock }) {
    const { id, leader, token, leaseLeftMs, members } = await coordination.info();
    const lead =
      leader === null
        ? "Nobody leads at the moment."
        : `\`${leader}\` leads under token ${token}, for ${seconds(leaseLeftMs)} more.`;
    const lines = members.map(({ id: member, joinedAt, silentMs, isLeader, isSelf, about }) => {
      const marks = [isLeader && "leads", isSelf && "answers you", about].filter(
        (mark) => typeof mark === "string" && mark !== "",
      );
      const since = `there for ${seconds(clock.now() - joinedAt)}, last seen ${seconds(silentMs)} ago`;
      return `\`${member}\` ${since}${marks.length > 0 ? ` · ${marks.join(" · ")}` : ""}`;
    });
    const self = members.some(({ isSelf }) => isSelf) ? [] : [`\`${id}\` answers you, and does no duties.`];
    return [
      lead,
      ...(lines.length === 0 ? ["No instance has shown itself: the cron does not run."] : lines),
      ...self,
    ].join("\n");
  },
});

/** Has every instance do something, by way of the leader. */
export const broadcast = (orders: Readonly<Record<string, Order>>) =>
  command({
    name: "broadcast",
    description: "Tells every instance to do something",
    ...everywhere,
    ephemeral: true,
    once: true,
    guards: [owners],
    options: [
      {
        type: "string",
        name: "order",
        description: "What",
        required: true,
        choices: Object.entries(orders).map(([value, { description }]) => ({ name: description, value })),
      },
      { type: "string", name: "note", description: "For the log", max_length: 500 },
    ],
    async run({ id, options: { order, note }, user }, { jobs, coordination, clock }) {
      if (coordination.isLeader()) {
        await coordination.broadcast(order, note ?? null);
        return "Told. Every instance does it when it next asks the bus.";
      }
      const data = { order, note: note ?? null };
      await jobs.schedule({ id: `broadcast:${id}`, kind: "broadcast", owner: user.id, data, dueAt: clock.now() });
      return "This instance does not lead: the leader was asked to tell all of them, and does so within half a minute.";
    },
  });

// --- Internal helpers ---

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1_000))} s`;
