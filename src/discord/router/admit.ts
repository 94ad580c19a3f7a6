import type { Outgoing, Reply } from "../answer.ts";
import { askGuards } from "../guards/ask.ts";
import { askCooldown } from "../guards/cooldown.ts";
import type { Guard, Refused } from "../guards/guard.ts";
import type { Interaction } from "../interaction/interaction.ts";
import type { Claim } from "./answer-store.ts";
import type { Entry } from "./entry.ts";
import type { RouterServices } from "./services.ts";
import type { Stores } from "./stores.ts";

/** Whether the handler may run. */
export type Admission =
  | { may: "run"; loaded: unknown; waited: boolean }
  | { may: "refuse"; reply: Reply }
  /** The interaction was delivered before: its first answer is given again. */
  | { may: "replay"; answer: Outgoing };

/** Told of what happens on the way to an admission. */
export interface AdmissionListener {
  /** This delivery is the first: its answer is kept for duplicates. */
  onClaimed(): void;
  onStoreError(error: unknown): void;
}

/**
 * Asks the guards, the cooldown and, for a handler that runs once, the store of answers, and loads what the handler needs.
 * Reads that depend on no other start in one tick, so that they share a round trip. Returns no promise where nothing is read.
 */
export function admit<Services extends RouterServices>(
  entry: Entry<Services>,
  around: Surroundings<Services>,
  interaction: Interaction,
  services: Services,
  listener: AdmissionListener,
): Admission | Promise<Admission> {
  const { guards, once, cooldown, load } = entry.behaviour;
  const refused = askGuards(guards ? [...around.guards, ...guards] : around.guards, interaction, services);
  if (!once && !(refused instanceof Promise)) {
    if (refused !== undefined) return { may: "refuse", reply: refused };
    if (!cooldown && !load) return atOnce;
  }
  return consult(refused, entry, around, interaction, services, listener);
}

// --- Internal helpers ---

type Surroundings<Services> = Stores<Services> & { guards: readonly Guard<Services>[] };

/** For what needs more than guards that answer at once. */
function consult<Services extends RouterServices>(
  refused: Refused | Promise<Refused>,
  { rule, behaviour }: Entry<Services>,
  { answers, cooldowns }: Surroundings<Services>,
  interaction: Interaction,
  services: Services,
  listener: AdmissionListener,
): Admission | Promise<Admission> {
  if (behaviour.once) return admitOnce();
  if (refused instanceof Promise) return settle(refused.then(orCooldown), load());
  const cooling = cool();
  if (cooling instanceof Promise || (cooling === undefined && behaviour.load)) return settle(cooling, load());
  return cooling === undefined ? atOnce : { may: "refuse", reply: cooling };

  async function admitOnce(): Promise<Admission> {
    const claiming = claim();
    const asked = refused instanceof Promise ? quiet(refused) : refused;
    const loading = asked === undefined || asked instanceof Promise ? load() : undefined;
    const claimed = await claiming;
    if (claimed.state === "answered") return { may: "replay", answer: claimed.answer };
    if (claimed.state !== "first") return { may: "refuse", reply: reasons[claimed.state] };
    listener.onClaimed();
    // A duplicate counts as no use, so that the cooldown is asked after the claim.
    return settle((await asked) ?? cool(), loading);
  }

  async function settle(
    refused: Refused | Promise<Refused>,
    loading: Promise<unknown> | undefined,
  ): Promise<Admission> {
    const reply = await refused;
    return reply === undefined ? { may: "run", loaded: await loading, waited: true } : { may: "refuse", reply };
  }

  function load(): Promise<unknown> | undefined {
    const loading = behaviour.load?.(interaction, services);
    return loading && quiet(loading);
  }

  function cool(): Refused | Promise<Refused> {
    const { cooldown } = behaviour;
    if (!cooldown || !cooldowns) return undefined;
    const { clock } = services;
    const onError = (error: unknown) => listener.onStoreError(error);
    return askCooldown({ store: cooldowns(services), rule, cooldown, interaction, clock, onError });
  }
  function orCooldown(reply: Refused): Refused | Promise<Refused> {
    return reply ?? cool();
  }

  async function claim(): Promise<Claim | { state: "unknown" }> {
    try {
      if (answers) return await answers(services).claim(interaction.id);
    } catch (error) {
      listener.onStoreError(error);
    }
    return { state: "unknown" };
  }
}

/** Keeps a failure from being reported as unhandled: for a duplicate and a refused handler nothing waits for the result. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

const atOnce: Admission = { may: "run", loaded: undefined, waited: false };

const reasons = {
  running: "This is already being worked on.",
  unknown:
    "This may run only once, and the bot cannot check that at the moment. Nothing was done. Please try again in a minute.",
};
