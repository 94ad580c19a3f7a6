/** Returns why a server cannot listen, with what to do about it; the error itself where that is not known. */
export function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(
        `Port ${port} on ${host} is taken. Stop the program that uses it, or choose another port: --port ${otherPort(port)}`,
        { cause: error },
      );
    case "EACCES":
      return new Error(`This process may not use port ${port}. Choose a port above 1023: --port 8079`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(`${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.`, {
        cause: error,
      });
    default:
      return error;
  }
}

/** Returns a port to use in place of a taken one. */
export const otherPort = (port: number): number => (port + 100 <= 65_535 ? port + 100 : port - 100);
