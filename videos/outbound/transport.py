"""The only dialler: resolves once, judges every answer, connects to a judged address, and ends in time.

httpcore's pool is used bare. All that httpx.Client would add is unwanted here: proxies of the environment, cookies,
redirects, decompression, and the URL in the log.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from videos.outbound.addresses import IPAddress
from videos.outbound.allowlist import AllowList
from videos.outbound.errors import Unreachable
from videos.outbound.policy import judge_address, judge_host

CONNECT_SECONDS = 5.0
PIECE_BYTES = 4096
BROKEN = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)

# Host and port to literal addresses; OSError if there are none.
Resolver = Callable[[str, int], Iterable[str]]


def system_resolver(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@cache
def tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class Deadline:
    """For all of a call: a timeout for each read would let a server drip for ever."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unreachable("out of time")
        return left if most is None else min(left, most)


class TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # A piece at a time, each with what time is left.
        for start in range(0, len(buffer), PIECE_BYTES):
            self._stream.write(buffer[start : start + PIECE_BYTES], self._deadline.left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


class Guard(httpcore.NetworkBackend):
    """Only what is dialled changes: TLS and the Host header keep the name."""

    def __init__(
        self,
        *,
        allowed: AllowList,
        deadline: Deadline,
        resolve: Resolver = system_resolver,
        dialler: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._resolve = resolve
        self._dialler = dialler or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        judge_host(host, port, self._allowed)
        addresses = self._addresses(host, port)
        # All of them, before one is dialled: a name that is partly inside is no mistake.
        for address in addresses:
            judge_address(host, address, port, self._allowed)
        return TimedStream(self._dial(addresses, port, timeout), self._deadline)

    def _addresses(self, host: str, port: int) -> list[IPAddress]:
        """In a thread of its own, since the system's resolver knows no timeout."""
        answers: queue.SimpleQueue[list[IPAddress] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put([ip_address(text) for text in dict.fromkeys(self._resolve(host, port))])
            except Exception as error:  # whatever it is, the caller must not wait for it
                answers.put(error)

        threading.Thread(target=ask, name="outbound-resolver", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left(CONNECT_SECONDS))
        except queue.Empty as error:
            raise Unreachable(f"{host} did not resolve in time") from error
        if isinstance(answer, Exception):
            raise Unreachable(f"{host} does not resolve") from answer
        if not answer:
            raise Unreachable(f"{host} has no address")
        return answer

    def _dial(self, addresses: list[IPAddress], port: int, timeout: float | None) -> httpcore.NetworkStream:
        for address in addresses:
            try:
                stream = self._dialler.connect_tcp(str(address), port, self._deadline.left(timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            if ip_address(stream.get_extra_info("server_addr")[0]) == address:
                return stream
            stream.close()
            raise Unreachable(f"another peer than {address} answers")
        raise Unreachable("no connection")


@contextmanager
def exchange(
    method: str, url: httpx.URL, *, guard: Guard, headers: Mapping[str, str], body: bytes | None = None
) -> Iterator[httpcore.Response]:
    """One request on a connection of its own; the answer's body is there to be read, as it was sent."""
    sent = httpx.Headers({"User-Agent": "Studio"})
    sent.update(headers)
    sent.update({"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity", "Connection": "close"})
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    extensions = {"timeout": {"connect": CONNECT_SECONDS}}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls(), network_backend=guard, max_connections=1) as pool,
            pool.stream(method, target, headers=sent.raw, content=body, extensions=extensions) as answer,
        ):
            yield answer
    except BROKEN as error:
        raise Unreachable(type(error).__name__) from error


def read_at_most(answer: httpcore.Response, limit: int) -> bytes:
    """Not much more than `limit` is ever in memory."""
    body = bytearray()
    for chunk in answer.iter_stream():
        body += chunk
        if len(body) >= limit:
            break
    return bytes(body[:limit])
