"""Mails of invented people about invented orders, in the shapes that shops and mail programs use."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

OWNER = "camille.rivoire@example.org"
_BAR = "Commandé\n\nExpédié\n\nEn cours de livraison\n\nLivré\n"


def mail(sender: str, subject: str, text: str, at: datetime, *, key: str, to: str = OWNER, **headers: str) -> bytes:
    """Return one mail; ``key`` makes its Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{key}@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def confirmed(order_id: str, at: datetime, *, seller: str = "", promised: str = "", title: str = "Lanterne") -> bytes:
    """Return a confirmation in the older template; sold and shipped by ``seller``, or by Amazon."""
    sold = f"Vendu par {seller}\n     Expédié par {seller}" if seller else "Expédié et vendu par Amazon"
    text = (
        f"Confirmation de commande\nCommande n° {order_id}\n\nBonjour Camille Rivoire,\n\n"
        "Nous vous remercions de votre commande.\n\n"
        f"Commande n° {order_id}\nEffectuée le {at.day}/{at.month}/{at.year}\n\n"
        f"     Livraison estimée :\n          {promised}\n\n"
        f"     {title}\n     EUR 42,50\n     État : Neuf\n     {sold}\n\n"
        "     Montant total :                              EUR 42,50\n"
    )
    return mail(
        "Amazon.fr <auto-confirm@amazon.fr>",
        f"Votre commande Amazon.fr de « {title}... ».",
        text,
        at,
        key=f"confirmed-{order_id}",
    )


def delivered(order_id: str, at: datetime, *, title: str = "Lanterne") -> bytes:
    """Return « Livré » in the template of 2024."""
    text = (
        f"Votre colis a été livré!\n\n{_BAR}\nLivré aujourd'hui\n\nCamille - NANTES\n\n"
        f"N° de commande\n{order_id}\n\n* {title}\n  Quantité : 1\n"
    )
    return mail("Amazon.fr <order-update@amazon.fr>", f"Livré : « {title}... »", text, at, key=f"delivered-{order_id}")


def not_received(order_id: str, at: datetime, *, note: str = "pas reçu", title: str = "Lanterne") -> bytes:
    """Return the owner's forward of « Livré », with a note above it, as Gmail's French page makes it."""
    told = at - timedelta(hours=3)
    inner = (
        f"Votre colis a été livré!\n\n{_BAR}\nLivré aujourd'hui\n\nCamille - NANTES\n\n"
        f"N° de commande\n{order_id}\n\n* {title}\n  Quantité : 1\n"
    )
    text = (
        f"{note}\n\n---------- Forwarded message ---------\nDe : Amazon.fr <order-update@amazon.fr>\n"
        f"Date: {told:%d}/{told:%m}/{told:%Y} {told:%H:%M}\nSubject: Livré : « {title}... »\nTo: <{OWNER}>\n\n\n{inner}"
    )
    return mail(
        f"Camille Rivoire <{OWNER}>", f"Fwd: Livré : « {title}... »", text, at, key=f"forward-{order_id}-{note[:4]}"
    )


def seller_wrote(order_id: str, at: datetime, relay: str, *, seller: str, text: str) -> bytes:
    """Return a message of a seller, from their relay address."""
    body = (
        f"-------------Début du message-------------\n{text}\n\n{seller}\n-------------Fin du message-------------\n\n"
        f"N° de commande {order_id} :\n1 article(s) - Lanterne\n"
    )
    return mail(
        f"{seller} <{relay}>", f"Votre demande concernant la commande {order_id}", body, at, key=f"seller-{order_id}"
    )


def refunded(order_id: str, at: datetime) -> bytes:
    """Return a refund notice."""
    text = (
        "Bonjour Camille, votre remboursement a été émis.\n\n42,50 € seront visibles sur votre carte bancaire d’ici "
        f"3 à 5 jours.\n\nMontant du remboursement  42,50 €\n\nLanterne\nQuantité : 1\nN° de commande {order_id}\n"
    )
    return mail(
        "Amazon.fr <return@amazon.fr>", "Votre remboursement : Lanterne...", text, at, key=f"refunded-{order_id}"
    )


def newsletter(at: datetime, number: int, *, size: int = 2000) -> bytes:
    """Return a mail that cannot matter."""
    text = f"Bonjour,\n\nVoici nos nouvelles n° {number}.\n\n" + "Une ligne de plus.\n" * (size // 19)
    return mail("Le Potager <bonjour@potager.example>", f"Nouvelles n° {number}", text, at, key=f"news-{number}")


def order_number(number: int) -> str:
    """Return a well-formed invented order number."""
    return f"4{number % 90 + 10:02d}-{7_100_000 + number * 137:07d}-{2_300_000 + number * 911:07d}"
