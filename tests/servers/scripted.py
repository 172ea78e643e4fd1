"""A small raw IMAP server for faults that no real server can be made to show.

It answers the few commands that relance uses, from a list of mails per folder. A test replaces the answer to a
command by a function of its own, which writes whatever bytes it likes.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Answer = Callable[["Talk", str, str], None]
"""Called with the talk, the command's tag and its arguments; it writes the whole answer."""

CAPABILITIES = "IMAP4rev1 IDLE UIDPLUS SPECIAL-USE AUTH=PLAIN AUTH=XOAUTH2 LITERAL+"


@dataclass
class Talk:
    """One connection, seen from the server."""

    server: ScriptedImap
    sock: socket.socket
    number: int
    """Counted from 1, over all connections."""
    folder: str = ""
    lines: list[str] = field(default_factory=list)

    def send(self, text: str | bytes) -> None:
        """Write bytes as they are; a text is one line or several, CRLF included."""
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def ok(self, tag: str, *untagged: str) -> None:
        """Write untagged lines and a tagged OK."""
        self.send("".join(f"* {line}\r\n" for line in untagged) + f"{tag} OK done\r\n")

    def read_line(self) -> str | None:
        """Read one line of the client; None at its end."""
        data = bytearray()
        while not data.endswith(b"\r\n"):
            byte = self.sock.recv(1)
            if not byte:
                return None
            data += byte
        line = data[:-2].decode("utf-8", "replace")
        self.server.heard.append((self.number, line))
        return line

    def read_literal(self, size: int) -> bytes:
        """Read exactly ``size`` bytes of the client."""
        data = bytearray()
        while len(data) < size:
            part = self.sock.recv(size - len(data))
            if not part:
                raise ConnectionResetError("the client left in the middle of a literal")
            data += part
        return bytes(data)

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self.sock.shutdown(socket.SHUT_RDWR)


class ScriptedImap:
    """Listens on a free port of loopback, in plain text; ``answers`` overrides commands (``"UID FETCH"``)."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.greeting = f"* OK [CAPABILITY {CAPABILITIES}] scripted\r\n"
        self.capabilities = CAPABILITIES
        self.folders: dict[str, list[bytes]] = {"INBOX": []}
        self.answers: dict[str, Answer] = {}
        self.heard: list[tuple[int, str]] = []
        """All lines of all clients, with the number of the connection."""
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._talks: list[Talk] = []
        self._threads: list[threading.Thread] = []
        self.connections = 0

    def start(self) -> None:
        """Begin to accept connections."""
        thread = threading.Thread(target=self._accept, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Close everything and wait for the threads."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self.hang_up()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def hang_up(self) -> None:
        """Close all connections without a word."""
        for talk in self._talks:
            with contextlib.suppress(OSError):
                talk.hang_up()

    def count(self, pattern: str) -> int:
        """Return how many lines of clients match a regular expression."""
        return sum(bool(re.search(pattern, line)) for _, line in list(self.heard))

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            talk = Talk(self, sock, self.connections)
            self._talks.append(talk)
            thread = threading.Thread(target=self._serve, args=(talk,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, talk: Talk) -> None:
        with talk.sock:
            try:
                talk.send(self.greeting)
                while (line := talk.read_line()) is not None:
                    self._answer(talk, line)
            except OSError:
                return

    def _answer(self, talk: Talk, line: str) -> None:
        tag, _, rest = line.partition(" ")
        name, _, arguments = rest.partition(" ")
        name = name.upper()
        if name == "UID":
            second, _, arguments = arguments.partition(" ")
            name = f"UID {second.upper()}"
        answer = self.answers.get(name) or getattr(self, f"_do_{name.lower().replace(' ', '_')}", None)
        if answer is None:
            talk.ok(tag)
        else:
            answer(talk, tag, arguments)

    def _do_capability(self, talk: Talk, tag: str, arguments: str) -> None:
        talk.ok(tag, f"CAPABILITY {self.capabilities}")

    def _do_authenticate(self, talk: Talk, tag: str, arguments: str) -> None:
        talk.send("+ \r\n")
        talk.read_line()
        talk.ok(tag)

    def _do_list(self, talk: Talk, tag: str, arguments: str) -> None:
        talk.ok(tag, *(f'LIST () "/" "{name}"' for name in self.folders))

    def _do_examine(self, talk: Talk, tag: str, arguments: str) -> None:
        talk.folder = arguments.strip('"')
        if talk.folder not in self.folders:
            talk.send(f"{tag} NO [NONEXISTENT] no such folder\r\n")
            return
        count = len(self.folders[talk.folder])
        talk.ok(tag, f"{count} EXISTS", "0 RECENT", "OK [UIDVALIDITY 7] ok", f"OK [UIDNEXT {count + 1}] ok")

    _do_select = _do_examine

    def _do_uid_search(self, talk: Talk, tag: str, arguments: str) -> None:
        mails = self.folders[talk.folder]
        first = re.match(r"UID (\d+):\*", arguments)
        wanted = re.search(r'HEADER Message-ID "?([^"]+)"?', arguments, re.IGNORECASE)
        uids = [n for n, raw in enumerate(mails, 1) if wanted is None or wanted[1].encode() in raw]
        if first:
            # As real servers do: "n:*" past the end is the last message.
            uids = [uid for uid in uids if uid >= int(first[1])] or uids[-1:]
        talk.ok(tag, "SEARCH" + "".join(f" {uid}" for uid in uids))

    def _do_uid_fetch(self, talk: Talk, tag: str, arguments: str) -> None:
        numbers, _, items = arguments.partition(" ")
        mails = self.folders[talk.folder]
        for uid in (int(number) for number in numbers.split(",")):
            if uid > len(mails):
                continue
            raw = mails[uid - 1]
            fields = re.search(r"BODY\.PEEK(\[HEADER\.FIELDS [^\]]*\])", items)
            part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if fields else raw
            name = f"BODY{fields[1]}" if fields else "BODY[]"
            date = '"10-Nov-2026 10:00:00 +0000"'
            talk.send(f"* {uid} FETCH (UID {uid} INTERNALDATE {date} RFC822.SIZE {len(raw)} {name} {{{len(part)}}}\r\n")
            talk.send(part + b")\r\n")
        talk.ok(tag)

    def _do_append(self, talk: Talk, tag: str, arguments: str) -> None:
        size = re.search(r"\{(\d+)(\+?)\}$", arguments)
        assert size is not None
        if not size[2]:
            talk.send("+ go on\r\n")
        raw = talk.read_literal(int(size[1]))
        talk.read_line()
        folder = self.folders[arguments.split(maxsplit=1)[0].strip('"')]
        folder.append(raw)
        talk.send(f"{tag} OK [APPENDUID 7 {len(folder)}] done\r\n")

    def _do_idle(self, talk: Talk, tag: str, arguments: str) -> None:
        talk.send("+ idling\r\n")
        talk.read_line()
        talk.ok(tag)
