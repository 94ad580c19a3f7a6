import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { UsageError } from "../command-line.ts";
import { createPrivatePem, readSigningKeys, type SigningKeys } from "../discord/index.ts";

/** The keys and the token that a bot is configured with. */
export interface Identity {
  keys: SigningKeys;
  botToken: string;
}

const schema = v.object({ privateKey: v.string(), botToken: v.pipe(v.string(), v.minLength(20)) });

/**
 * Returns the identity in a file, which is written at the first start and readable by its owner alone. Without a file: a new
 * one. Throws a `UsageError` for a file that holds none.
 */
export function readIdentity(file: string | undefined): Identity {
  if (file === undefined) return identityOf(createStored());
  if (!existsSync(file))
    writeFileSync(file, `${JSON.stringify(createStored(), null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    return identityOf(v.parse(schema, JSON.parse(readFileSync(file, "utf8"))));
  } catch (cause) {
    throw new UsageError(`--keys takes a file that this command wrote; ${file} is none.`, { cause });
  }
}

// --- Internal helpers ---

type Stored = v.InferOutput<typeof schema>;

const createStored = (): Stored => ({
  privateKey: createPrivatePem(),
  botToken: `local.${randomBytes(6).toString("base64url")}.${randomBytes(24).toString("base64url")}`,
});

const identityOf = ({ privateKey, botToken }: Stored): Identity => ({ keys: readSigningKeys(privateKey), botToken });
