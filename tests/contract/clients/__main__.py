"""Installs the SDKs: `python -m tests.contract.clients`. Quick the second time; needs the standard library only."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.contract.clients import CLIENTS, HERE, Client

NODE_PINS = HERE / "node.txt"
NPM = ("npm", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--no-save")


def main() -> int:
    missing = [client for client in CLIENTS if not up_to_date(client)]
    for client in missing:
        say(f"Installing the SDK {client}; this happens once.")
        if client.language == "node" and not shutil.which("npm"):
            say("no npm, and no root to install it: the Node SDKs are skipped")
            return 0
        shutil.rmtree(client.home, ignore_errors=True)
        (install_python if client.language == "python" else install_node)(client)
        (client.home / ".done").write_text(pin(client))
    return 0


def say(words: str) -> None:
    sys.stderr.write(words + "\n")


def up_to_date(client: Client) -> bool:
    done = client.home / ".done"
    return done.exists() and done.read_text() == pin(client)


def pin(client: Client) -> str:
    if client.language == "python":
        return (HERE / f"{client}.txt").read_text()
    pins = dict(line.split() for line in NODE_PINS.read_text().splitlines() if not line.startswith("#"))
    return pins[f"openai@{client.version}"]


def install_python(client: Client) -> None:
    venv.create(client.home, with_pip=True, symlinks=True)
    pip = [str(client.home / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(HERE / f"{client}.txt")], check=True)


def install_node(client: Client) -> None:
    """Fetch the package, compare it with its pin, and only then unpack it; the SDK depends on nothing else."""
    client.home.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*NPM, "pack", f"openai@{client.version}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (package,) = Path(folder).glob("*.tgz")
        found = "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if found != pin(client):
            raise SystemExit(f"{client}: the package is {found}, pinned is {pin(client)}")
        command = [*NPM, "install", "--offline", "--prefix", str(client.home), str(package)]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
