import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type SessionKind, sessionKind } from "../sessions/index.ts";

/** Where somebody is in a wizard. */
export interface WizardState<Draft> {
  /** The step that is shown; one more than the last is the review. */
  at: number;
  /** The server or conversation it was begun in. */
  place: string;
  draft: Draft;
  /** Why the last step could not be left. */
  problem?: string;
}

export interface WizardStateOptions<Draft> {
  name: string;
  schema: StandardSchemaV1<unknown, Draft>;
  ttlMs: number;
  version?: number;
  migrate?(draft: unknown, version: number): unknown;
}

/** The kind of session a wizard keeps its state in: the draft is checked by its own schema. */
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

const isState = (value: unknown): value is WizardState<unknown> =>
  typeof value === "object" &&
  value !== null &&
  "at" in value &&
  Number.isInteger(value.at) &&
  "place" in value &&
  typeof value.place === "string";
