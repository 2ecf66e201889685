"""OpenStack Swift (proxy, account, container and object server, one replica) as one process that speaks S3.

Runs in .venv-s3 alone. Usage: swift_server.py FOLDER ACCOUNT:USER SECRET
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import eventlet
import eventlet.wsgi
from swift.common import storage_policy, utils, wsgi
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import RingBuilder

STORES = ("account", "container", "object")

SWIFT_CONF = """
[swift-hash]
swift_hash_path_prefix = studio
swift_hash_path_suffix = studio
[storage-policy:0]
name = one
default = yes
"""

STORE_CONF = """
[DEFAULT]
swift_dir = {etc}
devices = {devices}
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
disable_fallocate = true
db_preallocation = off
log_level = ERROR
[pipeline:main]
pipeline = {store}-server
[app:{store}-server]
use = egg:swift#{store}
"""

PROXY_CONF = """
[DEFAULT]
swift_dir = {etc}
bind_ip = 127.0.0.1
bind_port = {port}
log_level = ERROR
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
paste.filter_factory = __main__:cache_factory
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
[filter:slo]
use = egg:swift#slo
"""


class Cache:
    """What Swift asks of memcached, in a dictionary: tempauth insists on one."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Any, float]] = {}

    def get(self, key: str, **_options: Any) -> Any:
        value, until = self._entries.get(key, (None, 0.0))
        return value if until > monotonic() else None

    def set(self, key: str, value: Any, time: float = 0, **_options: Any) -> None:
        self._entries[key] = (value, monotonic() + time if time else float("inf"))

    def delete(self, key: str, **_options: Any) -> None:
        self._entries.pop(key, None)


def cache_factory(_global_conf: dict[str, str], **_local_conf: str) -> Callable[[Any], Any]:
    cache = Cache()

    def with_cache(app: Any) -> Any:
        def serve(env: dict[str, Any], start_response: Any) -> Any:
            env["swift.cache"] = cache
            return app(env, start_response)

        return serve

    return with_cache


def listen() -> Any:
    sock = eventlet.listen(("127.0.0.1", 0), backlog=512, reuse_port=False)
    # Accepted connections inherit it; without it each small answer waits some 40 ms for an acknowledgement.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def configure(folder: Path, ports: dict[str, int], key: str, secret: str) -> Path:
    etc, devices = folder / "etc", folder / "devices"
    etc.mkdir()
    (devices / "one" / "tmp").mkdir(parents=True)
    account, _, user = key.partition(":")
    (etc / "swift.conf").write_text(SWIFT_CONF)
    for store in STORES:
        text = STORE_CONF.format(etc=etc, devices=devices, store=store, port=ports[store])
        (etc / f"{store}-server.conf").write_text(text)
    text = PROXY_CONF.format(etc=etc, port=ports["proxy"], account=account, user=user, secret=secret)
    (etc / "proxy-server.conf").write_text(text)
    return etc


def build_ring(etc: Path, store: str, port: int) -> None:
    """Write the map that says where a store's parts are: all on the one device of the one server."""
    address = {"ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port}
    ring = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
    ring.add_dev({"id": 0, "region": 1, "zone": 1, "device": "one", "weight": 1, "meta": "", **address})
    ring.rebalance()
    ring.get_ring().save(str(etc / f"{store}.ring.gz"))


def serve(etc: Path, name: str, sock: Any) -> Any:
    app = wsgi.loadapp(str(etc / f"{name}-server.conf"), global_conf={"log_name": name})
    return eventlet.spawn(
        eventlet.wsgi.server,
        sock,
        app,
        log=logging.getLogger("access"),
        log_output=False,
        protocol=SwiftHttpProtocol,
        capitalize_response_headers=False,
        socket_timeout=60,
    )


def main(folder: str, key: str, secret: str) -> None:
    utils.monkey_patch()
    socks = {name: listen() for name in (*STORES, "proxy")}
    ports = {name: sock.getsockname()[1] for name, sock in socks.items()}
    etc = configure(Path(folder), ports, key, secret)
    utils.set_swift_dir(str(etc))
    storage_policy.reload_storage_policies()
    for store in STORES:
        build_ring(etc, store, ports[store])
    servers = [serve(etc, name, sock) for name, sock in socks.items()]
    sys.stdout.write(f"ready on port {ports['proxy']}\n")
    sys.stdout.flush()
    for server in servers:
        server.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
