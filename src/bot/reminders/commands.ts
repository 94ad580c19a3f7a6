import {
  type Answer,
  asWritten,
  type BaseInteraction,
  button,
  cut,
  ephemeral,
  type Message,
  messageFlags,
  row,
  text,
} from "../../discord/index.ts";
import { type DeadJob, type Job, JobLimitError, type NewJob } from "../../jobs/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { readLater } from "../duration.ts";
import { readSettings } from "../guild-settings.ts";
import { commandTree, component, everywhere, subcommand } from "../kit.ts";
import { mayWriteHere } from "../may-write.ts";
import { noSuchZone, readZone, zonesLike } from "../time-zone.ts";
import { againPattern, type Reminder, readReminder } from "./job.ts";
import { readWhen } from "./when.ts";

/**
 * How many reminders one person may have, how many of them the list shows with buttons, and how many undelivered ones. A message
 * has room for 40 components, all but one of these together, and for 4,000 characters.
 */
const most = { kept: 25, shown: 8, undelivered: 3 };
const snoozeMs = 10 * 60_000;

const whichOption = {
  type: "string",
  name: "reminder",
  description: "Which reminder",
  required: true,
  autocomplete: async (typed: string, { user }: { user: { id: string } }, { jobs }: Invocation) =>
    (await remindersOf(jobs, user.id))
      .map((job) => ({
        name: `${cut(oneLine(job), 60)} (${new Date(job.dueAt).toISOString().slice(0, 16).replace("T", " ")} UTC)`,
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
        { type: "string", name: "in", description: "How long from now: 10m, 1h30m, 2 days, 1 month", max_length: 50 },
        { type: "string", name: "at", description: "At a time: 18:30, 6:30 pm, or 2026-12-24 18:00", max_length: 50 },
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
          autocomplete: (typed) => zonesLike(typed, 25),
        },
      ],
      async run(interaction, services) {
        const { id, options, user, guildId } = interaction;
        const named = options.zone ?? (await zoneOf(services, guildId));
        const zone = readZone(named);
        if (zone === undefined) {
          return `${noSuchZone(named)}${options.zone === undefined ? " It is this server's: `/setup` changes it." : ""}`;
        }
        const when = readWhen({ ...options, zone, now: services.clock.now() });
        if ("problem" in when) return when.problem;
        const { about, every } = options;
        const { note, ...times } = when;
        const data: Reminder = { about, ...placeOf(interaction), ...(every !== undefined && { every }) };
        return keep(services, { ...times, id: `remind:${id}`, owner: user.id, data }, note);
      },
    }),
    list: subcommand({
      description: "List your reminders, to snooze or cancel them",
      ephemeral: true,
      run: ({ user }, { jobs }) => listOf(jobs, user.id),
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
      async run({ options, user, guildId }, services) {
        const { reminder, by } = options;
        const now = services.clock.now();
        const later =
          by === undefined
            ? { dueAt: now + snoozeMs }
            : readLater(by, { zone: readZone(await zoneOf(services, guildId)) ?? "UTC", now });
        if ("problem" in later) return later.problem;
        const job = await services.jobs.snooze(reminder, user.id, later.dueAt);
        if (!job) return gone;
        return `${timeOf(job)}: ${aboutOf(job)}`;
      },
    }),
  },
});

/** The buttons of the list. The person who clicks changes and sees their own reminders only. */
export const listButton = component({
  id: "remind/:what<snooze|cancel|retry>/:job",
  once: true,
  async run({ params: { what, job }, user }, { jobs, clock }): Promise<Answer> {
    const change = {
      cancel: () => jobs.cancel(job, user.id),
      snooze: () => jobs.snooze(job, user.id, clock.now() + snoozeMs),
      retry: () => jobs.revive(job, user.id, most.kept),
    }[what];
    try {
      if (!(await change())) return ephemeral(gone);
    } catch (error) {
      if (error instanceof JobLimitError) return ephemeral(tooMany);
      throw error;
    }
    return { callback: "update", message: await listOf(jobs, user.id) };
  },
});

