import { expect, it } from "vitest";
import { problemsOfCallback, problemsOfCommand } from "../../../local/kit/discord-api-spec/spec.ts";

// Proof that Discord's API description objects to wrong shapes.

it.each<[string, object]>([
  ["content that is not text", { type: 4, data: { content: 5 } }],
  ["no type", { data: {} }],
  ["choices that are not a list", { type: 8, data: { choices: {} } }],
  ["a modal that lacks its title", { type: 9, data: { custom_id: "x", components: [] } }],
])("objects to a callback with %s", (_name, body) => {
  expect(problemsOfCallback(body)).not.toEqual([]);
});

it("objects to a command whose description is not text", () => {
  expect(problemsOfCommand({ type: 1, name: "a", description: 5 })).not.toEqual([]);
  expect(problemsOfCommand({ type: 1, name: "a", description: "b", default_member_permissions: "8" })).toEqual([]);
});
