import type { FileUpload } from "../answer.ts";

export interface CallOptions {
  /** Sent as JSON, or beside the files. */
  body?: unknown;
  files?: readonly FileUpload[];
  query?: Readonly<Record<string, string | number | boolean>>;
  /** For the server's audit log. */
  reason?: string;
  timeoutMs?: number;
  /** May run twice: sent again when no answer comes. All but POST are, by themselves. */
  isRepeatable?: boolean;
  /** Asks even when Discord refused the same a moment ago. */
  isFresh?: boolean;
}
