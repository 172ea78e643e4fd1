"""The keys that signatures were verified with: senders withdraw them, and a mail must stay as proven as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from daemon.store.engine import Database
from daemon.store.schema import dkim_keys


class Keys:
    """``store.keys``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, found: Mapping[str, str], now: datetime) -> None:
        """Write down the records that DNS has now, by name. Those that stood there before are kept."""
        if not found:
            return
        rows = [{"name": name, "record": text, "first_at": now, "seen_at": now} for name, text in found.items()]
        given = insert(dkim_keys).values(rows)
        again = given.on_conflict_do_update(index_elements=["name", "record"], set_={"seen_at": given.excluded.seen_at})
        with self._database.write() as connection:
            connection.execute(again)

    def since(self, names: Collection[str], arrived_at: datetime, within: timedelta = timedelta.max) -> dict[str, str]:
        """Return the records that DNS still had when a mail had arrived, by name; of several the first one.

        A key that was withdrawn before proves nothing: whoever has it by then may not be its owner. ``within`` leaves
        out those that were not seen before so long after the mail had arrived.
        """
        wanted = select(dkim_keys.c.name, dkim_keys.c.record).where(
            dkim_keys.c.name.in_(list(names)), dkim_keys.c.seen_at >= arrived_at
        )
        if within != timedelta.max:
            wanted = wanted.where(dkim_keys.c.first_at <= arrived_at + within)
        newest_first = wanted.order_by(dkim_keys.c.first_at.desc())
        with self._database.read() as connection:
            return {row.name: row.record for row in connection.execute(newest_first)}
