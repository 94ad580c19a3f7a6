// The part of Bun's and Deno's own interfaces that the examples use.

interface Listening {
  port: number;
  hostname: string;
}
type Answer<About> = (request: Request, about: About) => Promise<Response>;

interface BunServer {
  requestIP(request: Request): { address: string } | null;
  stop(): Promise<void>;
}

declare const Bun: {
  serve(options: Listening & { fetch: Answer<BunServer>; idleTimeout: number }): BunServer;
};

declare const Deno: {
  serve(
    options: Listening & { onListen(): void },
    fetch: Answer<{ remoteAddr: { hostname: string } }>,
  ): { shutdown(): Promise<void> };
};
