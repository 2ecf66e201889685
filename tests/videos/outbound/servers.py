"""Real servers for the outbound client: a canary that nobody may reach, and HTTP servers that answer as told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Canary:
    """Counts who connects, and what they say."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._ports: list[int] = []
        self.heard = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                peer, address = self._socket.accept()
                self._ports.append(address[1])
                peer.settimeout(0.2)
                with peer, suppress(OSError):
                    self.heard += peer.recv(65_536)

    def connects(self) -> int:
        """So far, with none on its way: they come one by one, and our own, made last, has come."""
        with socket.create_connection(("127.0.0.1", self.port)) as own:
            port = own.getsockname()[1]
            deadline = time.monotonic() + 5
            while port not in self._ports and time.monotonic() < deadline:
                time.sleep(0.002)
        self._ports.remove(port)
        return len(self._ports)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.requests.append(self)
        self.close_connection = True
        with suppress(OSError):
            self.server.script(self)

    do_POST = do_GET

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say(self, raw: bytes) -> None:
        self.wfile.write(raw)

    def drip(self, head: bytes, drop: bytes = b".") -> None:
        """A byte now and then, until the other side has had enough."""
        self.wfile.write(head)
        for _ in range(400):
            self.wfile.write(drop)
            time.sleep(0.05)

    def log_message(self, *args: Any) -> None:
        """Tests want no access log."""


Script = Callable[[Exchange], None]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # A server that still drips is not waited for.
    block_on_close = False

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.script = script
        self.requests: list[Exchange] = []
        self.address = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.address}"

    def handle_error(self, *args: Any) -> None:
        """Clients hang up on purpose."""


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    with Server(script) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
