import type { FileUpload } from "../answer.ts";

export interface CallOptions {
  /** Sent as JSON, or as JSON beside the files. A message in it mentions only the people that its `allowed_mentions` lists. */
  body?: unknown;
  files?: readonly FileUpload[];
  query?: Readonly<Record<string, string | number | boolean>>;
  /** For the server's audit log. */
  reason?: string;
  /** Default: that of the client. */
  timeoutMs?: number;
  /** Whether it may run twice, so that it is sent again when Discord does not answer. Default: all methods but POST. */
  isRepeatable?: boolean;
  /** Whether it is sent although Discord refused the same a moment ago. Default: false. */
  isFresh?: boolean;
}
