/** Fires the Worker's cron, which takes `at` for the time, in epoch milliseconds. Resolves when the tick is over. */
export async function fireCron(workerUrl: string, at: number, onError: (reason: string) => void, signal?: AbortSignal) {
  try {
    const url = `${workerUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*&time=${at}`;
    const response = await fetch(url, signal ? { signal } : {});
    await response.body?.cancel();
    if (!response.ok) onError(`the tick was answered with HTTP ${response.status}`);
  } catch (error) {
    if (signal?.aborted) return;
    onError(`the tick failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Fires the Worker's cron now and at every full minute, as Cloudflare does and `wrangler dev` does not. A tick does not
 * wait for the one before it. Returns a function that stops the cron. `now` is the world's time. Default: the machine's.
 */
export function startCron(workerUrl: string, onError: (reason: string) => void, now = Date.now): () => void {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;

  async function tick(): Promise<void> {
    timer = setTimeout(() => void tick(), 60_000 - (Date.now() % 60_000));
    await fireCron(workerUrl, now(), onError, stopping.signal);
  }
  void tick();

  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
