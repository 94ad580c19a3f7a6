/** @jsxImportSource hono/jsx */
import type { Session } from "../../sessions/index.ts";
import type { Login } from "../login/login-kind.ts";
import type { AssetPaths } from "./assets.ts";
import { Document, Page, type PageContext } from "./layout.tsx";
import { ActionButton, ActionForm, Section, Table, Time } from "./parts.tsx";

/** Asks for the admin token. `next`: the path to go on to. */
export const LoginPage = ({
  assets,
  next,
  problem,
}: {
  assets: AssetPaths;
  next: string;
  problem?: string | undefined;
}) => (
  <Document assets={assets} title="Log in">
    <main class="door">
      <section aria-labelledby="login-title">
        <h1 id="login-title">Sandpiper</h1>
        <p class="note">Log in with the ADMIN_TOKEN of this bot.</p>
        {problem !== undefined && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
        <form method="post" action="/admin/login">
          <input type="hidden" name="next" value={next} />
          <label for="token">Admin token</label>
          <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
          <button class="main">Log in</button>
        </form>
      </section>
    </main>
  </Document>
);

/** Asks whether to do something to many things at once, or says why it was not done. */
export const AskPage = ({
  context,
  title,
  act,
  fields,
  back,
}: {
  context: PageContext;
  title: string;
  /** The action to confirm; left out where there is nothing to confirm. */
  act?: string;
  fields?: Readonly<Record<string, string>>;
  back: string;
}) => (
  <Page context={context} title={title}>
    <section class="wide" aria-labelledby="ask-title">
      <h1 id="ask-title">{title}</h1>
      {act !== undefined && (
        <ActionForm {...context} back={back} fields={fields ?? {}}>
          <ActionButton act={act} isRisky>
            Yes, do it
          </ActionButton>
        </ActionForm>
      )}
      <a href={back}>Back</a>
    </section>
  </Page>
);

/** The logins of this admin token. */
export const LoginsPage = ({
  context,
  logins,
  ownId,
}: {
  context: PageContext;
  logins: readonly Session<Login>[];
  ownId: string;
}) => (
  <Page context={context} title="Logins">
    <Section
      id="logins"
      title="Logins"
      isWide
      note="Each ends twelve hours after its last use, and after a week in any case. A new ADMIN_TOKEN ends all of them."
    >
      <Table
        label="Logins"
        columns={["Browser", "Logged in", "Ends unless used", "Do"]}
        rows={logins.map(({ id, data, createdAt, expiresAt }) => [
          `${data.label} (${id.slice(0, 6)})${id === ownId ? ", this one" : ""}`,
          <Time at={createdAt} now={context.now} />,
          <Time at={expiresAt} now={context.now} />,
          <ActionForm {...context} fields={{ id }}>
            <ActionButton act="end-login" of={`${data.label} (${id.slice(0, 6)})`} isRisky>
              End
            </ActionButton>
          </ActionForm>,
        ])}
        empty="There are no logins."
      />
    </Section>
  </Page>
);
