"""Thirty-three invented mails: people of eleven countries, each in three shapes, and all that must not survive.

Also lines on which a name or an address stands beside its label.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Person:
    """Someone, and what mails tell of them, in the shapes of their country."""

    sender: str
    greeting: str
    address_label: str
    first: str
    last: str
    house: str
    street: str
    town: str
    phone: str
    iban: str
    card: str
    door: str
    door_label: str
    parcel: str
    order: str
    goods: str
    about: str
    """A sentence about the goods; ``{}`` is their title."""
    gift: str
    """What stands before a gift's message."""

    @property
    def mail(self) -> str:
        """Return their address."""
        return f"{self.first}.{self.last}".casefold().replace(" ", "") + "@courriel.example"


_FILE = Path(__file__).with_name("people.toml")
PEOPLE = tuple(Person(**one) for one in tomllib.loads(_FILE.read_text("utf-8"))["person"])
_GENERIC = frozenset({"Apartments", "Apartmanı"})


SAME_LINE = {
    "Ship to: Emmeline Stonecroft": "Emmeline Stonecroft",
    "Delivering to Emmeline Stonecroft - LEEDSTOWE": "Emmeline Stonecroft LEEDSTOWE",
    "Delivered to: Emmeline Stonecroft": "Emmeline Stonecroft",
    "Left with Emmeline at Thistle Cottage, Nether Wallowby GL57 9ZB, today.": "Emmeline Thistle Wallowby GL57 9ZB",
    "Adresse de livraison : Élodie Marchebois": "Élodie Marchebois",
    "Votre colis est envoyé à Élodie Marchebois, 75011 Parmont. Il arrive.": "Élodie Marchebois 75011 Parmont",
    "Livré à\nMARCHEBOIS Élodie\nAppartement B12\nBât C escalier 4": "MARCHEBOIS Élodie B12",
    "Votre code de retrait. Code : AB12": "AB12",
    "Lieferadresse: Emilia Brandtner": "Emilia Brandtner",
    "Empfänger: Emilia Brandtner": "Emilia Brandtner",
    "Ihr Paket liegt bei Ihrem Nachbarn Emilian": "Emilian",
    "Bezorgadres: Joost de Vriesema": "Joost Vriesema",
    "Je pakket ligt bij familie De Vriesema, Kerkstraat 12": "Vriesema Kerkstraat",
    "Enviar a: Begoña Ruizalba": "Begoña Ruizalba",
    "Entregado a: portero (Íñigo)": "Íñigo",
    "Spedire a: Gianluca Ferrarini": "Gianluca Ferrarini",
    "Consegnato a Ferrarini Gianluca, Via Roma 3, 20121 Milanello MI. Citofono: Bianchini": (
        "Ferrarini Gianluca 20121 Milanello Bianchini"
    ),
    "Endereço de entrega: Conceição Albuquerca": "Conceição Albuquerca",
    "Wysyłka do: Agnieszka Nowakówna": "Agnieszka Nowakówna",
    "Levereras till Åsa Öbergson, Storgatan 5, 111 22 Stockmora": "Åsa Öbergson Storgatan Stockmora",
    "Teslimat adresi: Atagül Mah. Nergis Sok. No:5 Kadıova": "Atagül Nergis Kadıova",
    "お届け先：佐藤花子": "佐藤 花子",
    "山田太郎様": "山田 太郎",
    "山田 太郎 様\nご注文ありがとうございます。山田太郎様の荷物": "山田 太郎",
    "荷物を鷲尾様にお渡ししました": "鷲尾",
}
"""Lines, or few of them, and the words of them that must not survive."""


def _lines(one: Person) -> list[str]:
    return [
        f"{one.greeting} {one.first} {one.last},",
        "",
        one.about.format(one.goods),
        "",
        one.address_label,
        f"{one.first} {one.last}",
        one.house,
        one.street,
        one.town,
        "",
        f"Tel. {one.phone}",
        f"{one.door_label} : {one.door}",
        f"IBAN {one.iban}",
        f"Visa •••• {one.card}",
        f"N° {one.order}",
        f"Colis {one.parcel}",
        f"{one.gift} : Turlupinette, {one.first}",
        f"{one.mail}",
        "",
        f"{one.address_label}: Zephyrine Oakenfelt, {one.town}",
        "",
        f"{one.address_label} Quirin Vandersloot",
        "",
        f"({one.house}, {one.door_label} {one.door})",
    ]


