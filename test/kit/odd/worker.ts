import { createApp } from "../../../src/app.ts";
import { createBot } from "../../../src/bot/index.ts";
import { createIsolate } from "../../../src/isolate.ts";
import { handlers } from "./handlers.ts";

// A bot whose handlers are slow, late and broken, for the tests of what people see then.

const app = createApp({ isolate: createIsolate(), bot: createBot(handlers) });

export default { fetch: (request, env, ctx) => app.fetch(request, env, ctx) } satisfies ExportedHandler;
