-- wrk(1): the same requests that the checking client makes, by turns, and one line of counts at the end.
local token = os.getenv("DRILL_TOKEN")
local bearer = { ["Authorization"] = "Bearer " .. token }
local requests = {}
local turn = 0

init = function()
    for _, one in ipairs({ { "/api/posts?limit=2", nil }, { "/api/users", bearer }, { "/api/users/3", nil } }) do
        requests[#requests + 1] = wrk.format("GET", one[1], one[2])
    end
end

request = function()
    turn = turn + 1
    return requests[turn % #requests + 1]
end

done = function(summary)
    local errors = summary.errors
    io.write(string.format("counts %d %d %d %d %d %d\n", summary.requests, errors.status, errors.connect, errors.read,
        errors.write, errors.timeout))
end
