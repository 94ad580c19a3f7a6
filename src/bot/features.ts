import type { Feature } from "../runtime/index.ts";
import { cache } from "./cache.ts";
import { channel } from "./channel.ts";
import { cluster } from "./cluster/index.ts";
import { feeds } from "./feeds/index.ts";
import { help } from "./help.ts";
import { installs } from "./installs.ts";
import { ping } from "./ping.ts";
import { poll } from "./poll/index.ts";
import { quote } from "./quote.ts";
import { reminders } from "./reminders/index.ts";
import { server } from "./server.ts";
import { session } from "./session.ts";
import { setup } from "./setup.ts";
import { status } from "./status.ts";
import { whois } from "./whois.ts";

/** The bot: add a feature by its file or folder and one line here. */
const list: readonly Feature[] = [
  ping,
  whois,
  server,
  channel,
  cache,
  poll,
  quote,
  setup,
  session,
  feeds,
  reminders,
  installs,
  status,
];

/** `/cluster` and `/help` are made from the others. */
const shown = [...list, cluster(list)];
export const features: readonly Feature[] = [...shown, help(shown)];
