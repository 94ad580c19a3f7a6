import type { Act, Again, CompletedView, Control, CopiedView, MessagesView, OpenedSession } from "../../protocol.ts";
import { type Place, writePlace } from "./place.ts";

/** The files of an act, by the name under which the act refers to each. */
export type Files = Readonly<Record<string, File>>;

/** An answer of the server: the sentence with which it refuses, or what was asked for. */
export type Answered<T> = ({ error?: undefined } & T) | { error: string };

const base = "/playground/api";

/** Returns functions for each request to the playground's server. None of them throws. */
export const api = {
  streamUrl: (person: string | undefined): string => `${base}/stream${writePlace(person ? { person } : {})}`,

  copied: (place: Place, exchange: string): Promise<Answered<CopiedView>> =>
    ask(`${base}/exchanges/${encodeURIComponent(exchange)}/copied${writePlace(place)}`),

  sessionUrl: `${base}/session`,

  messages: (place: Place, before?: string): Promise<Answered<MessagesView>> =>
    ask(`${base}/messages${writePlace(place, before ? { before } : {})}`),

  act(place: Place, act: Act, files: Files = {}): Promise<Answered<{ exchange?: string } & CompletedView>> {
    return post(`${base}/act${writePlace(place)}`, withFiles(act, files));
  },

  again: (place: Place, exchange: string, again: Again): Promise<Answered<{ exchanges: readonly string[] }>> =>
    post(`${base}/exchanges/${encodeURIComponent(exchange)}/again${writePlace(place)}`, JSON.stringify(again)),

  control: (place: Place, control: Control): Promise<Answered<object>> =>
    post(`${base}/controls${writePlace(place)}`, JSON.stringify(control)),

  openSession: (session: string): Promise<Answered<OpenedSession>> => post(api.sessionUrl, session),
};

// --- Internal helpers ---

function withFiles(act: Act, files: Files): string | FormData {
  const payload = JSON.stringify(act);
  const entries = Object.entries(files);
  if (entries.length === 0) return payload;
  const form = new FormData();
  form.set("payload", payload);
  for (const [name, file] of entries) form.set(name, file);
  return form;
}

function post<T>(path: string, body: string | FormData): Promise<Answered<T>> {
  const headers = { ...(typeof body === "string" && { "Content-Type": "application/json" }) };
  return ask(path, { method: "POST", headers, body });
}

async function ask<T>(path: string, init?: RequestInit): Promise<Answered<T>> {
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    const body = (text === "" ? {} : JSON.parse(text)) as T & { error?: string };
    if (response.ok) return body;
    return { error: body.error ?? `The playground answered ${response.status}.` };
  } catch {
    return { error: "The playground does not answer. Is npm run dev running?" };
  }
}
