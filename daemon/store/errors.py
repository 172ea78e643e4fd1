"""What can go wrong with the store, one exception class per failure."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used; the message names the file and what to do."""


class StoreUnavailable(StoreError):
    """The store cannot take writes now (full disk, locked database). The intake pauses and tries again."""


class StoreDamaged(StoreError):
    """The database file fails its integrity check."""


class StoreTooNew(StoreError):
    """The database was written by a newer relance."""


class NotInStore(LookupError):
    """Base of the look-ups that found nothing. The message is the key that was looked for."""


class UnknownMail(NotInStore):
    """No mail of this owner has this id."""


class UnknownClaim(NotInStore):
    """No claim has this number, or it is another owner's."""


class UnknownDraft(NotInStore):
    """The claim has no draft for this stage."""


class UnknownWord(NotInStore):
    """No word of an owner has this number."""


class UnknownDecision(NotInStore):
    """No decision has this number."""


class UnknownPlacement(NotInStore):
    """No message with this Message-ID was ever intended."""


class IllegalTransition(ValueError):
    """A draft cannot go from the state it is in to the state that is wanted."""

    def __init__(self, ref: str, stage: str, current: str, wanted: str) -> None:
        super().__init__(f"the draft {stage} of {ref} is {current} and cannot become {wanted}")
        self.ref = ref
        self.stage = stage
        self.current = current
        self.wanted = wanted


class StaleApproval(ValueError):
    """The text that was approved is not the text that the draft has now."""


class IncompleteDraft(ValueError):
    """A draft with facts that are still to be filled in cannot be approved."""


class ReferenceTaken(ValueError):
    """A claim of another owner has this number already."""


class NaiveTime(ValueError):
    """A time without a time zone was given to the store: a programming error."""
