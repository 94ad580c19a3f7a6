/** One way to cache, as an isolate has it. What it cannot do throws "not there". */
export interface Isolate {
  get(id: string, fetcher: () => Promise<string>): Promise<unknown>;
  getTagged(id: string, fetcher: () => Promise<string>): Promise<unknown>;
  getMany(ids: readonly string[]): Promise<unknown>;
  setMany(values: ReadonlyMap<string, string>): Promise<unknown>;
  /** Where tags make a difference, without them. */
  setManyPlain(values: ReadonlyMap<string, string>): Promise<unknown>;
  clear(): Promise<unknown>;
  /** When what goes on behind the answers is done. */
  settled(): Promise<void>;
}

export interface Contender {
  name: string;
  open(url: string, token: string): Isolate;
}

export const ttlMs = 60_000;
export const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
export const notThere = (): never => {
  throw new Error("not there");
};
