import type { BotJob } from "./runner.ts";

/** Tells every instance to do something; only the leader can, so that whoever else claims it leaves it to be tried again. */
export const broadcast: BotJob =
  ({ coordination }) =>
  async ({ data }) => {
    const { order, note } = data as { order: string; note: string | null };
    await coordination.broadcast(order, note);
  };
