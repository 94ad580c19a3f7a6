import { quoted } from "./quoted.ts";

/**
 * Returns the time zone that a person means: an IANA name such as `Europe/Berlin`, or an offset such as `+02:00`. Returns
 * `undefined` for any other text.
 *
 * Accepted, in any case and with blanks around: a full name (`europe/berlin`, `Asia/Kolkata`), its place (`berlin`, `new york`),
 * `UTC` and `GMT`, and an offset from them of up to 14 hours (`UTC+2`, `GMT-03:30`, `+0530`). Abbreviations such as `EST` or
 * `BST` are refused: each is the name of several zones.
 */
export function readZone(text: string): string | undefined {
  const typed = text.normalize("NFKC").trim();
  if (/^(UTC|GMT|Z)$/i.test(typed)) return "UTC";
  if (/^(?:UTC|GMT)?\s*[-+\u2212]/i.test(typed)) return readOffset(typed);
  const key = fold(typed);
  const listed = zones().find((zone) => key === fold(zone) || key === fold(placeOf(zone)));
  if (listed !== undefined || key === "") return listed;
  // Newer names, such as Asia/Kolkata, are known to Intl under the older one.
  const name = typed
    .replaceAll(/\s*\/\s*/g, "/")
    .replaceAll(/\s+/g, "_")
    .toLowerCase();
  if (name.includes("/")) return isZone(name) ? capitalised(name) : undefined;
  const area = areas.find((area) => isZone(`${area}/${name}`));
  return area && `${area}/${capitalised(name)}`;
}

/** Returns names of time zones like a text, the likeliest first: those that contain it, or else those that are spelled alike. */
export function zonesLike(text: string, most = 3): string[] {
  const key = fold(text);
  const within = zones().filter((zone) => fold(zone).includes(key));
  if (within.length > 0) return within.slice(0, most);
  return zones()
    .map((zone) => ({ zone, likeness: likeness(fold(placeOf(text)), fold(placeOf(zone))) }))
    .filter(({ likeness }) => likeness >= 0.5)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, most)
    .map(({ zone }) => zone);
}

/** Returns what to tell a person who typed something that is not a time zone. */
export function noSuchZone(text: string): string {
  const problem = `${quoted(text)} is not a time zone`;
  const close = fold(text).length < 4 ? [] : zonesLike(text).map(quoted);
  if (close.length === 0) {
    return `${problem}. Name a place in it, such as \`Europe/Berlin\` or \`New York\`, or an offset, such as \`UTC+2\`.`;
  }
  return `${problem}. Did you mean ${new Intl.ListFormat("en", { type: "disjunction" }).format(close)}?`;
}

// --- Internal helpers ---

const areas = ["Africa", "America", "Asia", "Atlantic", "Europe", "Indian", "Pacific"];

const zones = (): string[] => Intl.supportedValuesOf("timeZone");

/** `UTC+2`, `GMT-03:30`, `+0530`; as `Intl` takes it: `+02:00`. */
function readOffset(text: string): string | undefined {
  const [, sign, hours = "", minutes = "00"] = /^\D*?([-+\u2212])\s*(\d{1,2})(?::?([0-5]\d))?$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) * 60 + Number(minutes) > 14 * 60) return undefined;
  if (Number(hours) + Number(minutes) === 0) return "UTC";
  return `${sign === "+" ? "+" : "-"}${hours.padStart(2, "0")}:${minutes}`;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

const placeOf = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1);

/** Letters and digits alone, without accents: `São Paulo` is `saopaulo`. */
const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");

/** `asia/ho_chi_minh` becomes `Asia/Ho_Chi_Minh`, and `etc/gmt+2` becomes `Etc/GMT+2`. */
const capitalised = (name: string): string =>
  name.replaceAll(/(?<![a-z])(?:(?:gmt|utc|us)(?![a-z])|[a-z])/g, (start) => start.toUpperCase());

/** How many of their pairs of letters two words share: 1 for the same word, 0 for none. */
function likeness(a: string, b: string): number {
  const pairs = (word: string) => new Set(Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)));
  const [ours, theirs] = [pairs(a), pairs(b)];
  const shared = [...ours].filter((pair) => theirs.has(pair));
  return (2 * shared.length) / (ours.size + theirs.size);
}
