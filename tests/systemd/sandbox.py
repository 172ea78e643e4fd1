"""Run a program under the kernel rules of a systemd unit, without systemd being there to do it.

What systemd would install as seccomp filters is installed here from the unit's own lines: ``SystemCallFilter=``,
``MemoryDenyWriteExecute=`` and ``RestrictAddressFamilies=``. Run as a script:
``python sandbox.py UNIT PROGRAM ARGUMENTS...``. Mounts, users and limits are not imitated.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LIBRARY = "libseccomp.so.2"

_ALLOW = 0x7FFF0000
_EQUAL, _MASKED_EQUAL = 4, 7
_WRITE, _EXEC, _SHM_EXEC = 2, 4, 0o100000
_FAMILIES = 46
"""Address families that Linux knows (AF_MAX of linux/socket.h)."""


class _Compare(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_uint), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def settings(unit: Path, key: str) -> list[str]:
    """Return the values of a key of a unit file, in order."""
    lines = unit.read_text("utf-8").splitlines()
    return [line.partition("=")[2].strip() for line in lines if line.startswith(f"{key}=")]


@cache
def members(name: str) -> frozenset[str]:
    """Return the system calls of a set such as ``@system-service``, sets within it resolved, as systemd has them."""
    if not name.startswith("@"):
        return frozenset({name})
    command = ["systemd-analyze", "--no-pager", "syscall-filter", name]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = [line.strip() for line in shown.splitlines()[1:]]
    return frozenset().union(*(members(word) for word in words if word and not word.startswith("#")))


def permitted(unit: Path) -> frozenset[str]:
    """Return the system calls that the unit's filter leaves."""
    calls = members("@default")
    for value in settings(unit, "SystemCallFilter"):
        named = frozenset().union(*(members(word) for word in value.removeprefix("~").split()))
        calls = calls - named if value.startswith("~") else calls | named
    return calls


class _Filter:
    """One seccomp filter of libseccomp."""

    def __init__(self, default: int) -> None:
        self._lib = ctypes.CDLL(LIBRARY)
        self._lib.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.seccomp_init(ctypes.c_uint32(default)))

    def add(self, action: int, call: str, *compare: _Compare) -> None:
        """Add a rule; a system call that this architecture does not have is left out, as systemd does."""
        number = self._lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return
        array = (_Compare * len(compare))(*compare)
        status = self._lib.seccomp_rule_add_array(self._context, ctypes.c_uint32(action), number, len(compare), array)
        if status:
            raise OSError(-status, f"seccomp rule for {call}")

    def load(self) -> None:
        """Put the filter in force for this process and those that it starts."""
        if status := self._lib.seccomp_load(self._context):
            raise OSError(-status, "seccomp_load")


def _refuse(number: int) -> int:
    return 0x00050000 | number


def _forbidden_families(unit: Path) -> Iterator[int]:
    named = {
        int(getattr(socket, word)) for value in settings(unit, "RestrictAddressFamilies") for word in value.split()
    }
    return (family for family in range(_FAMILIES) if family not in named)


def confine(unit: Path) -> None:
    """Put this process under the unit's rules, for good."""
    arguments = _Filter(_ALLOW)
    if settings(unit, "MemoryDenyWriteExecute") == ["yes"]:
        arguments.add(_refuse(errno.EPERM), "mmap", _Compare(2, _MASKED_EQUAL, _WRITE | _EXEC, _WRITE | _EXEC))
        for call in ("mprotect", "pkey_mprotect"):
            arguments.add(_refuse(errno.EPERM), call, _Compare(2, _MASKED_EQUAL, _EXEC, _EXEC))
        arguments.add(_refuse(errno.EPERM), "shmat", _Compare(2, _MASKED_EQUAL, _SHM_EXEC, _SHM_EXEC))
    for family in _forbidden_families(unit):
        arguments.add(_refuse(errno.EAFNOSUPPORT), "socket", _Compare(0, _EQUAL, family, 0))
    calls = _Filter(_refuse(errno.EPERM))
    for call in permitted(unit):
        calls.add(_ALLOW, call)
    arguments.load()
    calls.load()


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
