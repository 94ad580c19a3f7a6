/**
 * Lua that lets a script use the keys in KEYS alone, as Upstash does for one with the flag `allow-key-locking`. It shadows
 * `redis` and asks the engine for the keys of each call.
 */
const source = `local redis = (function(real)
  local function undeclared(...)
    local keys = real.pcall('COMMAND', 'GETKEYS', ...)
    for _, key in ipairs(keys.err and {} or keys) do
      local isDeclared = false
      for _, declared in ipairs(KEYS) do isDeclared = isDeclared or key == declared end
      if not isDeclared then
        return {err = "ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: " .. key}
      end
    end
  end
  return setmetatable({
    call = function(...)
      local refusal = undeclared(...)
      if refusal then error(refusal) end
      return real.call(...)
    end,
    pcall = function(...) return undeclared(...) or real.pcall(...) end
  }, {__index = real})
end)(redis) `;

/**
 * The same in one line, so that it leaves the numbers of a script's lines as they are.
 *
 * @see https://upstash.com/docs/redis/features/key-locking
 */
export const keyLock = source.replaceAll(/\n\s*/g, " ");
