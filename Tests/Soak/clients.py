"""What clients do, good and bad. Each is one coroutine, which raises Failure where the gateway answers wrongly."""
import asyncio
import contextlib
import json

from messages import Broken, Connection, Failure, chunk, expect, pattern, request, with_length

PASSWORD = "password"
USERS = ("bob", "alice", "john")
TOKENS_KEPT = 8   # by the clients: the gateway remembers a verdict for each


class World:
    """What a client knows; the tokens are everybody's, so that the gateway has so many verdicts to remember, and no more."""

    tokens = []
    bad_tokens = [f"bad.{number}.token" for number in range(64)]

    def __init__(self, port, random):
        self.port, self.random = port, random

    def connect(self):
        return Connection(self.port)


async def read_posts(world):
    async with world.connect() as connection:
        for _ in range(world.random.randint(1, 10)):
            status, _, body = await connection.ask("GET /api/posts?limit=2")
            expect((status, len(json.loads(body))), (200, 2), "posts")


async def ask_many_things(world):
    wanted = (("HEAD /api/posts", 200), ("GET /nothing", 404), ("DELETE /api/posts", 405), ("GET /api/posts/", 308),
              ("GET /api/posts?limit=x", 400), ("GET /api/users/9", 404), ("GET /api/users", 401))
    async with world.connect() as connection:
        for line, status in world.random.sample(wanted, 4):
            expect((await connection.ask(line))[0], status, line)


async def log_in(world):
    name = world.random.choice(USERS)
    body = json.dumps({"username": name, "password": PASSWORD}).encode()
    async with world.connect() as connection:
        await connection.send(with_length("POST /api/auth", body))
        status, _, body = await connection.answer()
        expect(status, 200, "login")
        if len(world.tokens) < TOKENS_KEPT:
            world.tokens.append(json.loads(body)["token"])


async def log_in_wrongly(world):
    body, wanted = world.random.choice((
        (b'{"username":"bob","password":"wrong"}', 401), (b'{"username":"bob"}', 400), (b"not JSON", 400)))
    async with world.connect() as connection:
        await connection.send(with_length("POST /api/auth", body))
        expect((await connection.answer())[0], wanted, f"login with {body!r}")


async def read_users(world):
    async with world.connect() as connection:
        for _ in range(world.random.randint(1, 5)):
            is_good = world.tokens and world.random.random() < 0.7
            token = world.random.choice(world.tokens if is_good else world.bad_tokens)
            status, _, _ = await connection.ask("GET /api/users", f"Authorization: Bearer {token}\r\n")
            expect(status, 200 if is_good else 401, "users with a token")


async def send_body(world):
    body = pattern(world.random.choice((0, 1, 1000, 20000, 200000)))
    line = world.random.choice(("POST /soak/echo", "PUT /soak/chunks"))
    async with world.connect() as connection:
        if world.random.random() < 0.5:
            await connection.send(with_length(line, body))
        else:
            await connection.send(request(line, "Transfer-Encoding: chunked\r\n"))
            step = world.random.randint(500, 50000)
            for start in range(0, len(body), step):
                await connection.send(chunk(body[start:start + step]))
            await connection.send(b"0\r\n\r\n")
        status, _, found = await connection.answer()
        if (status, found) != (200, body):
            raise Failure(f"{line} of {len(body)} bytes: {status}, {len(found)} bytes")


async def send_too_much(world):
    async with world.connect() as connection:
        await connection.send(request("POST /soak/echo", "Content-Length: 3000000\r\n"))
        expect((await connection.answer())[0], 413, "a body over the limit")


async def read_large(world):
    count = world.random.choice((65536, 300000, 1 << 20))
    async with world.connect() as connection:
        status, _, body = await connection.ask(f"GET /soak/bytes/{count}")
        if (status, body) != (200, pattern(count)):
            raise Failure(f"{count} bytes: {status}, {len(body)} bytes, or not those")