/** The buttons of a delivered reminder: remind me again in some minutes. */
export const again = component({
  id: againPattern,
  once: true,
  async run(interaction, services): Promise<Answer> {
    const { id, params, user, message } = interaction;
    const about = /\u23f0 ([^]*)\n-# /.exec(message.content)?.[1] ?? message.content;
    const later = readLater(`${params.minutes} min`, { zone: "UTC", now: services.clock.now() });
    if ("problem" in later) return ephemeral(later.problem);
    const data: Reminder = { about, ...placeOf(interaction) };
    return ephemeral(await keep(services, { ...later, id: `remind:${id}`, owner: user.id, data }));
  },
});

// --- Internal helpers ---

/** Keeps a reminder, and says when it is due; or says that the person has as many as one may have. */
async function keep(
  { jobs }: Invocation,
  reminder: Omit<NewJob, "kind"> & { data: Reminder },
  note?: string,
): Promise<string> {
  try {
    const job = await jobs.schedule({ ...reminder, kind: "remind", most: most.kept });
    return `${timeOf(job)}: ${asWritten(reminder.data.about, 1_600)}${note === undefined ? "" : `\n-# ${note}`}`;
  } catch (error) {
    if (error instanceof JobLimitError) return tooMany;
    throw error;
  }
}

const tooMany = `You have ${most.kept} reminders, the most that one person can have. \`/remind list\` lets you cancel some.`;
const gone = "You no longer have such a reminder. `/remind list` shows the ones you have.";

/** Returns the name of the server's time zone; `UTC` outside a server. */
const zoneOf = async (services: Invocation, guildId: string | undefined): Promise<string> =>
  guildId === undefined ? "UTC" : (await readSettings(services, guildId)).timeZone;

const remindersOf = async (jobs: Invocation["jobs"], owner: string): Promise<Job[]> =>
  (await jobs.list(owner, most.kept)).filter(({ kind }) => kind === "remind");

/** Returns where a reminder may be delivered besides a direct message. */
const placeOf = (interaction: BaseInteraction): Pick<Reminder, "channelId"> =>
  interaction.channelId !== undefined && mayWriteHere(interaction) ? { channelId: interaction.channelId } : {};

/** Returns a person's reminders that were given up: they repeat no more, or never did. */
const undeliveredOf = async (jobs: Invocation["jobs"], owner: string): Promise<DeadJob[]> =>
  (await jobs.dead(owner)).filter(({ job }) => job.kind === "remind");

const oneLine = ({ data }: Job): string => readReminder(data).about.replaceAll(/\s+/g, " ");
const aboutOf = (job: Job): string => asWritten(oneLine(job), 60);

const timeOf = ({ dueAt, every, data }: Job): string => {
  const at = Math.floor(dueAt / 1_000);
  const rhythm = readReminder(data).every?.replaceAll("`", "'");
  return `<t:${at}:f> (<t:${at}:R>)${every ? `, and again every \`${rhythm ?? every.cron}\` in ${every.zone}` : ""}`;
};

/** Returns a person's reminders with their buttons, and those that could not be delivered. */
async function listOf(all: Invocation["jobs"], owner: string): Promise<Message> {
  const [jobs, undelivered] = await Promise.all([remindersOf(all, owner), undeliveredOf(all, owner)]);
  const shown = undelivered.length < most.undelivered ? most.shown : most.shown - 1;
  const head =
    jobs.length === 0
      ? "You have no reminders. `/remind me in:10m about:tea` makes one."
      : `**Your reminders** (${jobs.length})${jobs.length > shown ? `, the next ${shown}` : ""}`;
  return {
    flags: messageFlags.componentsV2,
    components: [
      text(head),
      ...undelivered
        .slice(0, most.undelivered)
        .flatMap(({ job, reason, at }) => [
          text(`**Not delivered** <t:${Math.floor(at / 1_000)}:R>: ${aboutOf(job)}\n-# ${cut(reason, 200)}`),
          row(button({ label: "Try again", custom_id: listButton.id({ what: "retry", job: job.id }) })),
        ]),
      ...jobs
        .slice(0, shown)
        .flatMap((job) => [
          text(
            `${timeOf(job)}: ${aboutOf(job)}${job.problem ? `\n-# Not delivered last time: ${cut(job.problem, 120)}` : ""}`,
          ),
          row(
            button({ label: "Snooze 10 min", custom_id: listButton.id({ what: "snooze", job: job.id }) }),
            button({ label: "Cancel", custom_id: listButton.id({ what: "cancel", job: job.id }) }),
          ),
        ]),
    ],
  };
}
