-- Asks with one cookie after the other: wrk -s cookies.lua <url> -- <file with a cookie a line> <first line>
local requests = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", nil, {
      ["Host"] = wrk.headers["Host"],
      ["Cookie"] = line,
      ["Accept"] = "application/json",
      ["X-Forwarded-Uri"] = "/reports/2026?page=3",
    })
  end
  at = tonumber(args[2])
end

function request()
  at = at % #requests + 1
  return requests[at]
end
