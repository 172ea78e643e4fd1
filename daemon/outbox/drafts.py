"""The message that is put into the owner's Drafts, ready to be sent by them."""

from __future__ import annotations

import re

from daemon.claims.claim import Claim, Draft
from daemon.outbox.ids import message_id
from daemon.outbox.message import Unaddressable, address, new_message, set_text
from daemon.settings import Owner

_THREAD_ID = re.compile(r"<[!-;=?-~]+>")


def draft_message(draft: Draft, claim: Claim, owner: Owner, revision: int) -> bytes:
    """Return a draft as a message (RFC 5322), always the same for the same revision.

    Its Date is that of the draft's making; a mail program sets another when it is sent. Raises ``Unaddressable`` when
    the draft has no address to go to.
    """
    if not draft.to:
        raise Unaddressable(f"{claim.ref}: the draft goes by {draft.channel}, not by mail")
    message = new_message(
        message_id=message_id(claim.ref, draft.stage, "draft", revision, owner),
        at=draft.created_at,
        subject=draft.subject,
        sender=address(owner.addresses[0], owner.name),
        to=address(draft.to),
    )
    if thread := _THREAD_ID.search(draft.in_reply_to or ""):
        message["In-Reply-To"] = thread.group()
        message["References"] = thread.group()
    set_text(message, draft.body)
    return message.as_bytes()
