import fengari from "fengari";
import { Refusal, type Reply } from "./store.ts";

const { lua, lauxlib, lualib, to_luastring } = fengari;

/** Runs scripts as Redis does: `redis.call`, `redis.pcall`, KEYS, ARGV, and numbers that are doubles only. */
export interface Lua {
  run(script: string, keys: readonly string[], args: readonly string[], call: (words: string[]) => Reply): Reply;
}

export function createLua(): Lua {
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);
  const compiled = new Map<string, number>();
  let call: (words: string[]) => Reply = () => null;

  // What Lua 5.1 had and 5.3 has not: the global, and no whole numbers that overflow.
  const prelude = `unpack = table.unpack
    local whole = tonumber
    function tonumber(value) local number = whole(value) return number and number + 0.0 end
    redis = {}
    function redis.pcall(...)
      local isDone, reply = pcall(redis.call, ...)
      if isDone then return reply end
      return { err = reply }
    end`;
  lauxlib.luaL_loadstring(state, to_luastring(prelude));
  lua.lua_call(state, 0, 0);

  lua.lua_getglobal(state, to_luastring("redis"));
  lua.lua_pushcfunction(state, () => {
    const words: string[] = [];
    for (let index = 1; index <= lua.lua_gettop(state); index++) words.push(wordAt(index));
    let refusal: string | undefined;
    try {
      push(call(words));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error.message;
    }
    if (refusal === undefined) return 1;
    lua.lua_pushstring(state, to_luastring(refusal));
    return lua.lua_error(state);
  });
  lua.lua_setfield(state, -2, to_luastring("call"));

  function wordAt(index: number): string {
    if (lua.lua_type(state, index) !== lua.LUA_TNUMBER) return lua.lua_tojsstring(state, index);
    return String(lua.lua_tonumber(state, index));
  }

  function push(reply: Reply): void {
    if (reply === null) return lua.lua_pushboolean(state, false);
    if (typeof reply === "number") return lua.lua_pushnumber(state, reply);
    if (typeof reply === "string") return lua.lua_pushstring(state, to_luastring(reply));
    if (Array.isArray(reply)) {
      lua.lua_createtable(state, reply.length, 0);
      for (const [index, item] of reply.entries()) {
        push(item);
        lua.lua_rawseti(state, -2, index + 1);
      }
      return;
    }
    lua.lua_createtable(state, 0, 1);
    lua.lua_pushstring(state, to_luastring(reply.status));
    lua.lua_setfield(state, -2, to_luastring("ok"));
  }

  /** What a script returns, as Redis turns it into a reply; takes it from the stack. */
  function pull(): Reply {
    const reply = read();
    lua.lua_pop(state, 1);
    return reply;
  }

  function read(): Reply {
    switch (lua.lua_type(state, -1)) {
      case lua.LUA_TNUMBER:
        return Math.trunc(lua.lua_tonumber(state, -1));
      case lua.LUA_TSTRING:
        return lua.lua_tojsstring(state, -1);
      case lua.LUA_TBOOLEAN:
        return lua.lua_toboolean(state, -1) ? 1 : null;
      case lua.LUA_TTABLE: {
        const isStatus = lua.lua_getfield(state, -1, to_luastring("ok")) === lua.LUA_TSTRING;
        const status = isStatus ? lua.lua_tojsstring(state, -1) : "";
        lua.lua_pop(state, 1);
        if (isStatus) return { status };
        const items: Reply[] = [];
        while (lua.lua_rawgeti(state, -1, items.length + 1) !== lua.LUA_TNIL) items.push(pull());
        lua.lua_pop(state, 1);
        return items;
      }
      default:
        return null;
    }
  }

  function load(script: string): void {
    let reference = compiled.get(script);
    if (reference === undefined) {
      if (lauxlib.luaL_loadstring(state, to_luastring(script)) !== lua.LUA_OK) {
        throw new Refusal(`ERR Error compiling script: ${lua.lua_tojsstring(state, -1)}`);
      }
      reference = lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX);
      compiled.set(script, reference);
    }
    lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, reference);
  }

  return {
    run(script, keys, args, how) {
      call = how;
      lua.lua_settop(state, 0);
      for (const [name, list] of [["KEYS", keys] as const, ["ARGV", args] as const]) {
        push([...list]);
        lua.lua_setglobal(state, to_luastring(name));
      }
      load(script);
      if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) {
        const message = lua.lua_tojsstring(state, -1);
        // What a command refused keeps its own first word.
        throw new Refusal(/^[A-Z]+ /.test(message) ? message : `ERR ${message}`);
      }
      return pull();
    },
  };
}
