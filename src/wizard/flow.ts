import {
  type Answer,
  type Callback,
  ephemeral,
  type Interaction,
  type Message,
  type Reply,
  updateMessage,
} from "../discord/index.ts";
import { type Session, SessionConflictError, type SessionKind, SessionSchemaError } from "../sessions/index.ts";
import type { WizardOptions, WizardServices } from "./options.ts";
import { type ActionIds, showEnd, showReview, showStep } from "./show.ts";
import type { WizardState } from "./state.ts";
import type { Step, Taken } from "./step.ts";

/** The place of a click in a wizard, from its custom_id. */
export interface Position {
  session: string;
  step: number;
  revision: number;
}

/**
 * A wizard's moves, for one invocation. Each returns the next message, or the reason why nothing was changed. A move by another
 * person, from another server or conversation than the one it began in, or from another step than the one it is at, changes
 * nothing.
 */
export interface Flow<Draft> {
  begin(interaction: Interaction, draft: Draft, isAnew: boolean): Promise<Reply>;
  /**
   * Goes a step forward or back.
   * Cost: 2 commands, 2 round trips.
   */
  move(interaction: Interaction, from: Position, by: 1 | -1): Promise<Answer>;
  /**
   * Takes chosen or entered values, and goes on unless the step finds a problem.
   * Cost: 2 commands, 2 round trips.
   */
  take(interaction: Interaction, from: Position, values: unknown): Promise<Answer>;
  /**
   * Opens the step's form.
   * Cost: 1 command, 1 round trip.
   */
  fill(interaction: Interaction, from: Position): Promise<Answer>;
  /**
   * Ends the wizard without saving.
   * Cost: 3 commands, 3 round trips.
   */
  cancel(interaction: Interaction, from: Position): Promise<Answer>;
  /**
   * Saves the draft and ends the wizard.
   * Cost: 4 commands, 4 round trips, and that of the wizard's `save`.
   */
  save(interaction: Interaction, from: Position): Promise<Answer>;
}

export interface FlowOptions<Draft, Services>
  extends Pick<WizardOptions<Draft, Services>, "title" | "command" | "review" | "save"> {
  steps: readonly Step<Draft>[];
  kind: SessionKind<WizardState<Draft>>;
  idsFor(position: Position): ActionIds;
  openForm(step: Step<Draft>, position: Position, draft: Draft): Callback | undefined;
}

type State<Draft> = WizardState<Draft>;

