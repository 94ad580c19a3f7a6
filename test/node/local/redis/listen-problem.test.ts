import { expect, it } from "vitest";
import { listenProblem } from "../../../../local/redis/listen-problem.ts";

const problem = (code: string, port: number) =>
  listenProblem(Object.assign(new Error("listen"), { code }), "127.0.0.1", port).message;

it.each([
  [8_079, 8_179],
  [65_435, 65_535],
  [65_436, 65_336],
])("names a port in place of %i", (port, other) => {
  expect(problem("EADDRINUSE", port)).toBe(
    `Port ${port} on 127.0.0.1 is taken. Stop the program that uses it, or choose another port: --port ${other}`,
  );
});

it("names a port that needs no rights, and leaves what it does not know", () => {
  expect(problem("EACCES", 80)).toBe("This process may not use port 80. Choose a port above 1023: --port 8079");
  expect(problem("EMFILE", 8_079)).toBe("listen");
});
