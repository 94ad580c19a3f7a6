/** Fires the Worker's cron at every full minute, as Cloudflare does and `wrangler dev` does not. Returns a function that stops it. */
export function startCron(workerUrl: string, onError: (reason: string) => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(() => void tick(), 60_000 - (Date.now() % 60_000));
  };
  async function tick(): Promise<void> {
    try {
      const response = await fetch(`${workerUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`, {
        signal: AbortSignal.timeout(50_000),
      });
      await response.body?.cancel();
      if (!response.ok) onError(`the cron tick was answered with HTTP ${response.status}`);
    } catch (error) {
      onError(`the cron tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    wait();
  }
  wait();
  return () => clearTimeout(timer);
}
