-- For wrk: posts reports as the client makes them, each with a report_id of its own. Arguments: the
-- path, reports a request (1: bare, more: a batch, 0: a GET instead), users that send, a seed.
-- Prints one line of JSON at the end. User n has the ID that reports.mjs gives it.
local ffi = require('ffi')
ffi.cdef [[
  typedef struct { long seconds; long micros; } bench_timeval;
  int gettimeofday(bench_timeval *now, void *zone);
]]

local now = ffi.new('bench_timeval')
local format, random, floor, concat = string.format, math.random, math.floor, table.concat
local SYSTEMS = { 'Linux', 'Linux', 'Linux', 'Darwin', 'Darwin', 'Windows' }
local VERSIONS = { '2.3.1', '2.3.1', '2.3.1', '2.3.0', '2.3.0', '2.2.4', '2.1.0', '1.9.12' }
local REPORT = '{"report_id":"%08x-%04x-7%03x-%04x-%04x%08x","anonymous_id":"%s","timestamp":"%s.%03dZ",'
  .. '"project":"bench","event":"startup","lost_total":0,"info":{"os":"%s","os_version":"6.18",'
  .. '"arch":"x64","version":"%s","runtime":"node","runtime_version":"20.20","id_source":"machine",'
  .. '"id_persisted":true,"ci":null,"container":false,"wsl":false,"agent":null}}'

local path, batch, users
local second, stamp

function init(args)
  path, batch, users = args[1], tonumber(args[2]), tonumber(args[3])
  math.randomseed(tonumber(args[4]))
  wrk.headers['content-type'] = 'application/json'
end

local function clock()
  ffi.C.gettimeofday(now, nil)
  local seconds = tonumber(now.seconds)
  if seconds ~= second then
    second, stamp = seconds, os.date('!%Y-%m-%dT%H:%M:%S', seconds)
  end
  return seconds, floor(tonumber(now.micros) / 1000)
end

local function report()
  local seconds, millis = clock()
  local time = seconds * 1000 + millis
  local user = random(0, users - 1)
  local id = format('%08x%08x', user * 2654435761 % 4294967296, user)
  return format(REPORT, floor(time / 65536), time % 65536, random(0, 4095), random(32768, 49151),
    random(0, 65535), random(0, 4294967295), id, stamp, millis,
    SYSTEMS[user % #SYSTEMS + 1], VERSIONS[user % #VERSIONS + 1])
end

function request()
  if batch == 0 then return wrk.format('GET', path) end
  if batch == 1 then return wrk.format('POST', path, nil, report()) end
  local reports = {}
  for index = 1, batch do reports[index] = report() end
  local body = format('{"sent_at":"%s.000Z","reports":[%s]}', stamp, concat(reports, ','))
  return wrk.format('POST', path, nil, body)
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(
    format('{"requests":%d,"seconds":%.3f,', summary.requests, summary.duration / 1e6),
    format('"p50Ms":%.3f,"p99Ms":%.3f,', latency:percentile(50) / 1e3, latency:percentile(99) / 1e3),
    format('"refused":%d,"broken":%d}\n', errors.status, broken))
end
