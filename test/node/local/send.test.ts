import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { send } from "../../../local/send/command.ts";
import { runCommandIn } from "./shell.ts";

it("says how to start the bot when no simulator answers", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  const simulator = `http://127.0.0.1:${port}`;
  expect(await runCommandIn(send, ["/ping", "--simulator", simulator])).toEqual({
    code: 1,
    out: "",
    err: `Nothing answers at ${simulator}. Start the bot first: npm run dev\n`,
  });
});

it("suggests a command when there is nothing to send", async () => {
  expect(await runCommandIn(send, [])).toEqual({
    code: 2,
    out: "",
    err: expect.stringContaining("npm run send -- '/ping'"),
  });
});
