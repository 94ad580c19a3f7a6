/** One way to receive messages on many channels. */
export interface Bus {
  publish(channel: string, data: number): Promise<unknown>;
  /** Resolves when `count` messages have come in all. */
  hear(count: number): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface Contender {
  name: string;
  /** Listens to these channels. */
  open(url: string, token: string, channels: readonly string[]): Promise<Bus>;
}
