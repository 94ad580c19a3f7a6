import type { JSX } from "preact";

/** What Discord hides about a failure: paths and rules, statuses, times. It is set apart from Discord's own words. */
export function Reasons({ reasons }: { reasons: readonly string[] }): JSX.Element | null {
  if (reasons.length === 0) return null;
  return (
    <div class="reasons">
      <div class="reasons-title">Sandpiper says</div>
      <ul>
        {reasons.map((reason, index) => (
          <li key={index}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
