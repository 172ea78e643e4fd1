"""What can go wrong with the store, one exception class per failure."""


class StoreError(Exception):
    """The store cannot be used; the message names the file and what to do."""


class StoreUnavailable(StoreError):
    """The store cannot take writes now: the disk is full or the database is locked. The intake pauses and tries again."""


class StoreDamaged(StoreError):
    """The database file fails its integrity check."""


class StoreTooNew(StoreError):
    """The database was written by a newer relance."""