/** Makes the moves of a wizard for one invocation. Cost: 0 commands. */
export function createFlow<Draft, Services extends WizardServices>(
  { title, command, review, save, steps, kind, idsFor, openForm }: FlowOptions<Draft, Services>,
  services: Services,
): Flow<Draft> {
  const { sessions } = services;
  const store = sessions.store(kind);

  function show({ id, revision, data }: Session<State<Draft>>, note?: string): Message {
    const ids = idsFor({ session: id, step: data.at, revision });
    const step = steps[data.at];
    return step ? showStep(title, steps, step, data, ids, note) : showReview(title, review(data.draft), ids, note);
  }

  const refFrom = ({ user }: Interaction, { session }: Position) => ({ id: session, owner: user.id });

  /** Turns the errors of a click that came too late into a sentence. */
  async function kindly(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionConflictError) {
        return ephemeral(`You went on from here already, so nothing was changed. \`${command}\` shows where you are.`);
      }
      if (error instanceof SessionSchemaError) {
        return ephemeral(`This changed since you began it. Nothing was saved; \`${command}\` starts over.`);
      }
      if (error instanceof ElsewhereError) {
        return ephemeral(
          `This was begun in another server or conversation, so nothing was changed. \`${command}\` starts one here.`,
        );
      }
      throw error;
    }
  }
  const lost = (reason: "gone" | "foreign"): Message =>
    ephemeral(
      reason === "foreign"
        ? `Another person is filling this in. \`${command}\` starts your own.`
        : `This is over: it was finished, cancelled, or left alone for too long. \`${command}\` starts over.`,
    );

  /** Throws unless the click comes from where the wizard began. */
  function checkPlace(interaction: Interaction, { place }: State<Draft>): void {
    if (place !== placeOf(interaction)) throw new ElsewhereError();
  }

  /** Changes the state, if it is still at the revision and step of the clicked message, and the click comes from its place. */
  async function change(interaction: Interaction, from: Position, next: (state: State<Draft>) => State<Draft>) {
    const here = (state: State<Draft>): State<Draft> => {
      checkPlace(interaction, state);
      // A client can send a custom_id that no message has.
      if (state.at !== from.step) throw new SessionConflictError(kind.name, from.session, from.revision, "it went on.");
      return next(state);
    };
    return store.update(refFrom(interaction, from), here, { expected: from.revision, writeId: interaction.id });
  }
  const turn = (interaction: Interaction, from: Position, next: (state: State<Draft>) => State<Draft>) =>
    kindly(async () => {
      const done = await change(interaction, from, next);
      return done.found ? updateMessage(show(done.session)) : lost(done.reason);
    });

  /** Returns the wizards that a person left unfinished in a place. Ends those whose draft no longer fits the schema. */
  async function unfinished(owner: string, place: string): Promise<Session<State<Draft>>[]> {
    try {
      return (await store.list(owner)).filter(({ data }) => data.place === place);
    } catch (error) {
      if (!(error instanceof SessionSchemaError)) throw error;
      const heads = (await sessions.list(owner)).filter((head) => head.kind === kind.name);
      await Promise.all(heads.map(({ id }) => sessions.end(owner, id)));
      return [];
    }
  }

  return {
    async begin(interaction, draft, isAnew) {
      const owner = interaction.user.id;
      const place = placeOf(interaction);
      const begun = await unfinished(owner, place);
      const last = begun.at(-1);
      if (last && !isAnew) return ephemeral(show(last, "You left off here."));
      await Promise.all(begun.map(({ id }) => store.end({ id, owner })));
      return ephemeral(show(await store.create({ at: 0, place, draft }, { owner })));
    },
    move: (interaction, from, by) =>
      turn(interaction, from, (before) => {
        const { problem: _problem, ...state } = before;
        if (by > 0 && steps[from.step]?.isReady?.(state.draft) === false) return before;
        return { ...state, at: Math.max(0, Math.min(steps.length, from.step + by)) };
      }),
    take: (interaction, from, values) =>
      turn(interaction, from, ({ problem: _problem, ...state }) => {
        const taken = steps[from.step]?.take(values, state.draft);
        if (taken === undefined) return state;
        if (isProblem(taken)) return { ...state, draft: taken.draft, problem: taken.problem };
        return { ...state, draft: taken, at: from.step + 1 };
      }),
    fill: (interaction, from) =>
      kindly(async () => {
        const found = await store.find(refFrom(interaction, from));
        if (!found.found) return lost(found.reason);
        const { data, revision } = found.session;
        checkPlace(interaction, data);
        if (revision !== from.revision)
          throw new SessionConflictError(kind.name, from.session, revision, "it went on.");
        const step = steps[data.at];
        return (step && openForm(step, from, data.draft)) ?? lost("gone");
      }),
    cancel: (interaction, from) =>
      kindly(async () => {
        const found = await store.find(refFrom(interaction, from));
        if (!found.found) return lost(found.reason);
        checkPlace(interaction, found.session.data);
        await store.end(refFrom(interaction, from));
        return updateMessage(showEnd(title, "Cancelled. Nothing was changed."));
      }),
    save: (interaction, from) =>
      kindly(async () => {
        // Of two clicks one makes this change, and saves: the other finds a newer revision.
        const done = await change(interaction, { ...from, step: steps.length }, (state) => state);
        if (!done.found) return lost(done.reason);
        const words = await save(done.session.data.draft, interaction, services);
        await store.end(refFrom(interaction, from));
        return updateMessage(showEnd(title, words));
      }),
  };
}

// --- Internal helpers ---

/** The click comes from another server or conversation than the one in which the wizard began. */
class ElsewhereError extends Error {
  override readonly name = "ElsewhereError";
}

const placeOf = ({ guildId, channelId }: Interaction): string => guildId ?? channelId ?? "";

const isProblem = <Draft>(taken: Taken<Draft>): taken is { draft: Draft; problem: string } =>
  typeof taken === "object" && taken !== null && "problem" in taken && "draft" in taken;
