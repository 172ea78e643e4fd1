"""Subjects that speak of an order, in every language, and ordinary ones that do not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.intake.subjects import speaks_of_an_order

ORDERS = """
Confirmation de votre commande n° 20931
Votre colis a été livré
Expédié : « Arrosoir en zinc »
Nous avons émis votre remboursement
Facture F-2026-118
Votre article est prêt à être retiré
Échec du paiement
Your order #88213 is confirmed
Out for delivery: “Garden hose”
Your package was delivered
Refund issued
Invoice 2026-118
Thanks for your order!
We received your return
Ready to collect at Elm Street
Ihre Bestellung bei Gartenlust
Bestellbestätigung 4471
Deine Sendung ist unterwegs
Zugestellt: „Gießkanne“
Rechnung Nr. 118
Wir haben die Erstattung veranlasst
Ihr Paket ist abholbereit
Je bestelling is verzonden
Bezorgd: gieter
Factuur 118
Je pakketje komt vandaag
Terugbetaling
Il tuo ordine n. 4471 è stato spedito
Consegnato: annaffiatoio
Rimborso effettuato
Fattura 118
Il pacco è in giacenza
Tu pedido ha sido enviado
Entregado: regadera
Reembolso emitido
Factura 118
En reparto: regadera
Seu pedido foi enviado
Entregue: regador
Reembolso
Nota fiscal 118
A sua encomenda chegou
Twoje zamówienie zostało wysłane
Paczka czeka w punkcie
Doręczono: konewka
Faktura 118
Zwrot środków
Din beställning är bekräftad
Paketet är levererat
Återbetalning
Faktura 118
Orderbekräftelse 4471
Siparişiniz alındı
Kargonuz yolda
Teslim edildi: sulama kabı
Faturanız hazır
İadeniz onaylandı
ご注文の確認
商品を発送しました
配達完了のお知らせ
返金のお知らせ
領収書
"""
"""In every language there is."""

ORDINARY = """
Dîner samedi ?
Ordre du jour du conseil
Mon livre sort en mars
Photos de Bretagne
Re: ta question
Vos codes d'accès
Bulletin municipal
Inscription au cours de chant
Le relais 4 x 100 m
La commande vocale
Invitation : réunion de rentrée
Rappel de rendez-vous
Retour de vacances
On part en expo demain
Re: dinner on Friday
Minutes of the meeting
In order to finish the report
Order of service for Sunday
New login from a new device
Your weekly digest
Pull request merged
Delivery Status Notification (Failure)
Undelivered Mail Returned to Sender
Law and order
[build] package release 3.2
Happy birthday!
Return to office plan
Tracking the storm
Elternabend am Montag
Einladung zur Hochzeit
Re: Wanderung
Buchempfehlungen
Passwort geändert
Sendung verpasst? Die Mediathek
Uitnodiging borrel
Foto's van zondag
Ordine del giorno dell'assemblea
Foto della gita
Cena sabato?
Reunión de vecinos
Fotos del viaje
Enviado desde mi jardín
Pedido de reunião com a escola
Fotos das férias
Zdjęcia z wakacji
Spotkanie w piątek
Bilder från helgen
Styrelsemöte på torsdag
Doğum günün kutlu olsun
Toplantı daveti
明日の会議について
写真を送ります
Fwd:
Re:
???
"""


TABLE: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text("utf-8"))


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("subject", _lines(ORDERS))
def test_subjects_of_orders_are_told(subject: str) -> None:
    """Shows that a subject about an order, a parcel, a refund or an invoice is told in every language."""
    assert speaks_of_an_order(subject)
    assert speaks_of_an_order(f"TR : {subject.upper()}" if subject.isascii() else f"Fwd: {subject}")


@pytest.mark.parametrize("subject", ["", *_lines(ORDINARY)])
def test_ordinary_subjects_are_left_alone(subject: str) -> None:
    """Shows that mail about anything else is not fetched for a word that order mails use too."""
    assert not speaks_of_an_order(subject)


@pytest.mark.parametrize("language", TABLE["orders"])
def test_families_of_subjects_are_told(language: str) -> None:
    """Shows that what shops and carriers of a language call their mails is told, in new words for old things too."""
    subjects = _lines(TABLE["orders"][language])
    assert len(subjects) >= 35
    assert [each for each in subjects if not speaks_of_an_order(each)] == []


@pytest.mark.parametrize("language", TABLE["ordinary"])
def test_adverts_and_other_meanings_are_left_alone(language: str) -> None:
    """Shows that "free delivery", "team order" and their like in each language are no order's."""
    subjects = _lines(TABLE["ordinary"][language])
    assert len(subjects) >= 22
    assert [each for each in subjects if speaks_of_an_order(each)] == []


@pytest.mark.parametrize("subject", ["Livraison offerte : commande 77120", "Free delivery: order AB44120 is here"])
def test_an_advert_with_an_orders_number_is_an_order(subject: str) -> None:
    """Shows that a number of an order outweighs words that shops advertise with; a year is no such number."""
    assert speaks_of_an_order(subject)
    assert not speaks_of_an_order("Livraison offerte en 2026")
    assert not speaks_of_an_order("The order of service 2026")


@given(st.text(max_size=400))
def test_any_subject_is_judged(subject: str) -> None:
    """Shows that no subject breaks the judgement."""
    assert speaks_of_an_order(subject) in (True, False)
