"""Raw mails become letters: decoded, forwards unwrapped, the sender weighed, the owner's note found.

raw → decode → forward (attached, inline) → sender (trust) → note → Letter
"""

from daemon.intake.decode import UnreadableMail
from daemon.intake.opening import open_mail
from daemon.intake.relevance import wanted
from daemon.intake.sender import sender_trust

__all__ = ["UnreadableMail", "open_mail", "sender_trust", "wanted"]
