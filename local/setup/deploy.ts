import { join } from "node:path";
import { buildId } from "../deployment/build-id.ts";
import { secretsFile } from "../deployment/settings.ts";
import { deploy } from "../deployment/wrangler.ts";
import type { Deployed } from "../deployment/wrangler-output.ts";
import type { Step } from "./step.ts";

/** A deployed Worker, and the tag by which it is known again. */
export interface Worker extends Deployed {
  tag: string;
}

export const deployment: Step<{ root: string; url: string | undefined }, Worker> = {
  title: "Deploy",
  does: "Runs wrangler deploy with those secrets. At the first time it opens a browser to log in at Cloudflare.",
  async run({ root, url }, { say, pass }) {
    const tag = buildId(root);
    const deployed = await deploy(root, { tag, secretsFile: join(root, secretsFile), url, onOutput: pass });
    say(`The Worker is at ${deployed.url}.`);
    return { ...deployed, tag };
  },
};
