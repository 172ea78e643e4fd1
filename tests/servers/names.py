"""A name server on this machine, for tests that need one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from daemon.keys import Dns


@dataclass
class NameServer:
    """A name server on loopback with the records given; a name without one does not exist."""

    records: dict[str, str]
    silent: bool = False
    failing: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self) -> Iterator[Dns]:
        """Answer until the end of the block; give what asks this server."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(door,))
            thread.start()
            try:
                yield Dns(["127.0.0.1"], self.port)
            finally:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                    last.sendto(b"end", ("127.0.0.1", self.port))
                thread.join()

    def _serve(self, door: socket.socket) -> None:
        while (got := door.recvfrom(4_096))[0] != b"end":
            question = dns.message.from_wire(got[0])
            name = question.question[0].name.to_text(omit_final_dot=True)
            self.asked.append(name)
            if not self.silent:
                door.sendto(self._answer(question, name).to_wire(), got[1])

    def _answer(self, question: dns.message.Message, name: str) -> dns.message.Message:
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif record := self.records.get(name):
            parts = " ".join(f'"{record[at : at + 200]}"' for at in range(0, len(record), 200))
            answer.answer.append(dns.rrset.from_text(f"{name}.", 600, "IN", "TXT", parts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