async def read_slowly(world):
    """Now and then to the end, else away in the middle."""
    count, left = 4 << 20, world.random.randint(5, 40)
    goes_away = world.random.random() < 0.5
    async with world.connect() as connection:
        await connection.send(request(f"GET /soak/bytes/{count}"))
        status, fields = await connection.head()
        expect(status, 200, "a large answer")
        received = 0
        async for piece in connection.pieces(fields):
            expect(piece, pattern(received % 65536 + len(piece))[received % 65536:], "a piece of a large answer")
            received += len(piece)
            if left > 0:
                left -= 1
                await asyncio.sleep(0.02)
            elif goes_away:
                return connection.reset()
        expect(received, count, "bytes of a large answer")


async def break_off(world):
    """Leaves in the middle of a head or of a body, or without reading the answer."""
    whole = with_length("POST /soak/echo", pattern(50000))
    async with world.connect() as connection:
        await connection.send(whole[:world.random.randint(1, len(whole))])
        await asyncio.sleep(world.random.random() * 0.02)
        if world.random.random() < 0.5:
            connection.reset()


async def send_garbage(world):
    """Whatever comes back is a refusal, and the connection ends."""
    garbage = world.random.choice((
        world.random.randbytes(200) + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
        b"POST /soak/echo HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /api/../posts HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nHost: a.example\r\nX: " + b"y" * 60000))
    async with world.connect() as connection:
        with contextlib.suppress(ConnectionError):
            await connection.send(garbage)
            connection.writer.write_eof()
            answer = await connection.reader.read(65536)
            if answer and not answer.startswith(b"HTTP/1.1 4") and not answer.startswith(b"HTTP/1.1 505"):
                raise Failure(f"garbage was answered with {answer[:80]!r}")


async def pipeline(world):
    numbers = [world.random.randint(0, 10**9) for _ in range(world.random.randint(2, 20))]
    async with world.connect() as connection:
        await connection.send(b"".join(request(f"GET /soak/number/{number}") for number in numbers))
        for number in numbers:
            status, _, body = await connection.answer()
            expect((status, body), (200, str(number).encode()), "a pipelined request")


async def upgrade(world):
    async with world.connect() as connection:
        status, _, _ = await connection.ask("GET /soak/tunnel", "Connection: upgrade\r\nUpgrade: echo\r\n")
        expect(status, 101, "an upgrade")
        for _ in range(world.random.randint(1, 5)):
            piece = pattern(world.random.randint(1, 30000))
            await connection.send(piece)
            expect(await connection.reader.readexactly(len(piece)), piece, "what came through the tunnel")
        if world.random.random() < 0.5:
            await connection.send(b"bye")
            expect(await connection.reader.read(), b"", "the tunnel's end")


async def read_events(world):
    async with world.connect() as connection:
        status, _, body = await connection.ask("GET /soak/events")
        expect((status, body), (200, b"data: 0\n\ndata: 1\n\ndata: 2\n\n"), "events")


async def ask_the_bad(world):
    """A service that says nothing, half of it, or nonsense."""
    habit = world.random.choice(("silent", "half", "nonsense"))
    async with world.connect() as connection:
        try:
            status, _, _ = await connection.ask(f"GET /soak/{habit}")
        except Broken:
            expect(habit, "half", "a broken message comes from")
        else:
            expect(status, 502, f"a service that is {habit}")


async def ask_the_dying(world):
    """A service that is killed again and again: an answer, a refusal, or a message that is seen to be broken."""
    async with world.connect() as connection:
        with contextlib.suppress(Broken):
            status, _, body = await connection.ask("GET /dying/bytes/200000")
            if status == 200:
                expect(len(body), 200000, "bytes of a service that died")
            elif status not in (502, 503):
                raise Failure(f"a service that dies: {status}")


ACTIONS = {
    read_posts: 20, ask_many_things: 8, log_in: 1, log_in_wrongly: 1, read_users: 20, send_body: 10, send_too_much: 2,
    read_large: 6, read_slowly: 2, break_off: 8, send_garbage: 6, pipeline: 8, upgrade: 5, read_events: 4,
    ask_the_bad: 4, ask_the_dying: 6,
}
