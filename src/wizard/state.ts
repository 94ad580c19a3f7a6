import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type SessionKind, sessionKind } from "../sessions/index.ts";

/** A person's progress in a wizard. */
export interface WizardState<Draft> {
  /** The index of the step that is shown; the number of steps is the review. */
  at: number;
  /** The server or conversation in which it began. */
  place: string;
  draft: Draft;
  /** The reason why the step could not be left. */
  problem?: string;
}

export interface WizardStateOptions<Draft> {
  name: string;
  schema: StandardSchemaV1<unknown, Draft>;
  ttlMs: number;
  version?: number;
  migrate?(draft: unknown, version: number): unknown;
}

/** Returns the kind of session that keeps a wizard's state. The wizard's schema checks the draft in it. */
export function wizardKind<Draft>({ name, schema, ttlMs, version = 1, migrate }: WizardStateOptions<Draft>) {
  const whole: StandardSchemaV1<unknown, WizardState<Draft>> = {
    "~standard": {
      version: 1,
      vendor: "sandpiper",
      async validate(value) {
        if (!isState(value)) return { issues: [{ message: "not the state of a wizard" }] };
        const result = await schema["~standard"].validate(value.draft);
        if (!result.issues) return { value: { ...value, draft: result.value } };
        return { issues: result.issues.map(({ message, path = [] }) => ({ message, path: ["draft", ...path] })) };
      },
    },
  };
  return sessionKind({
    name,
    schema: whole,
    ttlMs,
    version,
    ...(migrate && {
      migrate: (data: unknown, from: number) => (isState(data) ? { ...data, draft: migrate(data.draft, from) } : data),
    }),
  }) satisfies SessionKind<WizardState<Draft>>;
}

// --- Internal helpers ---

function isState(value: unknown): value is WizardState<unknown> {
  const { at, place }: { at?: unknown; place?: unknown } = { ...(value as object) };
  return Number.isInteger(at) && typeof place === "string";
}
