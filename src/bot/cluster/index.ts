import type { Feature } from "../../runtime/index.ts";
import { feature } from "../kit.ts";
import { broadcastJob } from "./broadcast-job.ts";
import { broadcast, cluster as show } from "./commands.ts";
import { orders } from "./orders.ts";

/** Returns the feature that shows the instances, and has them carry out orders: the ones `features` bring, and two common ones. */
export const cluster = (features: readonly Feature[]): Feature =>
  feature({
    name: "cluster",
    handlers: [show, broadcast(Object.assign({}, ...features.map((one) => one.orders), orders))],
    jobs: { broadcast: broadcastJob },
    orders,
  });
