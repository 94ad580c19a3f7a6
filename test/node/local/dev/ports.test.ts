import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { UsageError } from "../../../../local/command-line.ts";
import { describeTakenPorts, findTakenPorts, refuseSamePort } from "../../../../local/dev/ports.ts";

const named = (port: number, flag = "--worker-port") => ({ port, name: "Worker", flag });

it("finds the port that another program holds", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  expect(await findTakenPorts([named(port)], "127.0.0.1")).toEqual([named(port)]);
});

it.each([
  [8_787, 8_887],
  [65_435, 65_535],
  [65_436, 65_336],
])("suggests another port for %i", (port, other) => {
  expect(describeTakenPorts([named(port)])).toBe(
    `Port ${port} (Worker) is taken. Stop the program that uses it, or choose another port: npm run dev -- --worker-port ${other}`,
  );
});

it("refuses one port for two programs", () => {
  const refuse = () => refuseSamePort([named(1), named(2, "--redis-port"), named(1, "--discord-port")]);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow("--worker-port and --discord-port are both 1. Choose two different ports.");
});

it("names each taken port on a line, and accepts ports that differ", () => {
  expect(describeTakenPorts([named(1), named(2, "--redis-port")]).split("\n")).toEqual([
    expect.stringContaining("--worker-port 101"),
    expect.stringContaining("--redis-port 102"),
  ]);
  expect(() => refuseSamePort([named(1), named(2, "--redis-port")])).not.toThrow();
});

it("finds no port that is free, and leaves it free", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  for (const _ of [1, 2]) expect(await findTakenPorts([named(port)], "127.0.0.1")).toEqual([]);
});
