import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  ApplicationCommandUpdateRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  LaunchActivityInteractionCallbackRequestSchema,
  ModalInteractionCallbackRequestSchema,
  PongInteractionCallbackRequestSchema,
  UpdateMessageInteractionCallbackRequestSchema,
} from "discord-api-spec/zod";

// Discord's own OpenAPI document, as zod schemas: a second opinion on shapes, beside the rules of the simulator, which the
// document lacks (components of the second version, uniqueness, sums, pairing).

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

/** What Discord's document says against an inline answer; nothing when it is fine. */
export function problemsOfCallback(body: unknown): string[] {
  const schema = callbacks[(body as { type?: number }).type ?? 0];
  return schema ? problems(schema, accountForDocument(body)) : [`unknown callback ${JSON.stringify(body)}`];
}

/** What it says against a command's registration. */
export const problemsOfCommand = (body: unknown): string[] =>
  problems(ApplicationCommandUpdateRequestSchema, accountForDocument(body));

// --- Internal helpers ---

const problems = (schema: Schema, value: unknown): string[] => {
  const { success, error } = schema.safeParse(value);
  return success ? [] : (error?.issues ?? []).map((issue) => JSON.stringify(issue));
};

/**
 * Where the document is stricter than Discord and its documentation: permissions are strings of digits, and attachments
 * are numbered in examples as numbers.
 */
function accountForDocument(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    return value.map((one: unknown) =>
      key === "attachments" ? { ...(one as object), id: String((one as { id: unknown }).id) } : accountForDocument(one),
    );
  }
  if (typeof value !== "object" || value === null) return key === "default_member_permissions" ? Number(value) : value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, accountForDocument(field, name)]));
}
