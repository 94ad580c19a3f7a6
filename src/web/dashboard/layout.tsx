/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { AuditEntry } from "../actions/audit.ts";
import type { AssetPaths } from "./assets.ts";

/** What every page of a login is made with. */
export interface PageContext {
  assets: AssetPaths;
  formToken: string;
  now: number;
  /** The path of the page. */
  path: string;
  /** Where its forms go on to: the path, with the part of a long list that it shows. */
  back: string;
  /** The action that led here. */
  did?: AuditEntry | undefined;
}

/** A whole document. */
export const Document = ({
  assets,
  title,
  isWatching,
  children,
}: {
  assets: AssetPaths;
  title: string;
  isWatching?: boolean;
  children?: Child;
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="robots" content="noindex" />
      <title>{`${title} \u00b7 Sandpiper`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={assets.style} />
      {isWatching && <script src={assets.script} defer />}
      {isWatching && (
        <noscript>
          <meta http-equiv="refresh" content="60" />
        </noscript>
      )}
    </head>
    <body>{children}</body>
  </html>
);

const links = [
  ["/admin", "Overview"],
  ["/admin/jobs", "Jobs"],
  ["/admin/dead-jobs", "Dead jobs"],
  ["/admin/dead-letters", "Dead letters"],
  ["/admin/logins", "Logins"],
] as const;

/** A page of a login: the ways to the others, what was just done, and its content. */
export const Page = ({
  context: { assets, formToken, path, did },
  title,
  isWatching = false,
  children,
}: {
  context: PageContext;
  title: string;
  isWatching?: boolean;
  children?: Child;
}) => (
  <Document assets={assets} title={title} isWatching={isWatching}>
    <header>
      <span class="brand">Sandpiper</span>
      <nav aria-label="Pages of the dashboard">
        {links.map(([href, name]) => (
          <a href={href} aria-current={href === path ? "page" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <form method="post" action="/admin/logout">
        <input type="hidden" name="formToken" value={formToken} />
        <button>Log out</button>
      </form>
    </header>
    <main>
      {did && (
        <p class="did" role="status">
          {did.text}
        </p>
      )}
      {children}
    </main>
  </Document>
);
