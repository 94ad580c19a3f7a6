/** How often the script reads the page, in milliseconds. */
export const refreshMs = 20_000;
/** How often it has the bus polled while nothing comes, in milliseconds. */
export const pollMs = 1_500;

/**
 * The script of the overview. While its tab is visible it hears the bus over server-sent events, and fetches the page three times
 * a minute to replace the sections that changed, but for those in use. After 15 minutes untouched it stops until it is touched.
 */
export const script = `(() => {
  const note = document.getElementById("watching");
  if (!note) return;
  const idleMs = 900000, everyMs = ${refreshMs}, kept = 20;
  let touchedAt = Date.now(), source, timer;

  // A reading may end after the watching has.
  function say(text) {
    if (timer) note.textContent = text;
  }

  async function refresh() {
    const response = await fetch(location.pathname).catch(() => undefined);
    if (!response) return say("The bot cannot be reached. Trying again.");
    if (response.status === 401) return location.reload();
    if (!response.ok) return say("The bot answers " + response.status + ". Trying again.");
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = next.title;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = next.getElementById(part.id);
      const isUsed = part.contains(document.activeElement) || part.querySelector("details[open]");
      if (fresh && !isUsed) part.replaceWith(fresh);
    }
    say(note.dataset.cost);
  }

  function hear({ data, lastEventId }) {
    const list = document.getElementById("events-list");
    if (!list || list.querySelector('[data-id="' + lastEventId + '"]')) return;
    const { channel, type, source: from, time } = JSON.parse(data);
    const line = document.createElement("li");
    line.dataset.id = lastEventId;
    for (const text of [new Date(time).toISOString().slice(11, 19), channel, type, from]) {
      const cell = document.createElement("span");
      cell.textContent = text;
      line.append(cell);
    }
    list.prepend(line);
    list.hidden = false;
    document.getElementById("events-empty").hidden = true;
    while (list.children.length > kept) list.lastChild.remove();
  }

  function stop(text) {
    clearInterval(timer);
    if (source) source.close();
    timer = source = undefined;
    note.textContent = text;
  }

  function start() {
    if (timer || document.hidden) return;
    note.textContent = note.dataset.cost;
    const last = document.querySelector("#events-list li");
    const after = last ? "&lastEventId=" + last.dataset.id : "";
    source = new EventSource("/admin/api/events?channel=*&slowMs=${pollMs}" + after);
    source.onmessage = hear;
    timer = setInterval(() => {
      if (Date.now() - touchedAt > idleMs) stop("Paused after 15 minutes untouched: move or press a key to watch again.");
      else refresh();
    }, everyMs);
  }

  for (const name of ["pointermove", "pointerdown", "keydown", "scroll"])
    addEventListener(name, () => {
      touchedAt = Date.now();
      if (!timer && !document.hidden) start(), refresh();
    }, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop("Paused while this tab is hidden.");
    else start(), refresh();
  });
  start();
})();
`;
