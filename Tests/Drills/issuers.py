"""Drills with somebody else's tokens: whatever happens to who issues them, no good one is refused and no bad one taken.

That nobody can say (503, with Retry-After) is no wrong verdict, but has to be the exception: each drill says when."""
import contextlib
import random
import time

import issuer
from load import Load
from machine import DrillFailure, systemctl, until
from services import AUTH
from tokens import SETTINGS, answers_of, asking, changed

MAIN, GATEWAY = "/etc/postern/postern.yaml", "postern-gateway.service"


@contextlib.contextmanager
def issued(stale):
    """The issuer, an auth service that takes its tokens, and a gateway through which it has the keys."""
    one = issuer.Issuer()
    try:
        with changed(MAIN, lambda text: text + "egress: unix:gateway/egress.sock\n"), \
                changed(SETTINGS, lambda text: text + issuer.AUTH_YAML % {"stale": stale}):
            systemctl("restart", GATEWAY, AUTH)
            yield one
    finally:
        one.stop()
        systemctl("restart", GATEWAY, AUTH)


def is_taken(one):
    """Waits until a new token is."""
    with asking(one.token, count=1) as askers:
        until("a token of the issuer is taken", lambda: any(a[3] == 200 for a in answers_of(askers)))


def wrong_verdicts(good, bad):
    """Of clients that asked with good tokens, and of those that asked with bad ones."""
    refused = [a for a in answers_of(good) if a[3] not in (200, 503) or (a[3] == 503 and not a[4])]
    taken = [a for a in answers_of(bad) if a[3] not in (401, 503) or (a[3] == 503 and not a[4])]
    if refused:
        raise DrillFailure(f"{len(refused)} answers to good tokens: {refused[0][3]}")
    if taken:
        raise DrillFailure(f"{len(taken)} answers to bad tokens: {taken[0][3]}")


def forger(one):
    """Tokens of a key that was never published: with its own name, with a name that nobody knows, with a published one."""
    kid = one.new_key(is_published=False)
    return lambda: one.token(kid, named=random.choice([kid, f"none-{random.random()}", one.published[0]]))


def issuer_new_key():
    """an issuer changes its key three times and signs at once, while others forge"""
    with issued("24h") as one:
        is_taken(one)
        forge, begun, before = forger(one), time.monotonic(), one.fetches
        with Load() as load, asking(one.token) as good, asking(forge, count=2) as bad:
            for _ in range(3):
                one.sign_with(one.new_key())
                changed = time.monotonic()
                until("its tokens are taken", lambda: any(a[0] > changed and a[3] == 200 for a in answers_of(good)))
                load.until_answered(50)
        wrong_verdicts(good, bad)
        # One fetch a cool-down, whatever names are forged.
        most = time.monotonic() - begun + 3
        if one.fetches - before > most:
            raise DrillFailure(f"{one.fetches - before} fetches of its keys, and {most:.0f} were the most")
        if not any(a[3] == 401 for a in answers_of(bad)):
            raise DrillFailure("nobody was told that a token is forged")
    return load


def issuer_down():
    """an issuer is down: its keys hold for their time, then nobody can say, and as soon as it is back somebody can"""
    stale = 6
    with issued(f"{stale}s") as one:
        is_taken(one)
        with Load() as load, asking(one.token) as good, asking(forger(one), count=2) as bad:
            one.stop()
            down = time.monotonic()
            until("nobody can say", lambda: any(a[3] == 503 for a in answers_of(good)), limit=3 * stale)
            over = time.monotonic()
            load.until_answered(50)
            back = time.monotonic()
            one.start()
            until("it is back", lambda: any(a[0] > back and a[3] == 200 for a in answers_of(good)), limit=60)
        wrong_verdicts(good, bad)
        # Half of their time is the oldest that they can be while the issuer answers.
        held = [a for a in answers_of(good) if down < a[0] and a[1] < down + stale / 2 - 1 and a[3] != 200]
        after = [a for a in answers_of(good) if over + 0.5 < a[0] and a[1] < back and a[3] == 200]
        if held:
            raise DrillFailure(f"{len(held)} good tokens were not judged by the keys that are known")
        if after:
            raise DrillFailure(f"{len(after)} tokens were judged by keys that are too old")
    return load


def issuer_slow():
    """an issuer takes a second for its keys: who is judged by known keys does not wait"""
    with issued("6s") as one:
        is_taken(one)
        one.delay = 1.0
        before = one.fetches
        with Load() as load, asking(one.token) as good, asking(forger(one), count=2) as bad:
            until("its keys were fetched twice", lambda: one.fetches >= before + 3, limit=30)
        wrong_verdicts(good, bad)
        unsaid = [a for a in answers_of(good) if a[3] != 200]
        if unsaid:
            raise DrillFailure(f"{len(unsaid)} good tokens were not judged by the keys that are known")
    return load


DRILLS = (issuer_new_key, issuer_down, issuer_slow)
