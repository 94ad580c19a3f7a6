import { benchCache } from "./cache.ts";
import { benchCoordination } from "./coordination.ts";
import { benchCpu } from "./cpu.ts";
import { benchPubsub } from "./pubsub.ts";
import { benchRedis } from "./redis.ts";
import { benchRouting } from "./routing.ts";
import { benchSessions } from "./sessions.ts";
import { benchWorker } from "./worker.ts";

// `npm run bench`: ratios against a floor in the same run. The bundle's size is printed by the build before it.

await benchWorker();
await benchCpu();
benchRouting();
await benchCache();
await benchSessions();
await benchPubsub();
await benchRedis();
await benchCoordination();
