import { guildOnly } from "../../discord/index.ts";
import { feature } from "../kit.ts";
import { closePoll, forgetJobs } from "./close-job.ts";
import { ask, close, form, vote } from "./commands.ts";

/** Votes among up to five answers, open or closing at a given time. */
export const poll = feature({
  name: "poll",
  guards: [guildOnly],
  handlers: [ask, form, vote, close],
  jobs: { "close-poll": closePoll },
  forgetGuild: forgetJobs,
});
