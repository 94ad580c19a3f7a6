/**
 * Fires the Worker's cron now and at every full minute, as Cloudflare does and `wrangler dev` does not, whether the tick before
 * is over or not. Returns a function that stops it.
 */
export function startCron(workerUrl: string, onError: (reason: string) => void): () => void {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;

  async function tick(): Promise<void> {
    timer = setTimeout(() => void tick(), 60_000 - (Date.now() % 60_000));
    try {
      const response = await fetch(`${workerUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`, { signal: stopping.signal });
      await response.body?.cancel();
      if (!response.ok) onError(`the cron tick was answered with HTTP ${response.status}`);
    } catch (error) {
      if (stopping.signal.aborted) return;
      onError(`the cron tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  void tick();

  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
