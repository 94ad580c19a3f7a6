import * as v from "valibot";
import { LineError } from "../../discord/index.ts";
import type { Act, Again, Control, GivenOption } from "../protocol.ts";

// The shapes of what the page sends.

const id = v.pipe(v.string(), v.regex(/^\d{17,20}$/));
const name = v.pipe(v.string(), v.maxLength(100));
const customId = v.pipe(v.string(), v.maxLength(100));
const text = v.pipe(v.string(), v.maxLength(6_000));

const leaf = {
  name,
  type: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(11)),
  value: v.exactOptional(v.union([text, v.pipe(v.number(), v.finite()), v.boolean()])),
  focused: v.exactOptional(v.boolean()),
};
const branch = (inner: v.GenericSchema<unknown, GivenOption>): v.GenericSchema<unknown, GivenOption> =>
  v.strictObject({ ...leaf, options: v.exactOptional(v.pipe(v.array(inner), v.maxLength(25))) });
/** Options nest two levels deep: a group, a subcommand, its options. */
const options = v.pipe(v.array(branch(branch(v.strictObject(leaf)))), v.maxLength(25));

const token = v.pipe(v.string(), v.maxLength(300));
const list = v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(25));
const field = v.union([v.pipe(v.string(), v.maxLength(4_000)), v.boolean(), v.null(), list]);

const act = v.variant("do", [
  v.strictObject({ do: v.literal("command"), commandId: id, options }),
  v.strictObject({ do: v.literal("complete"), commandId: id, options }),
  v.strictObject({ do: v.literal("user-command"), commandId: id, target: id }),
  v.strictObject({ do: v.literal("message-command"), commandId: id, target: id }),
  v.strictObject({ do: v.literal("click"), messageId: id, customId }),
  v.strictObject({ do: v.literal("select"), messageId: id, customId, values: list }),
  v.strictObject({ do: v.literal("submit"), token, fields: v.record(customId, field) }),
  v.strictObject({ do: v.literal("say"), text }),
  v.strictObject({
    do: v.literal("vote"),
    messageId: id,
    answers: v.pipe(v.array(v.pipe(v.number(), v.integer())), v.maxLength(10)),
  }),
  v.strictObject({ do: v.literal("dismiss"), messageId: id }),
  v.strictObject({ do: v.literal("read"), channelId: id }),
  v.strictObject({
    do: v.literal("event"),
    type: v.picklist(["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED", "ENTITLEMENT_CREATE"]),
  }),
]) satisfies v.GenericSchema<unknown, Act>;

const again = v.strictObject({
  how: v.picklist(["same-id", "new-id", "times-20", "bad-signature", "stale-timestamp"]),
  body: v.exactOptional(v.pipe(v.string(), v.maxLength(1_048_576))),
}) satisfies v.GenericSchema<unknown, Again>;

const faults = [
  "redis-slow",
  "redis-down",
  "redis-loses-replies",
  "discord-429",
  "discord-500",
  "discord-closed-dms",
] as const;
/** A name or address with a port, as it goes into the page's policy: nothing that could end the directive. */
const host = v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/));
const maxMoveMs = 31 * 86_400_000;
const control = v.variant("do", [
  v.strictObject({
    do: v.literal("move"),
    byMs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxMoveMs)),
  }),
  v.strictObject({ do: v.literal("to-next-job") }),
  v.strictObject({ do: v.literal("cron") }),
  v.strictObject({ do: v.literal("fault"), name: v.picklist(faults), isOn: v.boolean() }),
  v.strictObject({ do: v.literal("pictures"), host, isOn: v.boolean() }),
]) satisfies v.GenericSchema<unknown, Control>;

/** Returns a value that a schema accepts. Throws a `LineError` that names the first wrong field. */
export function read<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  throw new LineError(`${v.getDotPath(issue) ?? "The body"}: ${issue.message.slice(0, 300)}`);
}

export const readAct = (value: unknown): Act => read(act, value);
export const readAgain = (value: unknown): Again => read(again, value);
export const readControl = (value: unknown): Control => read(control, value);
export const isId = (text: string | undefined): text is string => v.is(id, text);
