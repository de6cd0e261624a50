-- Load for wrk: `wrk … -- messages SEED` or `wrk … -- reads`.
--
-- A message has an id of its own, a score, a comment and the address of another visitor. Another
-- seed makes other ids.

local threads = 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

local random = math.random
local headers = { ["Content-Type"] = "text/plain" }

local function message()
  local high, low = random(0, 0xffffff), random(0, 0xffffff)
  local id = string.format(
    "%08x-%04x-4%03x-a%03x-%06x%06x",
    random(0, 0x7fffffff), random(0, 0xffff), random(0, 0xfff), random(0, 0xfff), high, low
  )
  headers["X-Forwarded-For"] = string.format("100.64.%d.%d", random(0, 255), random(0, 255))
  local body = string.format(
    '{"id":"%s","score":%d,"shown":true,"comment":"Delivery took %d days, the tea is lovely.",'
      .. '"elapsed_ms":2100,"page":"/shop","lang":"en"}',
    id, random(0, 10), low % 30
  )
  return wrk.format("POST", nil, headers, body)
end

function init(arguments)
  if arguments[1] == "messages" then
    math.randomseed(tonumber(arguments[2]) * 64 + thread_number)
    request = message
  else
    local read = wrk.format("GET")
    request = function() return read end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"median":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
