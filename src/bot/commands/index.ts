import { cache } from "./cache.ts";
import { channel } from "./channel.ts";
import { broadcast, cluster } from "./cluster.ts";
import { feed } from "./feed.ts";
import { createHelp } from "./help.ts";
import { ping } from "./ping.ts";
import { closePoll, poll, pollForm, vote } from "./poll.ts";
import { quote } from "./quote.ts";
import { remind, remindAgain, reminderButton } from "./remind.ts";
import { server } from "./server.ts";
import { session } from "./session.ts";
import { setup, setupWizard } from "./setup.ts";
import { whoIs, whois } from "./whois.ts";

const all = [
  ping,
  whois,
  whoIs,
  server,
  channel,
  cache,
  poll,
  pollForm,
  vote,
  closePoll,
  quote,
  setup,
  ...setupWizard.handlers,
  session,
  feed,
  remind,
  reminderButton,
  remindAgain,
  cluster,
  broadcast,
];

/** Everything the bot answers to: add a file beside this one, and what it declares to the list above. */
export const handlers = [...all, createHelp(all)];
