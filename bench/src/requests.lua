-- Asks with one line after the other: wrk -s requests.lua <url> -- <file> <lines to skip> <what a line is>
-- A line is a session's cookie, an access token (bearer), or a refresh token's cookie (refresh).
local requests = {}
local at = 0
local perSender = 300

local function asked(line, kind, number)
  local headers = { ["Host"] = wrk.headers["Host"], ["Accept"] = "application/json" }
  if kind == "bearer" then
    headers["Authorization"] = "Bearer " .. line
    return wrk.format("GET", nil, headers)
  end
  headers["Cookie"] = line
  if kind == "refresh" then
    local sender = math.floor(number / perSender)
    headers["X-CSRF"] = "1"
    headers["X-Forwarded-For"] = "10.1." .. math.floor(sender / 256) .. "." .. sender % 256
    return wrk.format("POST", nil, headers)
  end
  headers["X-Forwarded-Uri"] = "/reports/2026?page=3"
  return wrk.format("GET", nil, headers)
end

function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = asked(line, args[3], #requests)
  end
  at = tonumber(args[2])
end

function request()
  at = at % #requests + 1
  return requests[at]
end
