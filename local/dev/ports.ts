import { createServer } from "node:net";

/** A port that something else holds, and the flag that chooses another. */
export interface TakenPort {
  port: number;
  name: string;
  flag: string;
}

/** Resolves with those of `wanted` that are taken on `host`; leaves nothing listening. */
export async function findTakenPorts(wanted: readonly TakenPort[], host: string): Promise<TakenPort[]> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port, host)));
  return wanted.filter((_, index) => !free[index]);
}

/** Says what to do, one line for each port. */
export const describeTakenPorts = (taken: readonly TakenPort[]): string =>
  taken
    .map(
      ({ port, name, flag }) =>
        `Port ${port} (${name}) is taken. Stop what uses it, or choose another: npm run dev -- ${flag} ${port + 100}`,
    )
    .join("\n");

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
