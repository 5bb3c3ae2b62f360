"""HTTP/1.1 as a client of the soak speaks it: strict about what comes, and able to misbehave."""
import asyncio
import contextlib
import socket
import struct

PATTERN = bytes(range(256)) * 256


class Failure(Exception):
    """The gateway did what it must not."""


class Broken(Exception):
    """The message ended before its end: right where the service died, else a failure."""


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: expected {wanted!r}, found {found!r}")


class Connection:
    """One connection to the gateway; `async with` closes it."""

    def __init__(self, port):
        self.port = port

    async def __aenter__(self):
        # A small window: a slow reader is felt by the other side at once.
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 16)
        return self

    async def __aexit__(self, *_):
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    def reset(self):
        """Breaks off with RST in place of FIN."""
        connection = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def ask(self, line, fields="", body=b""):
        await self.send(request(line, fields, body))
        return await self.answer(has_body=not line.startswith("HEAD"))

    async def head(self):
        """Status and fields (names in small letters)."""
        try:
            text = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Broken("no whole head") from error
        first, *lines = text[:-4].split("\r\n")
        fields = {}
        for line in lines:
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        for leak in ("server", "x-powered-by", "postern-user", "postern-claims"):
            if leak in fields:
                raise Failure(f"{leak} reached the client: {fields[leak]}")
        return int(first.split(" ")[1]), fields

    async def pieces(self, fields):
        """The body, as it comes."""
        try:
            if fields.get("transfer-encoding") == "chunked":
                while size := int(await self.reader.readuntil(b"\r\n"), 16):
                    yield (await self.reader.readexactly(size + 2))[:-2]
                await self.reader.readuntil(b"\r\n")
                return
            left = int(fields.get("content-length", 0))
            while left:
                piece = await self.reader.read(min(left, 1 << 16))
                if not piece:
                    raise Broken(f"{left} bytes are missing")
                left -= len(piece)
                yield piece
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Broken("no whole body") from error

    async def answer(self, has_body=True):
        status, fields = await self.head()
        while 100 <= status < 200 and status != 101:
            status, fields = await self.head()
        if not has_body or status in (101, 204, 304):
            return status, fields, b""
        return status, fields, b"".join([piece async for piece in self.pieces(fields)])


def request(line, fields="", body=b""):
    return f"{line} HTTP/1.1\r\nHost: api.example\r\n{fields}\r\n".encode() + body


def with_length(line, body):
    return request(line, f"Content-Length: {len(body)}\r\n", body)


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


def pattern(count):
    """So many bytes that tell their place."""
    return (PATTERN * (count // len(PATTERN) + 1))[:count]
