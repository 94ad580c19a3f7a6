import { type Answer, button, ephemeral, type Message, messageFlags, row, text } from "../../discord/index.ts";
import type { Job } from "../../jobs/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { readDuration } from "../duration.ts";
import { readSettings } from "../guild-settings.ts";
import { commandTree, component, everywhere, subcommand } from "../kit.ts";
import { timeIn } from "../time-zone.ts";
import { againPattern, type Reminder } from "./job.ts";
import { readWhen } from "./when.ts";

/** How many reminders one person may have, and how many of them the list shows with buttons. */
const most = { kept: 25, shown: 8 };
const snoozeMs = 10 * 60_000;

const whichOption = {
  type: "string",
  name: "reminder",
  description: "Which reminder",
  required: true,
  autocomplete: async (typed: string, { user }: { user: { id: string } }, { jobs }: Invocation) =>
    (await remindersOf(jobs, user.id))
      .map((job) => ({
        name: `${aboutOf(job)} (${new Date(job.dueAt).toISOString().slice(0, 16).replace("T", " ")} UTC)`,
        value: job.id,
      }))
      .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase())),
} as const;

export const remind = commandTree({
  name: "remind",
  description: "Reminders for yourself",
  ...everywhere,
  subcommands: {
    me: subcommand({
      description: "Get a reminder in a direct message",
      ephemeral: true,
      once: true,
      options: [
        { type: "string", name: "about", description: "What to remind you of", required: true, max_length: 1_000 },
        { type: "string", name: "in", description: "How long from now: 10m, 1h30m, 2 days", max_length: 50 },
        { type: "string", name: "at", description: "At a time: 18:30, or 2026-12-24 18:00", max_length: 50 },
        {
          type: "string",
          name: "every",
          description: "Repeat: day 9:00, weekday 18:30, monday 7:15",
          max_length: 100,
        },
        {
          type: "string",
          name: "zone",
          description: "Time zone (default: the server's)",
          max_length: 64,
          autocomplete: (typed) =>
            Intl.supportedValuesOf("timeZone").filter((zone) => zone.toLowerCase().includes(typed.toLowerCase())),
        },
      ],
      async run({ id, options, user, guildId, channelId = "" }, services) {
        const zone = options.zone ?? (guildId === undefined ? "UTC" : (await readSettings(services, guildId)).timeZone);
        if (timeIn(zone, 0) === undefined)
          return `There is no time zone \`${zone.replaceAll("`", "'")}\`. Use a name such as \`Europe/Berlin\`.`;
        const when = readWhen({ ...options, zone, now: services.clock.now() });
        if ("problem" in when) return when.problem;
        if ((await services.jobs.list(user.id, most.kept)).length >= most.kept) {
          return `You have ${most.kept} reminders, the most that one person can have. \`/remind list\` lets you cancel some.`;
        }
        const { about, every } = options;
        const data: Reminder = { about, channelId, ...(every !== undefined && { every }) };
        const job = await services.jobs.schedule({ ...when, id: `remind:${id}`, kind: "remind", owner: user.id, data });
        return `${timeOf(job)}: ${options.about}`;
      },
    }),
    list: subcommand({
      description: "List your reminders, to snooze or cancel them",
      ephemeral: true,
      run: async ({ user }, { jobs }) => listOf(await remindersOf(jobs, user.id)),
    }),
    cancel: subcommand({
      description: "Cancel a reminder",
      ephemeral: true,
      once: true,
      options: [whichOption],
      async run({ options, user }, { jobs }) {
        return (await jobs.cancel(options.reminder, user.id)) ? "Cancelled." : gone;
      },
    }),
    snooze: subcommand({
      description: "Postpone a reminder",
      ephemeral: true,
      once: true,
      options: [
        whichOption,
        { type: "string", name: "by", description: "How long from now (default: 10 minutes)", max_length: 50 },
      ],
      async run({ options, user }, services) {
        const ms = options.by === undefined ? snoozeMs : readDuration(options.by);
        if (ms === undefined) return "That is not a length of time. Try `10m`, `1h30m` or `2 days`.";
        const job = await services.jobs.snooze(options.reminder, user.id, services.clock.now() + ms);
        if (!job) return gone;
        return `${timeOf(job)}: ${aboutOf(job)}`;
      },
    }),
  },
});

/** The buttons of the list. The person who clicks changes and sees their own reminders only. */
export const listButton = component({
  id: "remind/:what<snooze|cancel>/:job",
  once: true,
  async run({ params, user }, services): Promise<Answer> {
    const { jobs } = services;
    if (params.what === "cancel") {
      if (!(await jobs.cancel(params.job, user.id))) return ephemeral(gone);
    } else {
      const job = await jobs.snooze(params.job, user.id, services.clock.now() + snoozeMs);
      if (!job) return ephemeral(gone);
    }
    return { callback: "update", message: listOf(await remindersOf(jobs, user.id)) };
  },
});

/** The buttons of a delivered reminder: remind me again in some minutes. */
export const again = component({
  id: againPattern,
  once: true,
  async run({ id, params, user, message, channelId = "" }, services): Promise<Answer> {
    const about = /⏰ ([^]*?)\n-# /.exec(message.content)?.[1] ?? message.content;
    const dueAt = services.clock.now() + params.minutes * 60_000;
    const data: Reminder = { about, channelId };
    const job = await services.jobs.schedule({ id: `remind:${id}`, kind: "remind", owner: user.id, data, dueAt });
    return ephemeral(`${timeOf(job)}: ${about}`);
  },
});

// --- Internal helpers ---

const gone = "You no longer have such a reminder. `/remind list` shows the ones you have.";

const remindersOf = async (jobs: Invocation["jobs"], owner: string): Promise<Job[]> =>
  (await jobs.list(owner, most.kept)).filter(({ kind }) => kind === "remind");

const aboutOf = ({ data }: Job): string => (data as Reminder).about.replaceAll(/\s+/g, " ").slice(0, 60);

const timeOf = ({ dueAt, every, data }: Job): string => {
  const at = Math.floor(dueAt / 1_000);
  const rhythm = (data as Reminder).every?.replaceAll("`", "'");
  return `<t:${at}:f> (<t:${at}:R>)${every ? `, and again every \`${rhythm ?? every.cron}\` in ${every.zone}` : ""}`;
};

function listOf(jobs: readonly Job[]): Message {
  const texts =
    jobs.length === 0
      ? ["You have no reminders. `/remind me in:10m about:tea` makes one."]
      : [`**Your reminders** (${jobs.length})${jobs.length > most.shown ? `, the next ${most.shown}` : ""}`];
  return {
    flags: messageFlags.componentsV2,
    components: [
      ...texts.map((one) => text(one)),
      ...jobs
        .slice(0, most.shown)
        .flatMap((job) => [
          text(`${timeOf(job)}: ${aboutOf(job)}`),
          row(
            button({ label: "Snooze 10 min", custom_id: listButton.id({ what: "snooze", job: job.id }) }),
            button({ label: "Cancel", custom_id: listButton.id({ what: "cancel", job: job.id }) }),
          ),
        ]),
    ],
  };
}
