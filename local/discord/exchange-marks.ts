/** The header by which a request to the Worker, and those that the Worker sends for it, name their exchange. */
export const exchangeHeader = "X-Sandpiper-Exchange";

/** The header that tells a local Worker how far the world's clock is ahead of the machine's, in milliseconds. */
export const aheadHeader = "X-Sandpiper-Ahead";
