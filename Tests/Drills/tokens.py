"""Drills with tokens: none that is good is refused, and none that is not is taken, whatever happens to who judges them."""
import contextlib
import http.client
import random
import threading
import time

from checker import PATIENCE, PORT, new_token
from load import Load
from machine import DrillFailure, drop_in, run, systemctl, until
from services import AUTH, kill

SETTINGS = "/etc/postern/auth.yaml"
SOCKETS = ("postern-auth-login.socket", "postern-auth-verify.socket")
# Seconds for which a verdict is good when nobody can say whether it still is: the gateway's default.
GRACE = 5
# The stream says once a second that it is there.
BEAT = 1


class Asker(threading.Thread):
    """Asks with tokens, one request after another on a kept connection, and keeps each answer with its times."""

    def __init__(self, choose, pause=0.002):
        super().__init__(daemon=True)
        self.choose, self.pause = choose, pause
        self.end, self.connection = threading.Event(), None
        # Of each answer: when it was asked for, when it came, the token, the status, the field Retry-After.
        self.answers, self.failure = [], None

    def run(self):
        try:
            while not self.end.is_set():
                token = self.choose()
                begun = time.monotonic()
                status, later = self.ask(token)
                self.answers.append((begun, time.monotonic(), token, status, later))
                time.sleep(self.pause)
        except (OSError, http.client.HTTPException) as error:
            self.failure = f"{type(error).__name__}: {error}"

    def ask(self, token):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
        self.connection.request("GET", "/api/users", headers={"Authorization": f"Bearer {token}"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.will_close:
            self.connection.close()
            self.connection = None
        return answer.status, answer.getheader("Retry-After")

    def stop(self):
        self.end.set()
        self.join()
        if self.failure:
            raise DrillFailure(f"a client that asked with tokens got no answer: {self.failure}")


@contextlib.contextmanager
def asking(choose, count=4):
    """That many clients at once, for a while; the list of them."""
    askers = [Asker(choose) for _ in range(count)]
    for asker in askers:
        asker.start()
    try:
        yield askers
    finally:
        for asker in askers:
            asker.stop()


def answers_of(askers):
    return sorted(answer for asker in askers for answer in asker.answers)


@contextlib.contextmanager
def changed(path, change):
    """Another text in a file, for a while."""
    with open(path) as file:
        before = file.read()
    with open(path, "w") as file:
        file.write(change(before))
    try:
        yield
    finally:
        with open(path, "w") as file:
            file.write(before)


@contextlib.contextmanager
def settings(change, prepare=lambda: None):
    """Another auth.yaml, for a while; `prepare` is called before the service starts with it."""
    try:
        with changed(SETTINGS, change):
            prepare()
            systemctl("restart", AUTH)
            yield
    finally:
        systemctl("restart", AUTH)


def keys_rotated():
    """the signing key is rotated five times: every token ever given is good"""
    def with_folder(text):
        return text.replace("token:\n", "keys: auth/keys\njwks: {max_age: 1s}\ntoken:\n"
                            "  key: {credential: JWT_SECRET_KEY}\n")

    with settings(with_folder, lambda: run("postern", "key", "generate", "--algorithm", "EdDSA")):
        tokens = [new_token()]
        with Load() as load, asking(lambda: random.choice(tokens)) as askers:
            for algorithm in ("ES256", "EdDSA", "RS256", "ES384", "PS256"):
                run("postern", "key", "rotate", "--algorithm", algorithm)
                systemctl("reload", AUTH)
                until("the new key signs", lambda: signed_anew(tokens), every=0.1)
                load.until_answered(20)
        refused = [answer for answer in answers_of(askers) if answer[3] != 200]
        if refused:
            raise DrillFailure(f"{len(refused)} good tokens were refused: {refused[0][3]}")
        if len({token.split(".")[0] for token in tokens}) < 6:
            raise DrillFailure("the tokens are not of six keys")
    return load


def signed_anew(tokens):
    """Logs in; whether the token is of another key than the last."""
    token = new_token()
    is_new = token.split(".")[0] != tokens[-1].split(".")[0]
    tokens.append(token)
    return is_new


def auth_killed():
    """the auth service is killed, three times; its sockets stay"""
    # A login that was under way is lost with the process: nobody may send it twice.
    with Load(has_logins=False) as load:
        for _ in range(3):
            kill(AUTH)
            load.until_answered(60)
    return load


def auth_gone():
    """the auth service is killed, with its sockets: known verdicts hold for their grace, and no verdict after it"""
    token = new_token()
    with asking(lambda: token) as askers:
        until("the verdict is known", lambda: len(answers_of(askers)) > 20)
        with drop_in(AUTH, "[Service]\nRestart=no\n"):
            systemctl("stop", *SOCKETS, check=False)
            systemctl("kill", "--signal=KILL", AUTH, check=False)
            killed = time.monotonic()
            until("the grace is over", lambda: time.monotonic() > killed + GRACE + 2)
        back = time.monotonic()
        systemctl("start", *SOCKETS, AUTH)
        until("tokens are judged again", lambda: any(a[0] > back and a[3] == 200 for a in answers_of(askers)))
    answers = answers_of(askers)
    early = [a for a in answers if a[1] < killed + GRACE - BEAT - 0.2 and a[3] != 200]
    late = [a for a in answers if a[0] > killed + GRACE + 0.2 and a[1] < back and (a[3] != 503 or not a[4])]
    if early:
        raise DrillFailure(f"{len(early)} known verdicts did not hold: {early[0][3]} after {early[0][1] - killed:.2f} s")
    if late:
        raise DrillFailure(f"{len(late)} answers without a verdict: {late[0][3]} after {late[0][1] - killed:.2f} s")
    if not any(a[0] > killed + GRACE + 0.2 and a[1] < back for a in answers):
        raise DrillFailure("nobody asked after the grace")


def revoked():
    """tokens are revoked one after the other: each is refused from then on, and no other is"""
    tokens = [new_token()]
    while len(tokens) < 6:
        # Those of one user and one second are one token.
        token = new_token()
        tokens += [token] if token != tokens[-1] else []
    until("another second has begun", lambda: new_token() not in tokens)
    bad, times = {}, []
    with Load() as load, asking(lambda: random.choice(tokens), count=8) as askers:
        until("all verdicts are known", lambda: len({a[2] for a in answers_of(askers)}) == len(tokens))
        for token in tokens[1:]:
            run("env", "JWT_SECRET_KEY=mysecret", "postern", "token", "revoke", given=token)
            bad[token] = time.monotonic()
            load.until_answered(20)
            until("it is refused", lambda: any(a[2] == token and a[3] == 401 for a in answers_of(askers)))
    for begun, ended, token, status, _ in answers_of(askers):
        since = bad.get(token)
        if status not in (200, 401):
            raise DrillFailure(f"neither taken nor refused: {status}")
        if status == 401 and (since is None or ended < since - 5):
            raise DrillFailure("a good token was refused")
        if status == 200 and since is not None and begun > since:
            times.append(begun - since)
    if times and max(times) > 1:
        raise DrillFailure(f"a revoked token was taken {max(times):.2f} s after the command had ended")
    return load


DRILLS = (keys_rotated, auth_killed, auth_gone, revoked)
