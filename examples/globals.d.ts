// The part of Bun's and Deno's own interfaces that the examples use.

interface Listening {
  port: number;
  hostname: string;
}
type Answer = (request: Request) => Promise<Response>;

declare const Bun: {
  serve(options: Listening & { fetch: Answer; idleTimeout: number }): { stop(): Promise<void> };
};

declare const Deno: {
  serve(options: Listening & { onListen(): void }, fetch: Answer): { shutdown(): Promise<void> };
};
