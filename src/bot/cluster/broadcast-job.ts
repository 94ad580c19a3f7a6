import type { FeatureJob } from "../../runtime/index.ts";

/** Has every instance do something. */
export const broadcastJob: FeatureJob = {
  isForLeader: true,
  async run({ data }, { coordination }) {
    const { order, note } = data as { order: string; note: string | null };
    await coordination.broadcast(order, note);
  },
};
