import type { Act, Again, CompletedView, Control, StreamEvent } from "../../protocol.ts";
import type { FormView } from "../form/form-view.ts";
import { type Answered, api, type Files } from "./api.ts";
import { applyEvent, applyMessages, startLoading } from "./apply.ts";
import { addressOf, findChannel, type Place, readPlace } from "./place.ts";
import { initialState, type OpenForm, type PageState, type Panels } from "./state.ts";
import { createStore, type Store } from "./store.ts";

/** The page's side of the playground: its state, and all that a person or a developer can do. */
export interface Client {
  store: Store<PageState>;
  /** Opens the stream and follows the address of the page. */
  start(): void;
  go(place: Place): void;
  loadOlder(): Promise<void>;
  /** Carries out an act in the shown channel; a refusal is shown as a notice too. */
  act(act: Act, files?: Files): Promise<Answered<{ exchange?: string }>>;
  complete(act: Act): Promise<Answered<CompletedView>>;
  again(exchange: string, again: Again): Promise<void>;
  /** Puts a test, or a line for the terminal, that repeats an exchange on the clipboard. */
  copy(exchange: string, as: "test" | "send"): Promise<void>;
  control(control: Control): Promise<void>;
  openSession(text: string): Promise<void>;
  /** Lets the page load pictures of a host, or no longer. The page is loaded anew: its policy says what it may load. */
  allowPictures(host: string, isOn: boolean): Promise<void>;
  closeForm(): void;
  /** Selects an exchange and opens the drawer. */
  select(exchange: string | undefined): void;
  toggle(panel: keyof Panels, isOpen?: boolean): void;
  notify(text: string): void;
}

const noticeMs = 4_000;

export function createClient(): Client {
  const store = createStore<PageState>(initialState(readPlace(location)));
  const patch = (change: Partial<PageState>) => store.update((state) => ({ ...state, ...change }));
  // A form opens in the window that sent its interaction. Its event can arrive before the answer to the act does.
  const sent = new Set<string>();
  const early = new Map<string, OpenForm>();
  let source: EventSource | undefined;
  let noticeTimer: ReturnType<typeof setTimeout> | undefined;

  function notify(text: string): void {
    patch({ notice: text });
    clearTimeout(noticeTimer);
    noticeTimer = setTimeout(() => store.update(({ notice: _gone, ...rest }) => rest), noticeMs);
  }

  /** The place with its defaults, once the world is known. */
  function placeNow(): Place {
    const { place, world } = store.get();
    if (!world) return place;
    const { channel } = findChannel(world, place);
    return { person: world.me.id, ...(channel && { channel: channel.id }) };
  }

  async function load(before?: string): Promise<void> {
    const place = placeNow();
    const { channel } = place;
    if (channel === undefined) return;
    if (before === undefined) store.update((state) => startLoading(state, channel));
    const page = await api.messages(place, before);
    if (page.error !== undefined) notify(page.error);
    else if (store.get().place.person === place.person || store.get().place.person === undefined)
      store.update((state) => applyMessages(state, channel, page, before !== undefined));
  }

  function receive(event: StreamEvent): void {
    if (event.type === "form") {
      const opened = { exchange: event.exchange, token: event.token, form: event.form as FormView };
      if (sent.has(event.exchange)) patch({ form: opened });
      else early.set(event.exchange, opened);
    }
    store.update((state) => applyEvent(state, event));
    // After the start of a stream nothing is known of the shown channel.
    if (event.type === "world" && !store.get().conversations[placeNow().channel ?? ""]) void load();
  }

  function connect(): void {
    source?.close();
    source = new EventSource(api.streamUrl(store.get().place.person));
    source.addEventListener("open", () => patch({ isConnected: true }));
    source.addEventListener("error", () => patch({ isConnected: false }));
    source.addEventListener("message", ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as StreamEvent));
  }

  function show(place: Place): void {
    const { place: before, panels, world } = store.get();
    // The bare address is that of the first of the people.
    const personOf = ({ person }: Place) => person ?? world?.people[0]?.id;
    if (personOf(place) !== personOf(before)) {
      store.update(({ world: _world, form: _form, ...rest }) => ({ ...rest, place, conversations: {} }));
      connect();
    } else {
      patch({ place, panels: { ...panels, navigation: false } });
      const { channel } = placeNow();
      if (channel !== undefined && !store.get().conversations[channel]) void load();
    }
  }

  async function act(one: Act, files?: Files): Promise<Answered<{ exchange?: string }>> {
    const answer = await api.act(placeNow(), one, files);
    if (answer.error !== undefined) {
      notify(answer.error);
      return answer;
    }
    const { exchange } = answer;
    const form = early.get(exchange ?? "");
    if (exchange !== undefined) sent.add(exchange);
    if (form) patch({ form });
    early.delete(exchange ?? "");
    return answer;
  }

  return {
    store,
    start() {
      addEventListener("popstate", () => show(readPlace(location)));
      connect();
    },
    go(place) {
      history.pushState(null, "", addressOf(place, store.get().world));
      show(place);
    },
    loadOlder: () => load(store.get().conversations[placeNow().channel ?? ""]?.messages[0]?.message.id),
    act,
    complete: (one) => api.act(placeNow(), one),
    async again(exchange, again) {
      const answer = await api.again(placeNow(), exchange, again);
      if (answer.error !== undefined) return notify(answer.error);
      for (const id of answer.exchanges) sent.add(id);
      const last = answer.exchanges.at(-1);
      if (last !== undefined) patch({ selectedExchange: last });
    },
    async copy(exchange, as) {
      const answer = await api.copied(placeNow(), exchange);
      const text = answer.error === undefined ? answer[as] : undefined;
      if (text === undefined) return notify(answer.error ?? answer.reason ?? "There is nothing to copy.");
      await navigator.clipboard.writeText(text);
      notify(as === "test" ? "The test is on the clipboard." : "The line is on the clipboard.");
    },
    async control(control) {
      const answer = await api.control(placeNow(), control);
      if (answer.error !== undefined) notify(answer.error);
    },
    async openSession(text) {
      const answer = await api.openSession(text);
      // The stream begins anew with what the file holds.
      const missing =
        answer.error === undefined &&
        answer.missingFiles > 0 &&
        ` ${answer.missingFiles} files were too large to be saved.`;
      notify(answer.error ?? `The session is open. Redis holds what it held before.${missing || ""}`);
    },
    async allowPictures(host, isOn) {
      const answer = await api.control(placeNow(), { do: "pictures", host, isOn });
      if (answer.error === undefined) location.reload();
      else notify(answer.error);
    },
    closeForm: () => store.update(({ form: _closed, ...rest }) => rest),
    select: (exchange) =>
      store.update(({ selectedExchange: _before, ...rest }) => ({
        ...rest,
        ...(exchange && { selectedExchange: exchange }),
        panels: { ...rest.panels, drawer: rest.panels.drawer || exchange !== undefined },
      })),
    toggle: (panel, isOpen) =>
      store.update((state) => ({
        ...state,
        panels: { ...state.panels, [panel]: isOpen ?? !state.panels[panel] },
      })),
    notify,
  };
}
