/** @jsxImportSource hono/jsx */
import type { Message } from "../../pubsub/index.ts";
import type { AuditEntry } from "../actions/audit.ts";
import { instant } from "./format.ts";
import type { PageContext } from "./layout.tsx";
import { ActionButton, ActionForm, Section, Table, Time } from "./parts.tsx";

/** Forms that have the cache forget. */
export const CacheForms = ({ context, kinds }: { context: PageContext; kinds: readonly string[] }) => (
  <>
    <ActionForm {...context}>
      <label>
        Server <input name="guild" inputmode="numeric" placeholder="Discord server ID" size={20} required />
      </label>
      <ActionButton act="invalidate">Forget server</ActionButton>
    </ActionForm>
    <ActionForm {...context}>
      <label>
        Kind{" "}
        <select name="kind">
          {kinds.map((kind) => (
            <option>{kind}</option>
          ))}
        </select>
      </label>
      <ActionButton act="invalidate">Forget kind</ActionButton>
    </ActionForm>
    <ActionForm {...context} fields={{ everything: "yes" }}>
      <ActionButton act="invalidate" isRisky>
        Forget everything
      </ActionButton>
    </ActionForm>
  </>
);

/** The last messages of the bus. The page's script adds new ones. */
export const Events = ({ events }: { events: readonly Message[] | null }) => (
  <Section id="events" title="Events on the bus">
    <p class="empty" id="events-empty" hidden={(events?.length ?? 0) > 0}>
      {events === null
        ? "They could not be read."
        : "Nothing was published in the last day. A new message shows here within two seconds."}
    </p>
    <ol class="events" id="events-list" hidden={!events?.length}>
      {events?.map(({ streamId, time, channel, type, source }) => (
        <li data-id={streamId}>
          <span>{instant(time).slice(11)}</span>
          <span>{channel}</span>
          <span>{type}</span>
          <span>{source}</span>
        </li>
      ))}
    </ol>
  </Section>
);

/** What was done on these pages and over the API. */
export const Audit = ({ entries, now }: { entries: readonly AuditEntry[] | null; now: number }) => (
  <Section id="audit" title="What was done here">
    <Table
      label="The last actions"
      columns={["When", "Who", "What"]}
      rows={(entries ?? []).map(({ at, who, text }) => [<Time at={at} now={now} />, who, text])}
      empty={
        entries === null
          ? "They could not be read."
          : "Nothing was done here yet. Each action on these pages and over the API is kept for ninety days."
      }
    />
  </Section>
);
