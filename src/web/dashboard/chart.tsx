/** @jsxImportSource hono/jsx */
import { instant, number } from "./format.ts";

/** A value of one minute. */
export interface Point {
  at: number;
  value: number;
}

const width = 240;
const height = 48;
const mostPoints = 120;

/** Minutes as one line, at most 120 points, with its highest value; and as a table for those who do not see it. */
export const Chart = ({ name, unit, points }: { name: string; unit: string; points: readonly Point[] }) => {
  const shown = points.slice(-mostPoints);
  const top = Math.max(1, ...shown.map(({ value }) => value));
  const x = (index: number) => Math.round((index * width) / Math.max(1, shown.length - 1));
  const y = (value: number) => Math.round((1 - value / top) * (height - 4)) + 2;
  const line = shown.map(({ value }, index) => `${x(index)} ${y(value)}`).join("L");
  return (
    <figure>
      <figcaption>
        {name} <span class="note">most {number(top)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M${line}`} />
      </svg>
      <div class="unseen">
        <table>
          <caption>{name}</caption>
          <thead>
            <tr>
              <th scope="col">Minute, UTC</th>
              <th scope="col">{unit}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ at, value }) => (
              <tr>
                <th scope="row">{instant(at).slice(11, 16)}</th>
                <td>{number(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
};
