/**
 * Fires the Worker's cron now and at every full minute, as Cloudflare does and `wrangler dev` does not. A tick does not
 * wait for the one before it. Returns a function that stops the cron.
 */
export function startCron(workerUrl: string, onError: (reason: string) => void): () => void {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;

  async function tick(): Promise<void> {
    timer = setTimeout(() => void tick(), 60_000 - (Date.now() % 60_000));
    try {
      const response = await fetch(`${workerUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`, { signal: stopping.signal });
      await response.body?.cancel();
      if (!response.ok) onError(`the tick was answered with HTTP ${response.status}`);
    } catch (error) {
      if (stopping.signal.aborted) return;
      onError(`the tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  void tick();

  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
