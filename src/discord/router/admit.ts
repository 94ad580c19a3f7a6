import type { Outgoing, Reply } from "../answer.ts";
import { askGuards } from "../guards/ask.ts";
import { askCooldown } from "../guards/cooldown.ts";
import type { Guard, Refused } from "../guards/guard.ts";
import type { Interaction } from "../interaction/interaction.ts";
import type { AnswerStore, Claim } from "./answer-store.ts";
import type { Entry } from "./entry.ts";
import type { RouterServices } from "./services.ts";
import type { Stores } from "./stores.ts";

/** May the handler run? */
export type Admission =
  | { may: "run"; loaded: unknown; waited: boolean }
  | { may: "refuse"; reply: Reply }
  /** The interaction was delivered before: its first answer is given again. */
  | { may: "replay"; answer: Outgoing };

/**
 * Asks the guards, the cooldown and, for what runs once, the store of first answers, and loads what the handler needs. All
 * of it starts in one tick, so that its reads share a round trip.
 */
export function admit<Services extends RouterServices>(
  { name, behaviour }: Entry<Services>,
  { guards, answers, cooldowns }: Stores<Services> & { guards: readonly Guard<Services>[] },
  interaction: Interaction,
  services: Services,
  onCooldownError: (error: unknown) => void,
): Admission | Promise<Admission> {
  const all = behaviour.guards ? [...guards, ...behaviour.guards] : guards;
  const refused = askGuards(all, interaction, services);
  const isSync = !(refused instanceof Promise);
  if (isSync && refused !== undefined && !behaviour.once) return { may: "refuse", reply: refused };
  if (isSync && !behaviour.once && !behaviour.cooldown && !behaviour.load) return atOnce;
  return admitLater();

  async function admitLater(): Promise<Admission> {
    const claiming = behaviour.once ? claim(interaction.id, answers?.(services)) : undefined;
    const cooling = behaviour.cooldown && isSync ? cool() : undefined;
    const loading = behaviour.load?.(interaction, services);
    // Whoever is refused never looks at what was loaded, nor at why it could not be.
    loading?.catch(() => {});
    const claimed = await claiming;
    if (claimed?.state === "answered") return { may: "replay", answer: claimed.answer };
    if (claimed?.state === "running") return { may: "refuse", reply: "This is already being worked on." };
    if (claimed?.state === "unknown") return { may: "refuse", reply: unknown };
    const reply = (await refused) ?? (await (cooling ?? (behaviour.cooldown ? cool() : undefined)));
    return reply === undefined ? { may: "run", loaded: await loading, waited: true } : { may: "refuse", reply };
  }

  async function cool(): Promise<Refused> {
    if (!behaviour.cooldown || !cooldowns) return undefined;
    return askCooldown(
      cooldowns(services),
      name,
      behaviour.cooldown,
      interaction,
      services.clock.now(),
      onCooldownError,
    );
  }
}

// --- Internal helpers ---

const atOnce: Admission = { may: "run", loaded: undefined, waited: false };

const unknown =
  "This may run only once, and that cannot be made sure of at the moment. Nothing was done; please try again in a minute.";

function claim(id: string, answers: AnswerStore | undefined): Promise<Claim | { state: "unknown" }> {
  if (!answers) return Promise.resolve({ state: "unknown" });
  return answers.claim(id).catch(() => ({ state: "unknown" }));
}
