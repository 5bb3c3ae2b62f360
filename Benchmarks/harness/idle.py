"""Resident memory of a keep-alive connection that waits."""
import http.client
import socket
import time

from .costs import say
from .machine import resident_bytes

PER_ADDRESS = 1000


def _open(port, count):
    """Connections that were answered once; from several addresses, since a client may have only so many."""
    request = f"GET /api/posts HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    connections = []
    for index in range(count):
        source = (f"127.0.0.{2 + index // PER_ADDRESS}", 0)
        connection = socket.create_connection(("127.0.0.1", port), 5, source_address=source)
        connections.append(connection)
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        if answer.status != 200 or len(answer.read()) != 300:
            raise OSError(f"connection {index} was answered with {answer.status}")
    return connections


def measure(stage, name, count):
    """Bytes a connection, above the process before the first; or the reason why there is no figure."""
    peer, port = stage.peers[name], stage.ports[name]
    before = resident_bytes(peer.pids())
    connections = []
    try:
        connections = _open(port, count)
        time.sleep(1)   # what is kept for a moment after an answer may go
        for connection in connections:
            connection.setblocking(False)
            try:
                if connection.recv(1) == b"":
                    return "closes connections that wait"
            except BlockingIOError:
                pass
        figure = (resident_bytes(peer.pids()) - before) / count
        say(f"{name}: {figure:.0f} bytes a connection of {count}, {before / 1024:.0f} KiB without")
        return figure
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        for connection in connections:
            connection.close()
