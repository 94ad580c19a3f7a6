import { expect, it } from "vitest";
import { startServer } from "../support.ts";

it("applies no fault, also from this process, unless the server was started with them", async () => {
  const server = await startServer({ faults: false });
  server.setFaults([{ at: "before", do: "status" }]);
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it("answers 503 to a fault without a status", async () => {
  const server = await startServer();
  server.setFaults([{ at: "before", do: "status" }]);
  expect(await server.post("/", ["PING"])).toMatchObject({
    status: 503,
    json: { error: "ERR this fault was asked for" },
  });
});
