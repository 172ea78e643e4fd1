"""The mails that relance writes to its owner."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from daemon import orders
from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.claims.claim import ClaimParty, Outcome, Stage
from daemon.outbox import ids
from daemon.outbox.inbox import closing_notice, draft_notice, question_notice
from daemon.outbox.page import FENCE
from daemon.outbox.page import html as page
from daemon.say import say
from daemon.settings import Owner
from parsers.letter import Trust
from parsers.notice import NoteMeaning
from tests.claims.kit import ENGLISH, ORDER, OWNER, RULES, START, claim_on, confirmed, delivered, said, sent, trouble
from tests.outbox.kit import draft, html, mail_draft, notice_of, order, plain, read

DAY = timedelta(days=1)


class Tags(HTMLParser):
    """Collects what a page would load or lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and where it points."""
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "background"}]


def tags(raw: bytes) -> Tags:
    """Return the tags of a mail's HTML."""
    seen = Tags()
    seen.feed(html(raw))
    return seen


def test_a_notice_is_from_the_owner_to_the_owner_and_says_that_a_machine_wrote_it() -> None:
    """It names relance as the writer, and bears the headers by which relance and other programs know it."""
    claim, made = draft()
    message = read(notice_of((claim, made)))
    assert message["From"] == "relance <camille.roux@example.org>"
    assert message["To"] == "Camille Roux <camille.roux@example.org>"
    assert (message["X-Relance"], message["Auto-Submitted"]) == ("1", "auto-generated")
    assert message["Message-ID"] == ids.message_id(claim.ref, "first", "notice", 1, OWNER)
    assert message["Date"].datetime == START
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    ("party", "stage", "end"),
    [
        (ClaimParty.AMAZON, Stage.FIRST, "à envoyer au service client d’Amazon"),
        (ClaimParty.FBA_SELLER, Stage.FIRST, "à envoyer au vendeur"),
        (ClaimParty.SELLER, Stage.A_TO_Z, "Garantie A à Z à envoyer à Amazon"),
    ],
)
def test_the_subject_says_it_all(party: ClaimParty, stage: Stage, end: str) -> None:
    """Number, order, trouble, and to whom to send: read on a telephone's lock screen."""
    claim = claim_on(party)
    if stage != Stage.FIRST:
        claim = claim.model_copy(update={"drafts": (sent(draft(party)[1], START),)})
    subject = read(notice_of(draft(party, stage, claim=claim)))["Subject"].replace("\u00a0", " ")
    assert subject == f"[relance] R-7F3K – Commande {ORDER} : livré, pas reçu – {end}"


@pytest.mark.parametrize("owner", [OWNER, ENGLISH], ids=["fr", "en"])
def test_a_notice_holds_every_text_to_paste_and_every_step(owner: Owner) -> None:
    """The chat, the script with Amazon's number, the form, the pages, and what to do next, in both parts."""
    claim, made = draft(owner=owner)
    raw = notice_of((claim, made), owner)
    for text in (plain(raw), html(raw)):
        spaced = text.replace("&#x27;", "'").replace("&quot;", '"')
        for wanted in (made.chat, made.phone, made.body):
            assert wanted
            assert wanted.replace("\u00a0", " ").replace("\u202f", " ") in spaced
        assert "0 805 10 14 20" in spaced
        for command in ("approve", "sent", "edit", "dismiss"):
            assert f"relance {command} R-7F3K" in spaced
    assert all(url in plain(raw) for _, url in made.links)
    assert tags(raw).addresses == [url for _, url in made.links]


def test_a_notice_names_the_mails_it_rests_on() -> None:
    """The owner sees why: which mail said "delivered", and their own words."""
    text = plain(notice_of(draft()))
    assert "mail « Livré : « Bouilloire Brisemont... » »" in text
    assert "vous – « toujours pas reçu »" in text
    assert "annonce le colis livré" in text


def test_a_notice_says_when_it_is_too_early() -> None:
    """Before ``claim_from`` the mail says until when it is better kept, and how long that is; after it, nothing."""
    known = order()
    early = trouble(Code.NOT_RECEIVED, known).model_copy(update={"claim_from": START + 2 * DAY})
    text = plain(notice_of(draft(), anomaly=early))
    assert "Pas avant le mercredi 4 mars 2026 à 10:00 (dans 2 jours)" in text
    assert "Pas avant" not in plain(notice_of(draft(), anomaly=early, now=START + 2 * DAY))


