import type { Clock } from "../../src/platform/index.ts";
import type { Events } from "./events.ts";
import type { InteractionRecord } from "./interactions/record.ts";
import type { ApplicationSettings } from "./world/application.ts";
import type { World } from "./world/world.ts";

/** The state and the means that the simulator's parts share. */
export interface Context {
  world: World;
  applicationId: string;
  application: ApplicationSettings;
  /** The application's public key: 64 hex digits. */
  verifyKey: string;
  /** The token that the Worker's REST calls carry. Random for each simulator. */
  botToken: string;
  /** Discord's time. A test that moves it by hand need not wait for Discord's limits to pass. */
  clock: Pick<Clock, "now" | "sleep">;
  createId(): string;
  /** Tells a change to all who listen. */
  emit: Events["emit"];
  /** Interactions by token. */
  interactions: Map<string, InteractionRecord>;
  /** The interactions that were answered with a form, by the payload of its submission. */
  triggers: WeakMap<object, InteractionRecord>;
  /** Uploaded files by the path under which they are served. */
  files: Map<string, { bytes: ArrayBuffer; type: string }>;
  /** Returns the address at which the simulator is served: attachment URLs begin with it. */
  publicUrl(): string;
}
