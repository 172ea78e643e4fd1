"""The owner's own words about an order, given on the command line: facts beside the mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from daemon.store.engine import Database
from daemon.store.errors import UnknownWord
from daemon.store.schema import words
from parsers.notice import Notice

SOURCE = "report:"
"""What the source of a notice made of words begins with; the number of the word follows."""


class Words:
    """``store.words``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, owner: str, notice: Notice, now: datetime) -> int:
        """Write down a word of the owner; return its number. Its source becomes ``report:N`` when it is read.

        Raises ``ValueError`` for a notice that names no order.
        """
        if notice.order_id is None:
            raise ValueError("a word of the owner must name its order")
        told = insert(words).values(
            owner=owner, order_id=notice.order_id, told_at=now, withdrawn=0, payload=notice.model_dump_json()
        )
        with self._database.write() as connection:
            number: int = connection.execute(told.returning(words.c.id)).scalar_one()
            return number

    def of_order(self, owner: str, order_id: str) -> list[Notice]:
        """Return the words about an order that were not withdrawn, in the order in which they were given."""
        wanted = select(words.c.id, words.c.payload).where(
            words.c.owner == owner, words.c.order_id == order_id, words.c.withdrawn == 0
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(words.c.id)).all()
        return [
            Notice.model_validate_json(row.payload).model_copy(update={"source": f"{SOURCE}{row.id}"}) for row in rows
        ]

    def withdraw(self, word: int) -> None:
        """Let a word count no longer; it stays written. Raises ``UnknownWord``."""
        self._mark(word, withdrawn=1)

    def restore(self, word: int) -> None:
        """Let a withdrawn word count again. Raises ``UnknownWord``."""
        self._mark(word, withdrawn=0)

    def _mark(self, word: int, *, withdrawn: int) -> None:
        with self._database.write() as connection:
            marked = connection.execute(update(words).where(words.c.id == word).values(withdrawn=withdrawn))
            if marked.rowcount != 1:
                raise UnknownWord(str(word))
