"""relance works under the rules of its unit: system calls, memory, address families."""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import missing, need_program
from tests.systemd import sandbox
from tests.systemd.test_units import SYSTEM

FORBIDDEN = """\
import errno, mmap, os, socket
def refused(number, do):
    try:
        do()
    except OSError as error:
        assert error.errno == number, error
    else:
        raise AssertionError(do)
everything = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
refused(errno.EPERM, lambda: mmap.mmap(-1, 4096, prot=everything))
refused(errno.EAFNOSUPPORT, lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
refused(errno.EPERM, lambda: os.setpriority(os.PRIO_PROCESS, 0, 5))
refused(errno.EPERM, lambda: os.chroot("/"))
"""
NEEDED = """\
import socket, sqlite3, ssl, subprocess, sys, threading
import sqlalchemy, zstandard
from selectolax.lexbor import LexborHTMLParser
path = sys.argv[1]
store = sqlalchemy.create_engine(f"sqlite:///{path}/store.sqlite3")
with store.begin() as connection:
    assert connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one() == "wal"
    connection.exec_driver_sql("CREATE TABLE mail (raw BLOB)")
    raw = zstandard.compress(b"x" * 100_000)
    connection.exec_driver_sql("INSERT INTO mail VALUES (?)", (raw,))
def parse():
    seen.append(LexborHTMLParser("<div>" * 500 + "colis").text().strip())
seen = []
threads = [threading.Thread(target=parse) for _ in range(4)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
assert seen == ["colis"] * 4
ssl.create_default_context()
assert socket.getaddrinfo("localhost", 993, type=socket.SOCK_STREAM)
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
server.close()
assert subprocess.run(["sh", "-c", "echo secret"], capture_output=True, check=True).stdout == b"secret\\n"
"""


def confined(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command under the unit's rules."""
    need_program("systemd-analyze")
    if ctypes.util.find_library("seccomp") is None:
        missing("libseccomp2")
    whole = [sys.executable, sandbox.__file__, str(SYSTEM), *command]
    root = SYSTEM.parents[1]
    return subprocess.run(whole, check=False, capture_output=True, text=True, timeout=150, cwd=root)


def test_the_rules_are_in_force() -> None:
    """Under the unit's rules, writable code, foreign sockets, priorities and chroot are refused."""
    done = confined(sys.executable, "-c", FORBIDDEN)
    assert done.returncode == 0, done.stderr


def test_what_relance_is_made_of_works(tmp_path: Path) -> None:
    """SQLite in WAL mode, lexbor in threads, TLS, names, sockets and a secret's command work under the rules."""
    done = confined(sys.executable, "-W", "error", "-c", NEEDED, str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_whole_service_works() -> None:
    """The demo, which runs the real service on a Maildir and SQLite, tells its story under the rules to the end."""
    done = confined(sys.executable, "-m", "daemon.cli.main", "demo", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().splitlines()[-1].startswith("demo: ")
