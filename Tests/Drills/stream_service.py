#!/usr/bin/env python3
"""A service whose answer does not end: an event each 20 ms, numbered, over the Unix socket that is named."""
import os
import socket
import sys
import threading
import time


def serve(client):
    with client, client.makefile("rb") as text:
        while text.readline().strip():
            pass
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        number = 0
        while True:
            event = b"data: %d\n\n" % number
            client.sendall(b"%x\r\n%s\r\n" % (len(event), event))
            number += 1
            time.sleep(0.02)


def guarded(client):
    try:
        serve(client)
    except OSError:
        pass   # the client has left


listener = socket.socket(socket.AF_UNIX)
path = sys.argv[1]
os.makedirs(os.path.dirname(path), exist_ok=True)
listener.bind(path)
os.chmod(path, 0o666)
listener.listen()
while True:
    threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()