def _link(one: Person) -> str:
    hidden = base64.urlsafe_b64encode(f"{one.mail}|{one.last}|{one.order}".encode()).decode()
    site = one.sender.rpartition("@")[2].rstrip(">")
    query = f"orderId={one.order}&u={quote(one.mail)}&h={hidden}&n={quote(one.last)}"
    return f"https://www.{site}/progress-tracker/package?{query}"


def _html(one: Person) -> str:
    name = escape(f"{one.first} {one.last}")
    body = "".join(f"<p>{escape(line)}</p>" for line in _lines(one))
    pixel = f'<img src="https://pixel.tracker.example/o.gif?e={quote(one.mail)}" alt="{name}">'
    preheader = f'<div style="display:none">{escape(one.greeting)} {name},</div>'
    link = f'<a href="{escape(_link(one))}">»</a>'
    return f"<html><head><title>{name}</title></head><body>{preheader}{body}{link}{pixel}</body></html>"


def _ics(one: Person) -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
        f"SUMMARY:{one.goods}\r\nLOCATION:{one.street}\\, {one.town}\r\n"
        f"ATTENDEE;CN={one.first} {one.last}:mailto:{one.mail}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def _head(one: Person) -> EmailMessage:
    # Folding would lose a blank between two encoded words.
    message = EmailMessage(policy.default.clone(max_line_length=900))
    message["From"] = one.sender
    message["To"] = f"{one.first} {one.last} <{one.mail}>"
    message["Subject"] = f"{one.first} {one.last} : « {one.goods} » {one.order} / {one.parcel}"
    message["Date"] = "Mon, 02 Mar 2026 09:30:00 +0000"
    known = one.last if one.last.isascii() else "x"
    message["Message-ID"] = f"<{one.order}.{known}.{one.card}@mail.example>"
    message["X-Customer"] = f"{one.last}; {one.phone}"
    message["List-Unsubscribe"] = f"<https://u.example/{quote(one.mail)}>"
    return message


def shapes(one: Person) -> Iterator[bytes]:
    """Yield a person's mail as text (quoted-printable), as HTML (base64), and with attachments."""
    text = _head(one)
    text.set_content("\n".join([*_lines(one), _link(one)]), cte="quoted-printable")
    yield text.as_bytes()
    html = _head(one)
    html.set_content(_html(one), subtype="html", cte="base64")
    yield html.as_bytes()
    both = _head(one)
    both.set_content("\n".join([*_lines(one), _link(one)]), cte="8bit")
    both.add_alternative(_html(one), subtype="html", cte="quoted-printable")
    both.add_attachment(_ics(one), subtype="calendar", filename=f"livraison-{one.last}.ics")
    both.add_attachment(b"%PDF " + one.iban.encode(), "application", "pdf", filename=f"{one.order} {one.last}.pdf")
    yield both.as_bytes()


def private(one: Person) -> dict[str, str]:
    """Return what must be gone, by what it is."""
    own = [word for word in one.house.split()[1:] if len(word) > 5 and word[0].isupper() and word not in _GENERIC]
    distinct = {f"house{place}": word for place, word in enumerate(own)}
    return {
        "first": one.first,
        "last": one.last,
        "street": max(one.street.split(), key=len),
        "post code or town": max(one.town.split(), key=len),
        "phone": one.phone,
        "iban": one.iban,
        "card": one.card,
        "door": one.door,
        "parcel": one.parcel,
        "order": one.order,
        "goods": one.goods.split(" ")[1],
        "mail": one.mail,
        "gift": "Turlupinette",
        "first behind the label": "Zephyrine",
        "last behind the label": "Oakenfelt",
        "first without a colon": "Quirin",
        "last without a colon": "Vandersloot",
        "bank": one.iban[4:9].strip() if one.iban[5].isalpha() else one.iban,
        "door's letters": f"{one.door_label} : {one.door[0]}",
        **distinct,
    }
