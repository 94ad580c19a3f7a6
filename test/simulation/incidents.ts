import type { Faults } from "./network.ts";
import { calm } from "./network.ts";
import type { Random } from "./random.ts";

/** The one thing that goes wrong in a world, and how late a job may be for it, in milliseconds. */
export interface Incident {
  what:
    | "nothing"
    | "a busy bus"
    | "the scheduling isolate dies"
    | "the ticking isolate dies"
    | "a request is lost"
    | "a reply is lost"
    | "a request is refused"
    | "Discord loses a request"
    | "Discord loses a reply";
  boundMs: number;
}

/** On time: 30 s pass between two looks, and an invocation runs what it schedules for 28.5 s. Clocks differ by half a second. */
const onTimeMs = 2_000;
/** A request to Redis times out after 1.5 s, and is sent again 1.5 s later at most. */
const againMs = 1_500 + 1_500;
/** The other ticks look at each half minute; the rest is for the look, the claim and Discord's answer. */
const lookMs = 30_000 + 500;

export const incidents: readonly [Incident, ...Incident[]] = [
  { what: "nothing", boundMs: onTimeMs },
  { what: "a busy bus", boundMs: onTimeMs },
  { what: "the scheduling isolate dies", boundMs: lookMs },
  { what: "the ticking isolate dies", boundMs: lookMs },
  { what: "a request is lost", boundMs: onTimeMs + againMs },
  // A claim that was made ends 20 s later; an invocation that ends before leaves it to the next look.
  { what: "a reply is lost", boundMs: lookMs },
  { what: "a request is refused", boundMs: lookMs },
  // The second try is due 5 to 7.5 s later, or found by the next look.
  { what: "Discord loses a request", boundMs: lookMs },
  { what: "Discord loses a reply", boundMs: onTimeMs },
];

/** Faults that strike the first request at or after a time, and no other. */
export function strikeOnce({ what }: Incident, at: number, now: () => number): Faults {
  let isOver = false;
  let isStruck = false;
  const share = (wanted: Incident["what"]): number => (isStruck && what === wanted ? 1 : 0);
  return {
    ...calm,
    // Read once for each request, and first.
    get dropRequest() {
      isStruck = !isOver && now() >= at;
      isOver ||= isStruck;
      return share("a request is lost");
    },
    get dropReply() {
      return share("a reply is lost");
    },
    get refuse() {
      return share("a request is refused");
    },
  };
}

/** Strikes one post to Discord: its request or its reply, as `createDiscord` asks for each in turn. */
export function failOnce({ what }: Incident, random: Random): () => number {
  const part = what === "Discord loses a request" ? 0 : what === "Discord loses a reply" ? 1 : undefined;
  const struck = random.between(0, 3);
  let asked = 0;
  return () => {
    const isStruck = part !== undefined && asked === 3 * struck + part;
    asked += 1;
    return isStruck ? 1 : 0;
  };
}
