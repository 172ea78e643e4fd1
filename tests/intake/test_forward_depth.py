"""Forwards of forwards, threads inside forwards, and lists' footers: which mail of several is the one that matters."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from daemon.intake import open_mail
from parsers.letter import Letter

ARRIVED = datetime(2026, 9, 5, 6, 12, 30, tzinfo=UTC)
OWNER, SECOND = "robin@example.net", "robin.atelier@example.net"
SHOP = "order-update@amazon.fr"


def gmail(sender: str, subject: str, body: str) -> str:
    """Return Gmail's forward of a mail."""
    head = "---------- Forwarded message ---------"
    return (
        f"{head}\nDe : {sender}\nDate: ven. 4 sept. 2026 à 15:47\nSubject: {subject}\nTo: <lou@example.net>\n\n\n{body}"
    )


def outlook(sender: str, subject: str, body: str) -> str:
    """Return Outlook's forward, or quotation, of a mail."""
    sent = "Envoyé : vendredi 4 septembre 2026 15:47"
    return f"De : {sender}\n{sent}\nÀ : Lou <lou@example.net>\nObjet : {subject}\n\n{body}"


def apple(sender: str, subject: str, body: str) -> str:
    """Return Apple Mail's forward of a mail."""
    head = f"Début du message transféré :\n\nDe: {sender}\nObjet: {subject}\nDate: 4 septembre 2026 à 15:47:21 UTC+2"
    whole = f"{head}\nÀ: lou@example.net\n\n{body}"
    return "\n".join(f"> {line}".rstrip() for line in whole.split("\n"))


def opened(subject: str, body: str, **head: str) -> Letter:
    """Return the letter of a mail that the owner wrote."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = OWNER, "suivi@example.org", subject
    for name, value in head.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    (letter,) = open_mail(bytes(mail), received_at=ARRIVED, owner_addresses=(OWNER, SECOND))
    return letter


PROGRAMS = [gmail, outlook, apple]


@pytest.mark.parametrize("outer", PROGRAMS)
@pytest.mark.parametrize("inner", PROGRAMS)
def test_a_forward_of_a_forward_gives_the_innermost(outer: type, inner: type) -> None:
    """Shows that of two forwards by any two programs the mail that was forwarded first comes out."""
    deep = inner("Nadia <nadia@atelier.example>", "Votre meuble", "Il est parti.")
    letter = opened(
        "TR: Fwd: Votre meuble", "Vu ?\n\n" + outer("Lou <lou@example.net>", "Fwd: Votre meuble", f"Regarde.\n\n{deep}")
    )
    assert (letter.sender, letter.subject, letter.text.strip()) == (
        "nadia@atelier.example",
        "Votre meuble",
        "Il est parti.",
    )
    assert letter.note == "Vu ?"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_thread_inside_a_forward_belongs_to_its_mail(program: type) -> None:
    """Shows that what the forwarded mail itself quotes stays in its body: its subject says that it forwards nothing."""
    old = program("Lou <lou@example.net>", "Question", "Où est-il ?")
    letter = opened(
        "Fwd: Votre meuble", program("Nadia <nadia@atelier.example>", "Votre meuble", f"Il est parti.\n\n{old}")
    )
    assert (letter.sender, letter.subject) == ("nadia@atelier.example", "Votre meuble")
    assert "Où est-il ?" in letter.text


def test_an_answer_inside_a_forward_is_the_answers() -> None:
    """Shows that a forwarded answer is its writer's mail, even where it quotes an order mail."""
    answer = outlook("Lou <lou@example.net>", "RE: Livré", f"Je l'ai.\n\n{outlook(SHOP, 'Livré', 'Livré hier.')}")
    letter = opened("Fwd: RE: Livré", answer)
    assert (letter.sender, letter.subject) == ("lou@example.net", "RE: Livré")


def test_an_order_mail_comes_out_however_deep() -> None:
    """Shows that an order mail is found below mails whose subjects do not say that they forward it."""
    body = gmail(
        "Lou <lou@example.net>", "pour toi", f"c'est ça ?\n\n{outlook(f'Amazon.fr <{SHOP}>', 'Livré', 'Livré hier.')}"
    )
    letter = opened("Fwd: pour toi", body)
    assert (letter.sender, letter.subject, letter.text.strip()) == (SHOP, "Livré", "Livré hier.")


def test_the_owners_words_in_between_are_a_note() -> None:
    """Shows that what the owner wrote at another of their addresses counts, and what somebody else wrote does not."""
    deep = outlook(f"Amazon.fr <{SHOP}>", "Livré", "Livré hier.")
    mine = opened("Fwd: Livré", gmail(f"Robin <{SECOND}>", "Fwd: Livré", f"jamais reçu\n\n{deep}"))
    others = opened("Fwd: Livré", gmail("Lou <lou@example.net>", "Fwd: Livré", f"jamais reçu\n\n{deep}"))
    assert (mine.sender, mine.note) == (SHOP, "jamais reçu")
    assert (others.sender, others.note) == (SHOP, None)


def test_hundreds_of_forwards_come_to_an_end() -> None:
    """Shows that nesting without end is followed ten deep, and no further."""
    body = "fin"
    for level in range(300):
        body = gmail(f"Lou <lou{level}@example.net>", "Fwd: x", body)
    letter = opened("Fwd: x", body)
    assert letter.sender == "lou289@example.net"


@pytest.mark.parametrize(
    "footer",
    [
        "_____________________________\nFoyer mailing list -- foyer@example.org\nTo unsubscribe send x",
        '-- \nVous recevez ce message, car vous êtes abonné au groupe "foyer".\nPour vous désabonner, écrivez.',
    ],
)
def test_a_lists_footer_is_not_of_the_inner_mail(footer: str) -> None:
    """Shows that what a mailing list puts below a forward is left out, and a signature in the inner mail is not."""
    inner = gmail("Nadia <nadia@atelier.example>", "Votre meuble", "Il est parti.\n\n-- \nNadia")
    letter = opened("Fwd: Votre meuble", f"Vu ?\n\n{inner}\n\n{footer}\n", List_Id="<foyer.example.org>")
    assert letter.text.rstrip() == "Il est parti.\n\n-- \nNadia"
    assert opened("Re: meuble", f"Rien reçu.\n\n{footer}\n").note == "Rien reçu."


def test_a_mail_that_only_quotes_was_forwarded() -> None:
    """Shows that a mail without a prefix and without words of its own is read as the mail it quotes."""
    quoted = 'Le 04/09/2026 15:47, "Nadia" <nadia@atelier.example> a écrit :\n\n    Il est parti.'
    assert opened("Votre meuble", quoted).sender == "nadia@atelier.example"
    assert opened("Votre meuble", f"Rien reçu.\n\n{quoted}").sender == OWNER
    assert opened("Re: Votre meuble", quoted).sender == OWNER
