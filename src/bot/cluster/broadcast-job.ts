import { JobPutOffError } from "../../jobs/index.ts";
import type { Invocation, JobWork } from "../../runtime/index.ts";

/** An order, and what it is given. */
export interface OrderData {
  order: string;
  note: string | null;
}

/** Has every instance carry out an order, if this one can lead for as long as that takes. Returns when to try again if not. */
export async function giveOrder({ coordination }: Invocation, { order, note }: OrderData): Promise<number | undefined> {
  const led = await coordination.asLeader(() => coordination.broadcast(order, note));
  return led.led ? undefined : led.retryAt;
}

/** Gives an order that could not be given at once. */
export const broadcastJob: JobWork = async ({ data }, services) => {
  const retryAt = await giveOrder(services, data as OrderData);
  if (retryAt !== undefined) throw new JobPutOffError("another instance leads", retryAt);
};
