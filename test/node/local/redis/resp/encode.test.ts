import { expect, it } from "vitest";
import { encodeCommand, encodeCommands } from "../../../../../local/redis/resp/encode.ts";

it("writes text as UTF-8 and counts its bytes", () => {
  expect(encodeCommand(["SET", "schlüssel", ""]).toString()).toBe("*3\r\n$3\r\nSET\r\n$10\r\nschlüssel\r\n$0\r\n\r\n");
});

it("writes bytes unchanged before and after text", () => {
  const command = encodeCommand([Buffer.from("ECHO"), Buffer.from([0xff, 0x0d, 0x0a]), "x", Buffer.from([0x00])]);
  expect(command.toString("latin1")).toBe("*4\r\n$4\r\nECHO\r\n$3\r\n\xff\r\n\r\n$1\r\nx\r\n$1\r\n\x00\r\n");
});

it("writes several commands in order", () => {
  expect(encodeCommands([["PING"], ["GET", "k"]]).toString()).toBe(
    "*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
  );
});
