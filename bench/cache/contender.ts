/** One cache, as an isolate uses it. A method that it lacks throws "not there". */
export interface Isolate {
  get(id: string, fetcher: () => Promise<string>): Promise<unknown>;
  getTagged(id: string, fetcher: () => Promise<string>): Promise<unknown>;
  getMany(ids: readonly string[]): Promise<unknown>;
  setMany(values: ReadonlyMap<string, string>): Promise<unknown>;
  /** Without tags, where that makes a difference. */
  setManyPlain(values: ReadonlyMap<string, string>): Promise<unknown>;
  clear(): Promise<unknown>;
  /** Resolves when the work that goes on after the answers is done. */
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