def test_the_checks_are_asked_for_before_a_first_message_only() -> None:
    """Letter box, neighbours, photo: before the first message about a parcel not received; not about a late one."""
    assert "les voisins" in plain(notice_of(draft()))
    late = trouble(Code.DELIVERY_LATE, order()).model_copy(update={"claim_from": START + DAY})
    text = plain(notice_of(draft(claim=claim_on(ClaimParty.AMAZON, Code.DELIVERY_LATE)), anomaly=late))
    assert "les voisins" not in text
    assert "Pas avant le mardi 3 mars 2026 à 10:00 (dans 1 jour).\n" in text


def test_the_windows_of_the_guarantee_are_shown_to_those_who_have_it() -> None:
    """For an independent seller: from when, until which day, and that a chargeback forfeits it; else not a word."""
    text = plain(notice_of(draft(ClaimParty.SELLER)))
    assert "Garantie A à Z : possible à partir du" in text
    assert "jusqu’au 30 mai 2026 inclus" in text
    assert "chargeback" in text
    assert "possible à partir" not in plain(notice_of(draft(ClaimParty.AMAZON)))


def test_of_two_ways_the_notice_says_which_one_first() -> None:
    """What Amazon shipped for another: one mail says "first", the other says "second"."""
    first, second = claim_on(ClaimParty.AMAZON), claim_on(ClaimParty.FBA_SELLER)
    first = first.model_copy(update={"why": "shipped_by_amazon"})
    second = second.model_copy(update={"recommended": False})
    assert "conseillé en premier" in plain(notice_of(draft(claim=first)))
    assert "seconde voie" in plain(notice_of(draft(ClaimParty.FBA_SELLER, claim=second)))
    assert "conseillé en premier" not in plain(notice_of(draft()))


def test_blanks_are_told_in_subject_and_text() -> None:
    """A text that cannot be approved yet says what is to be filled in, and with which command."""
    known = orders.fold(ORDER, [confirmed(), said(NoteMeaning.NOT_RECEIVED, START)])
    raw = notice_of(draft(order=known), order=known)
    assert "à compléter puis à envoyer" in read(raw)["Subject"]
    assert "- la date de livraison indiquée par le suivi" in plain(raw)
    assert "[À COMPLÉTER]" in plain(raw)


def test_a_withdrawal_is_brought_with_what_happened() -> None:
    """The notice of a withdrawal says that the parcel is there, and to withdraw the Guarantee's form too."""
    first = draft(ClaimParty.SELLER)[1]
    form = first.model_copy(update={"stage": Stage.A_TO_Z})
    drafts = (sent(first, START), sent(form, START + 5 * DAY))
    claim = claim_on(ClaimParty.SELLER).model_copy(update={"drafts": drafts, "outcome": Outcome.FOUND})
    withdrawal = draft(ClaimParty.SELLER, Stage.WITHDRAWAL, claim=claim)
    text = plain(notice_of(withdrawal, anomaly=None))
    assert "Vous avez retrouvé le colis." in text
    assert "Si vous avez demandé la Garantie A à Z, retirez-la aussi" in text
    assert "possible à partir" not in text
    assert "relance sent R-7F3K" in text


def test_a_draft_by_mail_with_a_blank_is_brought_as_a_notice() -> None:
    """A text for the seller's address says to whom it goes."""
    claim, made = mail_draft()
    assert made.to
    assert f"Réponse par mail à {made.to}" in plain(notice_of((claim, made)))


