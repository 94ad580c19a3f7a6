import type { APIMessage } from "discord-api-types/v10";
import type { InteractionRecord } from "./interactions/record.ts";

/** A change in the simulator, told at once and in order. */
export type SimulatorEvent =
  | { type: "message"; message: APIMessage; isNew: boolean }
  | { type: "message-gone"; channelId: string; messageId: string }
  /** An interaction was sent or answered, or its answer changed. */
  | { type: "interaction"; record: InteractionRecord }
  /** A signed request leaves for the Worker. */
  | { type: "request"; exchange: string; at: number; headers: Record<string, string>; body: string }
  | { type: "response"; exchange: string; at: number; status: number; headers: Record<string, string>; body: string }
  /** The Worker's answer was taken or refused, or none came in time. */
  | { type: "delivered"; exchange: string; outcome: Outcome }
  | ({ type: "rest" } & RestCall)
  /** Commands, members, channels or roles changed. */
  | { type: "world" };

/** How a request to the Worker went. */
export interface Outcome {
  /** The status of the HTTP response; 0 when none came. */
  status: number;
  /** Until the answer, an answer by REST included, or until Discord gave up. */
  ms: number;
  /** Why Discord would refuse the answer, a sentence each. */
  problems: readonly string[];
}

/** A request to the simulated REST API. */
export interface RestCall {
  /** When it arrived, in epoch milliseconds. */
  at: number;
  ms: number;
  method: string;
  /** Without the API's prefix; with the query. */
  path: string;
  status: number;
  /** The exchange that the request names, for a Worker that marks its requests. */
  exchange?: string;
  /** The interaction whose token the path contains. */
  record?: InteractionRecord;
}

export interface Events {
  emit(event: SimulatorEvent): void;
  /** Calls the listener at every event. Returns a function that ends it. */
  on(listener: (event: SimulatorEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: SimulatorEvent) => void>();
  return {
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
