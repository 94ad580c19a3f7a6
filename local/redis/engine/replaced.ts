import type { Backend } from "../backend.ts";

export interface ReplacedEngineOptions {
  /** Starts an engine. Called for the first one, and again after each crash, when a client connects. */
  start(): Promise<Backend>;
  /** Called with a sentence when a new engine runs. Default: nothing is logged. */
  log?: (line: string) => void;
}

/**
 * Starts an engine, and another, empty one in its place whenever it has crashed: clients connect again and go on. Calls the
 * listener of `onCrash` at each crash. Rejects as `start` does; a later `start` that fails is tried again by the next client.
 */
export async function createReplacedEngine({ start, log = () => {} }: ReplacedEngineOptions): Promise<Backend> {
  let crashed: (reason: Error) => void = () => {};
  let closed = false;
  let engine: Promise<Backend> | undefined;

  async function next(): Promise<Backend> {
    const started = await start();
    started.onCrash((reason) => {
      engine = undefined;
      crashed(reason);
    });
    return started;
  }

  function replace(): Promise<Backend> {
    const replacing = next();
    engine = replacing;
    replacing.then(
      () => closed || log("A new, empty one was started."),
      () => (engine = undefined),
    );
    return replacing;
  }

  const first = await next();
  engine = Promise.resolve(first);
  return {
    description: first.description,
    connect: async () => (await (engine ?? (closed ? first : replace()))).connect(),
    onCrash: (listener) => void (crashed = listener),
    async close() {
      closed = true;
      await (await engine?.catch(() => undefined))?.close();
    },
  };
}
