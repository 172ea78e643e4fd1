"""Notices and orders: what was drawn from the mails, and can be drawn from them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Select, delete, func, select, tuple_, union
from sqlalchemy.dialects.sqlite import insert

from daemon.orders.order import Order
from daemon.store.engine import Database
from daemon.store.schema import claims, notice_tracking, notices, orders, words
from parsers.notice import Notice


class Views:
    """``store.views``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def notices(self, owner: str, order_id: str) -> list[Notice]:
        """Return what mails said of an order by its number, oldest first."""
        return self._notices(_notices(owner).where(notices.c.order_id == order_id))

    def loose(self, owner: str) -> list[Notice]:
        """Return the notices that name no order (carriers' mails), oldest first."""
        return self._notices(_notices(owner).where(notices.c.order_id.is_(None)))

    def by_tracking(self, owner: str, numbers: Iterable[str]) -> list[Notice]:
        """Return the notices, with or without an order, that bear one of these tracking numbers, oldest first."""
        bearing = select(notice_tracking.c.mail_id, notice_tracking.c.position).where(
            notice_tracking.c.owner == owner, notice_tracking.c.number.in_(list(numbers))
        )
        return self._notices(_notices(owner).where(tuple_(notices.c.mail_id, notices.c.position).in_(bearing)))

    def orders_of_mail(self, owner: str, mail_id: str) -> set[str]:
        """Return the numbers of the orders that a mail named."""
        wanted = select(notices.c.order_id).where(
            notices.c.owner == owner, notices.c.mail_id == mail_id, notices.c.order_id.is_not(None)
        )
        with self._database.read() as connection:
            return {order_id for order_id in connection.execute(wanted).scalars() if order_id is not None}

    def order_ids(self, owner: str) -> list[str]:
        """Return the number of every order of which there is a notice, a word, a claim or a view, sorted."""
        everywhere = union(*(select(table.c.order_id).where(table.c.owner == owner) for table in _NAMING))
        with self._database.read() as connection:
            return sorted(filter(None, connection.execute(everywhere).scalars()))

    def save_order(self, owner: str, order: Order, reconsider_at: datetime | None) -> None:
        """Put this view of an order in place of the one before; look again at ``reconsider_at`` if no mail comes."""
        saved = insert(orders).values(
            owner=owner,
            order_id=order.order_id,
            reconsider_at=reconsider_at,
            payload=order.model_dump_json(exclude_defaults=True),
        )
        newest = {"reconsider_at": saved.excluded.reconsider_at, "payload": saved.excluded.payload}
        with self._database.write() as connection:
            connection.execute(saved.on_conflict_do_update(index_elements=["owner", "order_id"], set_=newest))

    def touch(self, owner: str, order_ids: Iterable[str], now: datetime) -> None:
        """Let these orders be looked at again from ``now`` on; one of which there is no view yet gets an empty one."""
        with self._database.write() as connection:
            for order_id in order_ids:
                empty = Order(order_id=order_id).model_dump_json(exclude_defaults=True)
                row = insert(orders).values(owner=owner, order_id=order_id, reconsider_at=now, payload=empty)
                again = row.on_conflict_do_update(index_elements=["owner", "order_id"], set_={"reconsider_at": now})
                connection.execute(again)

    def order(self, owner: str, order_id: str) -> Order | None:
        """Return the view of an order, None when there is none."""
        wanted = select(orders.c.payload).where(orders.c.owner == owner, orders.c.order_id == order_id)
        with self._database.read() as connection:
            payload = connection.execute(wanted).scalar_one_or_none()
        return None if payload is None else Order.model_validate_json(payload)

    def orders(self, owner: str | None = None) -> list[tuple[str, Order]]:
        """Return (owner, order) of all orders, by owner and number."""
        wanted = select(orders.c.owner, orders.c.payload).order_by(orders.c.owner, orders.c.order_id)
        if owner is not None:
            wanted = wanted.where(orders.c.owner == owner)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return [(row.owner, Order.model_validate_json(row.payload)) for row in rows]

    def drop_order(self, owner: str, order_id: str) -> None:
        """Forget the view of an order; its notices stay."""
        with self._database.write() as connection:
            connection.execute(delete(orders).where(orders.c.owner == owner, orders.c.order_id == order_id))

    def to_reconsider(self, now: datetime) -> list[tuple[str, str]]:
        """Return (owner, order number) of the orders whose ``reconsider_at`` has come, longest due first."""
        wanted = select(orders.c.owner, orders.c.order_id).where(orders.c.reconsider_at <= now)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(orders.c.reconsider_at)).all()
        return [(row.owner, row.order_id) for row in rows]

    def next_reconsideration(self) -> datetime | None:
        """Return when an order must be looked at again if no mail comes (aware, UTC); None for never."""
        with self._database.read() as connection:
            return connection.execute(select(func.min(orders.c.reconsider_at))).scalar_one_or_none()

    def _notices(self, wanted: Select[str]) -> list[Notice]:
        with self._database.read() as connection:
            return _read(connection, wanted)


_NAMING = (notices, words, claims, orders)


def _notices(owner: str) -> Select[str]:
    return (
        select(notices.c.payload)
        .where(notices.c.owner == owner)
        .order_by(notices.c.at, notices.c.mail_id, notices.c.position)
    )


def _read(connection: Connection, wanted: Select[str]) -> list[Notice]:
    return [Notice.model_validate_json(payload) for payload in connection.execute(wanted).scalars()]
