#!/usr/bin/python3
"""What the tutorial's Dockerfile builds with Flask: a page that counts its visitors in redis."""

import sys
import time

sys.path.insert(0, "/usr/local/lib/lab")
from lab import Answer, ask_redis, serve  # noqa: E402


def get_hit_count():
    retries = 5
    while True:
        try:
            return ask_redis("redis", "INCR", "hits")
        except OSError:
            if retries == 0:
                raise
            retries -= 1
            time.sleep(0.5)


def answer(request):
    if request.path != "/":
        return Answer(404)
    return Answer(200, f"Hello World! I have been seen {get_hit_count()} times.\n")


serve(5000, answer)
