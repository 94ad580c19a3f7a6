/**
 * workerd logs each connection that a test breaks on purpose, three lines at a time, past Vitest's own filters. What fails
 * a test is in its error; these lines are kept off the terminal.
 */
export default function quietWorkerd() {
  const isExpected = (text: string) =>
    /^(exception = .*disconnected|stack: .*workerd@|uncaught exception; )/.test(text);
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));
  for (const { stream, write } of streams) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
      typeof chunk === "string" && isExpected(chunk) ? true : Reflect.apply(write, stream, [chunk, ...rest]);
  }
  return () => {
    for (const { stream, write } of streams) stream.write = write;
  };
}
