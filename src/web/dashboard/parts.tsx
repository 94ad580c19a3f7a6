/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import { instant, isoOf, number, relative } from "./format.ts";

/** A section of a page. `isLive`: the page's script replaces it as it changes. */
export const Section = ({
  id,
  title,
  note,
  isWide,
  children,
}: {
  id: string;
  title: string;
  note?: string | undefined;
  isWide?: boolean;
  children?: Child;
}) => (
  <section id={id} class={isWide ? "wide" : ""} aria-labelledby={`${id}-title`} data-live>
    <h2 id={`${id}-title`}>{title}</h2>
    {note !== undefined && <p class="note">{note}</p>}
    {children}
  </section>
);

/**
 * A table, or a sentence that explains why it is empty. A column whose name begins with `>` holds numbers. One
 * with a last column "Do" becomes a list of blocks on a narrow screen.
 */
export const Table = ({
  label,
  columns,
  rows,
  empty,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly Child[])[];
  empty: string;
}) => {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const classes = columns.map((column) => (column.startsWith(">") ? "n" : undefined));
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={label}>
      <table class={columns.at(-1) === "Do" ? "stack" : undefined}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" class={classes[index]}>
                {column.replace(/^>/, "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, index) => (
                <td class={classes[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** An instant, relative to now, with its date in UTC behind it; "unknown" for one that is none. */
export const Time = ({ at, now }: { at: number; now: number }) => {
  const iso = isoOf(at);
  if (iso === undefined) return <span>unknown</span>;
  return (
    <time datetime={iso} title={`${instant(at)} UTC`}>
      {relative(at, now)}
    </time>
  );
};

/** A figure with its name. */
export const Tile = ({ name, value, more }: { name: string; value: Child; more?: Child }) => (
  <div class="tile">
    <span class="name">{name}</span>
    <strong>{value}</strong>
    {more !== undefined && <span class="note">{more}</span>}
  </div>
);

/** A form that does actions: the token of the login, and where to go on afterwards. */
export const ActionForm = ({
  formToken,
  back,
  fields = {},
  children,
}: {
  formToken: string;
  back: string;
  fields?: Readonly<Record<string, string>>;
  children?: Child;
}) => (
  <form method="post" class="acts">
    {Object.entries({ formToken, back, ...fields }).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    {children}
  </form>
);

/** A button of an `ActionForm`. `of`: what it acts on, for those who hear only the button. */
export const ActionButton = ({
  act,
  of,
  isRisky,
  children,
}: {
  act: string;
  of?: string;
  isRisky?: boolean;
  children: string;
}) => (
  <button
    formaction={`/admin/actions/${act}`}
    class={isRisky ? "risky" : undefined}
    aria-label={of === undefined ? undefined : `${children} ${of}`}
  >
    {children}
  </button>
);

/** Links to the pages before and after this one of a long list. */
export const Pager = ({ path, from, count, total }: { path: string; from: number; count: number; total: number }) => (
  <nav class="pager" aria-label="Pages">
    {from > 0 && <a href={`${path}?from=${Math.max(0, from - count)}`}>Earlier</a>}
    <span>
      {total === 0 ? "none" : `${number(from + 1)} to ${number(Math.min(from + count, total))} of ${number(total)}`}
    </span>
    {from + count < total && <a href={`${path}?from=${from + count}`}>Later</a>}
  </nav>
);
