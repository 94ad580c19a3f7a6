import { UnsupportedPathError } from "hono/router";
import { expect, it } from "vitest";
import { createStaticRouter } from "../../../src/runtime/static-router.ts";

it("finds the handlers of a method and a whole path, in the order in which they were added", () => {
  const router = createStaticRouter<string>();
  router.add("POST", "/interactions", "first");
  router.add("POST", "/interactions", "second");
  router.add("GET", "/", "root");
  const found = (method: string, path: string) => router.match(method, path)[0].map(([handler]) => handler);
  expect(found("POST", "/interactions")).toEqual(["first", "second"]);
  expect(found("GET", "/")).toEqual(["root"]);
  expect([found("GET", "/interactions"), found("POST", "/"), found("POST", "/interactions/1")]).toEqual([[], [], []]);
});

it.each(["/admin/*", "/events/:channel"])("refuses the pattern %s", (path) => {
  expect(() => createStaticRouter().add("GET", path, "")).toThrow(UnsupportedPathError);
});
