import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  ApplicationCommandUpdateRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  LaunchActivityInteractionCallbackRequestSchema,
  ModalInteractionCallbackRequestSchema,
  PongInteractionCallbackRequestSchema,
  UpdateMessageInteractionCallbackRequestSchema,
} from "discord-api-spec/zod";

// Discord's OpenAPI document as zod schemas: a second opinion on shapes. The simulator checks what the document lacks:
// components V2, unique names, totals, fields that exclude each other.

interface Schema {
  safeParse(value: unknown): { success: boolean; error?: { issues: readonly object[] } };
}

const callbacks: Record<number, Schema> = {
  1: PongInteractionCallbackRequestSchema,
  4: CreateMessageInteractionCallbackRequestSchema,
  5: CreateMessageInteractionCallbackRequestSchema,
  6: UpdateMessageInteractionCallbackRequestSchema,
  7: UpdateMessageInteractionCallbackRequestSchema,
  8: ApplicationCommandAutocompleteCallbackRequestSchema,
  9: ModalInteractionCallbackRequestSchema,
  12: LaunchActivityInteractionCallbackRequestSchema,
};

/** Returns what Discord's document objects to in an answer, an issue each; empty when the answer is good. */
export function problemsOfCallback(body: unknown): string[] {
  const schema = callbacks[(body as { type?: number }).type ?? 0];
  return schema
    ? problems(schema, accountForDocument(body))
    : [`There is no callback of this type: ${JSON.stringify(body)}`];
}

/** Returns what Discord's document objects to in the declaration of a command. */
export const problemsOfCommand = (body: unknown): string[] =>
  problems(ApplicationCommandUpdateRequestSchema, accountForDocument(body));

// --- Internal helpers ---

const problems = (schema: Schema, value: unknown): string[] => {
  const { success, error } = schema.safeParse(value);
  return success ? [] : (error?.issues ?? []).map((issue) => JSON.stringify(issue));
};

/**
 * Returns a body with the two fields changed in which the document is stricter than Discord: permissions are strings of
 * digits there, and the IDs of new attachments are numbers in Discord's own examples.
 */
function accountForDocument(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      key === "attachments"
        ? { ...(item as object), id: String((item as { id: unknown }).id) }
        : accountForDocument(item),
    );
  }
  if (typeof value !== "object" || value === null) return key === "default_member_permissions" ? Number(value) : value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, accountForDocument(field, name)]));
}
