#!/usr/bin/env python3
"""A service with every habit, good and bad: upstream.py SOCKET. It listens until it is killed."""
import asyncio
import contextlib
import os
import sys

from messages import chunk, pattern

FIELDS = b"Server: soak/1.0\r\nX-Powered-By: patience\r\n"


def whole(body):
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (FIELDS, len(body), body)


async def read_body(reader, fields):
    if b"transfer-encoding" not in fields:
        return await reader.readexactly(int(fields.get(b"content-length", 0)))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body


async def events(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for number in range(3):
        writer.write(chunk(b"data: %d\n\n" % number))
        await writer.drain()
        await asyncio.sleep(0.02)
    writer.write(chunk(b""))


async def tunnel(reader, writer):
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
    while piece := await reader.read(65536):
        if piece.endswith(b"bye"):
            return
        writer.write(piece)
        await writer.drain()


async def respond(name, argument, body, reader, writer):
    """Whether the connection can be used again."""
    if name == b"echo":
        writer.write(whole(body))
    elif name == b"chunks":
        writer.write(b"HTTP/1.1 200 OK\r\n%bTransfer-Encoding: chunked\r\n\r\n" % FIELDS)
        for start in range(0, len(body), 5000):
            writer.write(chunk(body[start:start + 5000]))
        writer.write(chunk(b""))
    elif name == b"bytes":
        writer.write(whole(pattern(int(argument))))
    elif name == b"number":
        writer.write(whole(argument))
    elif name == b"events":
        await events(writer)
    elif name == b"tunnel":
        await tunnel(reader, writer)
        return False
    elif name == b"silent":
        return False
    elif name == b"half":
        writer.write(whole(pattern(100000))[:50000])
        await writer.drain()
        return False
    elif name == b"nonsense":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")
        return False
    await writer.drain()
    return True


async def serve(reader, writer):
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head[:-4].split(b"\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in lines)
            _, _, name, argument = (first.split(b" ")[1] + b"/").split(b"/")[:4]
            if not await respond(name, argument, await read_body(reader, fields), reader, writer):
                break
    writer.close()


async def main(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    server = await asyncio.start_unix_server(serve, path, limit=1 << 20)
    await server.serve_forever()


asyncio.run(main(sys.argv[1]))
