import { expect, it } from "vitest";
import { spread } from "../../../../src/bot/feeds/spread.ts";
import type { Message } from "../../../../src/pubsub/index.ts";
import type { Invocation } from "../../../../src/runtime/index.ts";

interface Published {
  channel: string;
  data: { after?: string; channelId?: string };
  id: string;
  type?: string;
}

/** Spreads a post to these channels, and returns what is published for it. */
async function publishedFor(followers: readonly string[], message: Partial<Message>): Promise<Published[]> {
  const published: Published[] = [];
  const services = {
    config: { keyPrefix: "sp:" },
    redis: { commands: { exec: async () => followers.flatMap((id) => [id, "1"]) } },
    pubsub: {
      async publish(channel: string, data: Published["data"], options: { id: string; type?: string }) {
        published.push({ channel, data, ...options });
      },
    },
  } as unknown as Invocation;
  await spread(services, { id: "p1", channel: "feed.a.b", type: "post", data: "text", ...message } as Message);
  return published;
}
const channel = (index: number) => String(1_000 + index);
const all = Array.from({ length: 60 }, (_, index) => channel(index));

it("spreads a post by 25 channels, in the order of their ids, until none is left", async () => {
  const reached: string[] = [];
  let message: Partial<Message> = {};
  const pages: number[] = [];
  for (;;) {
    const published = await publishedFor(all.toReversed(), message);
    const deliveries = published.filter(({ channel }) => channel.startsWith("delivery."));
    pages.push(deliveries.length);
    reached.push(...deliveries.map(({ data }) => data.channelId ?? ""));
    const rest = published.find(({ type }) => type === "rest");
    if (!rest) break;
    message = { id: "another", type: "rest", data: rest.data };
  }
  expect(pages).toEqual([25, 25, 10]);
  expect(reached).toEqual(all);
});

it.each([
  [25, 25],
  [26, 26],
  [1, 1],
  [0, 0],
])("publishes for %i followers %i messages", async (followers, messages) => {
  expect(await publishedFor(all.slice(0, followers), {})).toHaveLength(messages);
});

it("gives each delivery the same id however often a post is spread, so that no channel gets it twice", async () => {
  const [first, again] = [await publishedFor(all, {}), await publishedFor(all, {})];
  expect(again).toEqual(first);
  expect(first.map(({ id }) => id)).toEqual([...all.slice(0, 25).map((id) => `p1:${id}`), `p1:after:${channel(24)}`]);
  const rest = first.at(-1);
  const next = await publishedFor(all, { id: "another", type: "rest", data: rest?.data });
  expect(next[0]?.id).toBe(`p1:${channel(25)}`);
});

it.each(["text", null, 5, [[]], { after: 5 }, { after: "1000" }, { text: "x", postId: "p1" }])(
  "spreads the post %j of another system as a post, though its type is that of a rest",
  async (data) => {
    const published = await publishedFor(all, { type: "rest", data });
    expect(published.slice(0, 25).map(({ channel, id, data }) => [channel, id, data])).toEqual(
      all.slice(0, 25).map((id) => [`delivery.${id}`, `p1:${id}`, expect.objectContaining({ channelId: id, data })]),
    );
    expect(published[25]).toMatchObject({ type: "rest", data: { after: channel(24), postId: "p1", data } });
  },
);
