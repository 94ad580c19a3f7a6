import type { Context } from "./context.ts";
import { buildPing } from "./interactions/build.ts";
import { exchange, postInTime } from "./interactions/exchange.ts";
import type { Endpoint } from "./interactions/post-signed.ts";
import type { VerifyUrls } from "./rest/application.ts";
import { eventBody, sendEvent } from "./webhook-events.ts";

/**
 * Asks a URL as Discord does when a developer saves it: with a signed PING, and with a badly signed one.
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 */
export function createVerifyUrls(context: Context, endpointAt: (url: string) => Endpoint): VerifyUrls {
  async function refuses(endpoint: Endpoint, body: object): Promise<boolean> {
    const id = context.createId();
    const { status } = await postInTime(endpoint, JSON.stringify(body), { id, tamper: "bad-signature" });
    return status === 401;
  }

  return {
    async interactions(url) {
      const endpoint = endpointAt(url);
      const ping = { ...buildPing(context), id: context.createId(), token: "ping" };
      try {
        const { status, callback } = await exchange(endpoint, JSON.stringify(ping), { id: context.createId() });
        return status === 200 && callback.type === 1 && (await refuses(endpoint, ping));
      } catch {
        return false;
      }
    },
    async events(url) {
      const endpoint = endpointAt(url);
      const ping = eventBody(context);
      try {
        return (await sendEvent(endpoint, ping)).problems.length === 0 && (await refuses(endpoint, ping));
      } catch {
        return false;
      }
    },
  };
}
