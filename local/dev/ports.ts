import { createServer } from "node:net";
import { UsageError } from "../command-line.ts";
import { otherPort } from "../redis/index.ts";

/** A port to listen on, and the flag that chooses it. */
export interface WantedPort {
  port: number;
  name: string;
  flag: string;
}

/** Throws a `UsageError` when two of the flags choose the same port. */
export function refuseSamePort(wanted: readonly WantedPort[]): void {
  for (const [index, { port, flag }] of wanted.entries()) {
    const other = wanted.slice(0, index).find((one) => one.port === port);
    if (other) throw new UsageError(`${other.flag} and ${flag} are both ${port}. Choose two different ports.`);
  }
}

/** Returns those of the ports that something else holds on `host`. Leaves nothing listening. */
export async function findTakenPorts(wanted: readonly WantedPort[], host: string): Promise<WantedPort[]> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port, host)));
  return wanted.filter((_, index) => !free[index]);
}

/** Returns a line for each taken port that says how to choose another. */
export const describeTakenPorts = (taken: readonly WantedPort[]): string =>
  taken
    .map(
      ({ port, name, flag }) =>
        `Port ${port} (${name}) is taken. Stop the program that uses it, or choose another port: npm run dev -- ${flag} ${otherPort(port)}`,
    )
    .join("\n");

// --- Internal helpers ---

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