@pytest.mark.parametrize("owner", [OWNER, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("ask", ["who_sold", "who_shipped", "who_sold_and_shipped"])
def test_a_question_about_the_parties_says_how_to_answer(owner: Owner, ask: str) -> None:
    """The question, why it is asked, and the command with exactly the options that the question needs."""
    known = order()
    raw = question_notice(known, trouble(Code.NOT_RECEIVED, known), ask, owner, RULES, START)
    text = plain(raw)
    assert say(f"ask.{ask}", owner.language).replace("\u00a0", " ") in text
    assert f"relance correct {ORDER}" in text
    assert ("--sold-by" in text) == ("sold" in ask)
    assert ("--shipped-by" in text) == ("shipped" in ask)
    key = ids.parse(str(read(raw)["Message-ID"]))
    assert key is not None
    assert (ids.order_of_question(key.ref), key.stage, key.kind) == (ORDER, ask, "question")


def test_a_question_about_the_parcel_can_be_answered_by_mail() -> None:
    """A doubt is put as a question with the words that are understood in an answer, and accuses nobody."""
    known = order()
    doubt = Anomaly(
        code=Code.DELIVERY_LATE,
        order_id=ORDER,
        certainty=Certainty.SUSPECTED,
        since=START,
        claim_from=START,
        evidence=(known.timeline[0].source,),
        reason="late_silent",
        facts={"promised": "2026-03-01"},
        ask="received",
    )
    raw = question_notice(known, doubt, "received", OWNER, RULES, START)
    text = plain(raw)
    assert "« bien reçu »" in text
    assert f"relance report {ORDER} not-received" in text
    assert "mail « Commandé : « Bouilloire Brisemont... » »" in text
    assert read(raw)["Subject"].replace("\u00a0", " ") == f"[relance] Commande {ORDER} : une question"


@pytest.mark.parametrize(("owner", "mark"), [(OWNER, "(non vérifié)"), (ENGLISH, "(not verified)")], ids=["fr", "en"])
def test_a_mail_that_nobody_vouches_for_is_marked(owner: Owner, mark: str) -> None:
    """Each unverified mail that a trouble rests on is marked where it is named; proven ones and the owner's are not."""
    told = said(NoteMeaning.NOT_RECEIVED, START, "pas reçu")
    for trusts in ((Trust.UNVERIFIED, Trust.SIGNED), (Trust.SIGNED, Trust.SIGNED)):
        first, last = confirmed(trust=trusts[0]), delivered(trust=trusts[1])
        known = orders.fold(ORDER, [first, last, told])
        doubt = trouble(Code.NOT_RECEIVED, known).model_copy(
            update={"evidence": (first.source, last.source, told.source)}
        )
        text = plain(question_notice(known, doubt, "received", owner, RULES, START))
        assert [mark in line for line in text.splitlines() if "Bouilloire" in line] == [
            trust is Trust.UNVERIFIED for trust in trusts
        ]
        assert text.count(mark) == trusts.count(Trust.UNVERIFIED)


@pytest.mark.parametrize("owner", [OWNER, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_closing_says_why_there_is_nothing_left_to_do(owner: Owner, outcome: Outcome) -> None:
    """For every outcome, in both languages: what ended it, and how to say that it is not so."""
    closed = claim_on(ClaimParty.SELLER).model_copy(update={"outcome": outcome, "closed_at": START})
    raw = closing_notice(closed, order(), owner, RULES, START)
    assert say(f"told.{outcome.value}", owner.language) in plain(raw)
    assert say(f"outcome.{outcome.value}", owner.language) in read(raw)["Subject"]
    assert f"relance report {ORDER} not-received" in plain(raw)


def test_a_closing_names_the_day_of_what_had_been_sent() -> None:
    """An owner who had written is told when."""
    closed = claim_on(ClaimParty.SELLER).model_copy(
        update={"outcome": Outcome.REFUNDED, "drafts": (sent(draft(ClaimParty.SELLER)[1], START),)}
    )
    assert "Vous aviez écrit le 2 mars 2026." in plain(closing_notice(closed, order(), OWNER, RULES, START))


def test_what_mails_say_cannot_become_html_or_a_link() -> None:
    """Tags and addresses in a subject, a seller's name or an item's title stay text, and nothing is loaded."""
    evil = '<img src="https://evil.example/x.png"><script>alert(1)</script> https://evil.example/login'
    known = order(
        confirmed(START - 8 * DAY, seller=evil, subject=evil, source="evil"),
        said(NoteMeaning.NOT_RECEIVED, START, evil),
    ).model_copy(update={"seller": evil})
    pair = draft(ClaimParty.SELLER, order=known)
    seen = tags(notice_of(pair, order=known))
    assert seen.tags <= {"html", "head", "meta", "body", "h3", "p", "a", "pre"}
    assert seen.addresses == [url for _, url in pair[1].links]


def test_a_page_links_only_what_relance_built() -> None:
    """An address in a text becomes a link only when it is one of those that were handed over."""
    good, bad = "https://www.amazon.fr/message-us", "https://amazon.fr.evil.example/"
    made = page(f"## Liens\n- Bon : {good}\n- Mauvais : {bad}\n{FENCE}\na <b>\n{FENCE}", "fr", [good])
    assert f'<a href="{good}">Bon</a>' in made
    assert "<a" not in made.split("Mauvais")[1]
    assert "a &lt;b&gt;</pre>" in made


def test_a_notice_cannot_be_given_a_header_by_a_mail() -> None:
    """A line break in what a mail says does not end the subject."""
    known = order().model_copy(update={"order_id": f"{ORDER}\r\nBcc: victim@example.net"})
    claim, made = draft()
    raw = draft_notice(made, claim, known, None, OWNER, RULES, START)
    assert read(raw)["Bcc"] is None
