import { benchCache } from "./cache.ts";
import { benchCoordination } from "./coordination.ts";
import { benchRedis } from "./redis.ts";
import { benchRouting } from "./routing.ts";
import { benchWorker } from "./worker.ts";

// `npm run bench`: ratios against a floor in the same run. The bundle's size is printed by the build before it.

await benchWorker();
benchRouting();
await benchCache();
await benchRedis();
await benchCoordination();
