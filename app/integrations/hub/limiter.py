"""A token bucket in Redis per connection and operation, shared by all workers."""

import time
from typing import NamedTuple

from redis import RedisError

from app.core.broker import broker

# Takes a token, or says in how many seconds there will be one. Redis' own clock decides, so
# that workers on several machines agree.
TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(known[1]) or burst)
    + (now - (tonumber(known[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 60)
return tostring(wait)
"""


class Rate(NamedTuple):
    """So many requests a second in the long run, and so many at once."""

    per_second: float
    burst: int


def acquire(name: str, rate: Rate) -> float:
    """Take the right to one request, or give the seconds after which to ask again.

    Without Redis there is nobody to share with: the pace alone is kept.
    """
    try:
        reply = broker().eval(TAKE, 1, f"limit:{name}", rate.per_second, rate.burst)
    except RedisError:
        time.sleep(1 / rate.per_second)
        return 0.0
    return float(reply)


def block(name: str, seconds: float, rate: Rate) -> None:
    """Let nobody ask for a while: the system itself has asked for patience."""
    try:
        at = time.time()
        debt = 1 - seconds * rate.per_second
        broker().hset(f"limit:{name}", mapping={"tokens": debt, "at": at})
        broker().expire(f"limit:{name}", int(seconds) + 60)
    except RedisError:
        return
