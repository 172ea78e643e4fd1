"""The letters: every trouble, party, stage and language, read as the other party would read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest

from daemon import orders, resources
from daemon.anomalies.anomaly import Code
from daemon.claims import LetterError, compose, still_blank
from daemon.claims.claim import Channel, Claim, ClaimParty, Draft, Stage
from daemon.claims.context import Context
from daemon.claims.tables import ladder
from daemon.orders.order import Order
from daemon.settings import Language, Owner
from parsers.notice import Item, Kind, NoteMeaning, Notice
from tests.claims.kit import (
    ENGLISH,
    FRENCH,
    ORDER,
    OWNER,
    RELAY,
    RULES,
    START,
    claim_on,
    confirmed,
    delivered,
    notice,
    said,
    sent,
    trouble,
    wrote,
)

DAY = timedelta(days=1)
LIMITS = ladder(RULES).limits
CARD = re.compile(r"\b(?:\d[ -]?){13,19}\b")
FORBIDDEN = {
    "fr": [
        *("menti", "mensonge", "voleur", "volé", "vol", "escroc", "arnaque", "fraude", "malhonnête", "incompétent"),
        *("plainte", "pénal", "police", "gendarmerie", "tribunal", "avocat", "procureur", "poursuites"),
        *("mise en demeure de", "je vous mets en demeure", "ec.europa.eu", "ODR", "L216-4", "carte bancaire"),
        *("à ma grande surprise", "scandale", "inadmissible", "inacceptable", "livreur"),
    ],
    "en": [
        *("lied", "liar", "thief", "stole", "theft", "scam", "fraud", "dishonest", "incompetent", "driver"),
        *("criminal", "police", "court action", "lawyer", "solicitor", "sue", "prosecut", "legal action"),
        *("ec.europa.eu", "ODR", "L216-4", "card number", "outrageous", "unacceptable", "disgrace"),
    ],
}
AT_AMAZON = [party for party in ClaimParty if party is not ClaimParty.SHOP]
"""Letters to other shops are read in ``test_shop.py``."""
DEMAND = {"fr": re.compile(r"je (?:vous )?demande "), "en": re.compile(r"\bI (?:ask you to|request) ")}


def mails(code: Code) -> list[Notice]:
    """Return what is known of an order in trouble."""
    known = [
        confirmed(seller="Maison Bellac"),
        notice(Kind.SHIPPED, START - 4 * DAY, tracking_numbers=("6A11902847553",), carrier="Colissimo"),
    ]
    if code == Code.NOT_RECEIVED:
        known.append(delivered(tracking_numbers=("6A11902847553",)))
    return [*known, said(NoteMeaning.NOT_RECEIVED, START + DAY, "pas reçu")]


@dataclass(frozen=True)
class Case:
    """One letter and what it was made from."""

    code: Code
    party: ClaimParty
    stage: Stage
    owner: Owner
    order: Order
    draft: Draft

    @property
    def texts(self) -> list[str]:
        """Everything that reaches the other party."""
        return [text for text in (self.draft.subject, self.draft.body, self.draft.chat, self.draft.phone) if text]


def written(code: Code, party: ClaimParty, owner: Owner, known: list[Notice]) -> Iterator[Case]:
    """Write every stage of a claim, each sent before the next."""
    context, order = Context(owner=owner), orders.fold(ORDER, known)
    claim, at = claim_on(party, code), START + 2 * DAY
    for step in ladder(RULES).steps(party):
        draft = compose(claim, order, trouble(code, order), step.stage, at, RULES, context)
        yield Case(code, party, step.stage, owner, order, draft)
        claim = claim.model_copy(update={"drafts": (*claim.drafts, sent(draft, at))})
        at += 2 * DAY
    after = orders.fold(ORDER, [*known, said(NoteMeaning.FOUND, at, "je l'ai retrouvé")])
    draft = compose(claim, after, None, Stage.WITHDRAWAL, at, RULES, context)
    yield Case(code, party, Stage.WITHDRAWAL, owner, after, draft)


@cache
def everything() -> list[Case]:
    """Return every letter there is: two troubles, three parties, all stages, two languages."""
    return [
        case
        for code in Code
        for party in AT_AMAZON
        for owner in (OWNER, ENGLISH)
        for case in written(code, party, owner, mails(code))
    ]


def each(*stages: Stage) -> pytest.MarkDecorator:
    """Run a test for every letter (of some stages)."""
    cases = [case for case in everything() if not stages or case.stage in stages]
    names = [f"{one.code.value}-{one.party.value}-{one.stage.value}-{one.owner.language.value}" for one in cases]
    return pytest.mark.parametrize("case", cases, ids=names)


def one(code: Code, party: ClaimParty, stage: Stage, owner: Owner = OWNER) -> Case:
    """Return one of the letters."""
    about = (code, party, stage, owner)
    return next(case for case in everything() if (case.code, case.party, case.stage, case.owner) == about)


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


# ── guards, on every letter ───────────────────────────────────────────────


@each()
def test_no_accusation_no_bluff_no_threat(case: Case) -> None:
    """No letter accuses anybody, threatens, cites a repealed article or a closed platform, or holds a card number."""
    for text in case.texts:
        words = FORBIDDEN[case.owner.language.value]
        assert not [word for word in words if re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)]
        assert not CARD.search(text.replace(ORDER, ""))


@each()
def test_every_letter_says_who_writes_and_about_which_order(case: Case) -> None:
    """Name and order number stand in each rendering, the number in the subject too."""
    assert ORDER in case.draft.subject
    for text in (case.draft.body, case.draft.chat, case.draft.phone):
        assert text is None or (case.owner.name in text and ORDER in text)


@each()
def test_a_whole_order_leaves_no_blank(case: Case) -> None:
    """With every fact known nothing is left to fill in, and no template's inside shows."""
    assert case.draft.missing == ()
    assert not still_blank(case.draft)
    for text in case.texts:
        assert not re.search(r"[{}<>]|None|\bTrue\b|\bFalse\b|Undefined|  |\.\.|,,|, \.| \.| ,", plain(text)), text
        assert "\n\n\n" not in text


@each(Stage.FIRST, Stage.REMINDER, Stage.A_TO_Z)
def test_one_demand_and_one_deadline(case: Case) -> None:
    """A letter asks for one thing, and says by when (the form has no deadline)."""
    demand = DEMAND[case.owner.language.value]
    assert len(demand.findall(case.draft.body.replace("Je", "je"))) == 1
    hours = "48 heures" if case.owner.language == Language.FR else "48 hours"
    assert plain(case.draft.body).count(hours) == 1


@each(Stage.FIRST, Stage.REMINDER, Stage.A_TO_Z)
def test_what_tracking_says_is_said_as_such(case: Case) -> None:
    """A delivery is never stated as a fact: tracking says so, and the owner says that they have nothing."""
    body = case.draft.body
    french = case.owner.language == Language.FR
    if case.code == Code.NOT_RECEIVED:
        assert ("Le suivi indique" if french else "Tracking says") in body
    assert ("je n’ai pas reçu" if french else "I have not received") in body


@each()
def test_the_law_is_that_of_the_owners_country_and_cited_lightly(case: Case) -> None:
    """One article in the first message, two at most in a reminder, none elsewhere; always the owner's own law."""
    cited = re.findall(r"L\d{3}-\d+|(?:section|article) 2\d", case.draft.body)
    most = {Stage.FIRST: 1, Stage.REMINDER: 2}.get(case.stage, 0)
    assert len(cited) == most or (most == 2 and len(cited) == 1)
    assert all(name.startswith("L216") == (case.owner.country == "FR") for name in cited)
    assert not re.search(r"L\d|section \d", (case.draft.chat or "") + (case.draft.phone or ""))


@each(Stage.FIRST)
def test_a_parcel_not_received_is_argued_with_the_risk(case: Case) -> None:
    """The one article of a first message is the one that speaks of this trouble alone."""
    wanted = {
        ("FR", Code.NOT_RECEIVED): "L216-2",
        ("FR", Code.DELIVERY_LATE): "L216-1",
        ("GB", Code.NOT_RECEIVED): "section 29",
        ("GB", Code.DELIVERY_LATE): "section 28",
    }
    assert wanted[case.owner.country, case.code] in case.draft.body


@each()
def test_amazon_gets_three_renderings_and_nobody_else(case: Case) -> None:
    """Chat of at most five lines, a script of half a minute that ends with the trace in writing, and the form."""
    amazon = case.party == ClaimParty.AMAZON
    assert (case.draft.chat is not None, case.draft.phone is not None) == (amazon, amazon)
    if case.draft.chat is None or case.draft.phone is None:
        return
    assert len(case.draft.chat.splitlines()) <= LIMITS.chat_lines
    assert len(case.draft.phone.split()) <= LIMITS.phone_words
    end = "demandez une trace écrite." if case.owner.language == Language.FR else "ask for a written trace."
    assert case.draft.phone.endswith(end)


@each(Stage.A_TO_Z)
def test_the_form_fits_and_holds_what_amazon_asks(case: Case) -> None:
    """At most 1 000 characters, with the promised day, the contact's date, the reminder's and the evidence."""
    french = case.owner.language == Language.FR
    assert len(case.draft.body) <= 1000
    dates = ("1er mars 2026", "4 mars 2026", "6 mars 2026") if french else ("1 March 2026", "4 March 2026")
    assert all(date in case.draft.body for date in dates)
    assert ("Éléments à l’appui" if french else "Supporting evidence") in case.draft.body
    assert case.draft.channel == Channel.A_TO_Z_FORM


@each(Stage.REMINDER)
def test_a_reminder_names_the_first_message(case: Case) -> None:
    """The first message's date stands in the reminder's subject and text."""
    first = "4 mars 2026" if case.owner.language == Language.FR else "4 March 2026"
    assert first in case.draft.subject
    assert first in case.draft.body


@each()
def test_the_guarantee_is_named_to_independent_sellers_only(case: Case) -> None:
    """The A-to-z Guarantee is not held out where it does not apply."""
    named = re.search("A à Z|A-to-z", "".join(case.texts)) is not None
    assert named <= (case.party == ClaimParty.SELLER)


@each()
def test_links_are_amazons_own_and_the_most_useful_comes_first(case: Case) -> None:
    """Each link is built on the order's site from the order's number, and has a name; no page comes twice."""
    urls = [url for _, url in case.draft.links]
    assert all(url.startswith("https://www.amazon.fr/") for url in urls)
    assert len(set(urls)) == len(urls)
    first = {Channel.AMAZON_CONTACT: "chat", Channel.SELLER_MESSAGE: "contact_seller", Channel.A_TO_Z_FORM: "a_to_z"}
    assert case.draft.links[0][0] == first[case.draft.channel]


@each()
def test_both_languages_say_the_same(case: Case) -> None:
    """A letter has as many paragraphs in French as in English."""
    other = one(case.code, case.party, case.stage, ENGLISH if case.owner == OWNER else OWNER)
    assert case.draft.body.count("\n\n") == other.draft.body.count("\n\n")


def test_templates_exist_in_both_languages() -> None:
    """Every file of the French letters has its English twin, and the other way round."""
    folder = resources.templates() / "letters"
    found = [{path.relative_to(folder / lang) for path in (folder / lang).rglob("*.*")} for lang in ("fr", "en")]
    assert found[0] == found[1]


# ── a letter, read whole ──────────────────────────────────────────────────


def test_the_first_message_to_amazon_in_french() -> None:
    """The whole text, as its reader gets it."""
    draft = one(Code.NOT_RECEIVED, ClaimParty.AMAZON, Stage.FIRST).draft
    assert plain(draft.subject) == f"Commande {ORDER} – colis indiqué comme livré, non reçu"
    assert plain(draft.body).split("\n\n") == [
        "Bonjour,",
        f"Je suis Camille Roux, titulaire de la commande n° {ORDER} (« Bouilloire Brisemont en inox 1,7 L »), "
        "passée le 23 février 2026 sur amazon.fr, vendue et expédiée par Amazon.",
        "Le suivi indique que le colis n° 6A11902847553 (Colissimo) a été livré le 2 mars 2026. À ce jour, je n’ai pas "
        "reçu ce colis.",
        "Éléments à l’appui : confirmation de commande du 23 février 2026 ; avis d’expédition du 26 février 2026 ; "
        "avis de livraison du 2 mars 2026.",
        f"Pour rappel, selon l’article L216-2 du Code de la consommation, {_law('L216-2')}.",
        "Je vous demande de me réexpédier la commande sans frais ou, si ce n’est pas possible, de me la rembourser "
        "intégralement, soit 49,90 €.",
        "Je vous remercie de me répondre sous 48 heures. Sans réponse dans ce délai, je vous adresserai une relance "
        "écrite.",
        "Cordialement,\nCamille Roux",
    ]


def _law(name: str) -> str:
    law = RULES.law("FR")
    assert law is not None
    return law.articles[name].says.fr


def test_the_reminder_to_a_seller_in_english() -> None:
    """The whole text, as its reader gets it."""
    draft = one(Code.DELIVERY_LATE, ClaimParty.SELLER, Stage.REMINDER, ENGLISH).draft
    assert plain(draft.subject) == f"Reminder – order {ORDER} – no reply since 4 March 2026"
    paragraphs = plain(draft.body).split("\n\n")
    assert paragraphs[:5] == [
        "Hello,",
        f"My name is Alex Moore. I am writing about order no. {ORDER} (“Bouilloire Brisemont en inox 1,7 L”), which I "
        "placed on amazon.fr on 23 February 2026 and which you sold and shipped.",
        "Delivery was promised by 1 March 2026. To date, I have not received the order.",
        "I reported this to you on 4 March 2026. Unless I am mistaken, my request has had no reply to date.",
        "Supporting evidence: order confirmation of 23 February 2026; dispatch notice of 26 February 2026.",
    ]
    assert paragraphs[-3:] == [
        "I ask you to give me a firm delivery date or, if delivery is not possible, to cancel the order and refund it "
        "in full (€49.90).",
        "Please reply within 48 hours. If it is not resolved by then, I will request Amazon’s A-to-z Guarantee, if its "
        "conditions are met.",
        "Kind regards,\nAlex Moore",
    ]


# ── facts ─────────────────────────────────────────────────────────────────


def first(code: Code, known: list[Notice], party: ClaimParty = ClaimParty.SELLER, owner: Owner = OWNER) -> Draft:
    """Return the first letter about an order of which these mails are known."""
    order = orders.fold(ORDER, known)
    return compose(claim_on(party, code), order, trouble(code, order), Stage.FIRST, START, RULES, Context(owner=owner))


@pytest.mark.parametrize(("owner", "blank"), [(OWNER, "[À COMPLÉTER]"), (ENGLISH, "[TO COMPLETE]")])
def test_a_missing_fact_shows_and_is_named(owner: Owner, blank: str) -> None:
    """A letter that cannot do without a date shows a blank for it, and names it."""
    word = said(NoteMeaning.NOT_RECEIVED, START)
    draft = first(Code.NOT_RECEIVED, [word], ClaimParty.AMAZON, owner)
    assert draft.missing == ("delivered",)
    assert all(blank in (text or "") for text in (draft.body, draft.chat, draft.phone))
    assert still_blank(draft)
    assert not still_blank(draft.model_copy(update=dict.fromkeys(("body", "chat", "phone"), "le 2 mars 2026")))
    assert first(Code.DELIVERY_LATE, [word], owner=owner).missing == ("ordered",)


def test_the_form_of_the_guarantee_needs_the_promised_day() -> None:
    """Without a promised day the form shows a blank: Amazon counts from it."""
    order = orders.fold(ORDER, [confirmed(promised=None), delivered()])
    before = claim_on(ClaimParty.SELLER)
    message = compose(before, order, trouble(Code.NOT_RECEIVED, order), Stage.FIRST, START, RULES, FRENCH)
    claim = before.model_copy(update={"drafts": (sent(message, START),)})
    form = compose(claim, order, trouble(Code.NOT_RECEIVED, order), Stage.A_TO_Z, START + 4 * DAY, RULES, FRENCH)
    assert form.missing == ("promised",)


def test_what_mails_do_not_say_is_left_out() -> None:
    """Without items, carrier, amount and order date the letter is shorter, and still whole sentences."""
    draft = first(Code.NOT_RECEIVED, [delivered()])
    assert draft.missing == ()
    assert f"titulaire de la commande n° {ORDER}, passée sur amazon.fr, que vous" in plain(draft.body)
    assert "Le suivi indique que le colis a été livré le 2 mars 2026." in plain(draft.body)
    assert "de me la rembourser intégralement." in draft.body


def test_one_parcel_of_several_does_not_ask_for_the_whole_price() -> None:
    """When the order came in two parcels, the demand is for the parcel's content and names no total."""
    number = ("6A11902847553",)
    other = delivered(START - DAY, tracking_numbers=("6A11902847560",))
    known = [confirmed(), other, delivered(tracking_numbers=number)]
    order = orders.fold(ORDER, known)
    claim = claim_on(ClaimParty.AMAZON).model_copy(update={"parcel": number[0]})
    anomaly = trouble(Code.NOT_RECEIVED, order).model_copy(update={"parcel": number[0]})
    draft = compose(claim, order, anomaly, Stage.FIRST, START, RULES, FRENCH)
    assert "le contenu de ce colis" in draft.body
    assert "49,90" not in draft.body
    assert number[0] in draft.body


def test_another_parcels_mails_are_no_evidence() -> None:
    """For one parcel of two, the date and the evidence are those of its own mails."""
    mine, other = ("6A11902847553",), ("6A11902847560",)
    known = [
        confirmed(),
        notice(Kind.SHIPPED, START - 5 * DAY, tracking_numbers=other),
        delivered(START - 3 * DAY, tracking_numbers=mine),
        delivered(START, tracking_numbers=other),
    ]
    order = orders.fold(ORDER, known)
    claim = claim_on(ClaimParty.SELLER).model_copy(update={"parcel": mine[0]})
    anomaly = trouble(Code.NOT_RECEIVED, order).model_copy(update={"parcel": mine[0], "evidence": (known[2].source,)})
    body = plain(compose(claim, order, anomaly, Stage.FIRST, START, RULES, FRENCH).body)
    assert f"le colis n° {mine[0]} a été livré le 27 février 2026" in body
    assert "confirmation de commande du 23 février 2026 ; avis de livraison du 27 février 2026." in body


def test_the_shops_own_dispatch_notice_is_the_evidence() -> None:
    """The shop's first notice is named, not the carrier's later one; the carrier's only where there is no other."""
    shop = notice(Kind.SHIPPED, START - 4 * DAY)
    carrier = notice(Kind.SHIPPED, START - 3 * DAY, by_carrier=True)
    assert "avis d’expédition du 26 février 2026" in first(Code.NOT_RECEIVED, [shop, carrier, delivered()]).body
    assert "avis d’expédition du 27 février 2026" in first(Code.NOT_RECEIVED, [carrier, delivered()]).body


def test_days_are_those_of_the_marketplace() -> None:
    """A mail of 23:30 UTC on 28 February is one of 1 March in Paris, which French writes "1er mars"."""
    late = delivered(START.replace(month=2, day=28, hour=23, minute=30))
    assert "livré le 1er mars 2026" in first(Code.NOT_RECEIVED, [late]).body


@pytest.mark.parametrize(
    ("quantities", "words"),
    [
        ((1,), "(« Lampe Orlise »)"),
        ((1, 1), "(« Lampe Orlise » et un autre article)"),
        ((1, 2, 1), "(« Lampe Orlise » et 3 autres articles)"),
    ],
)
def test_several_items_are_counted(quantities: tuple[int, ...], words: str) -> None:
    """The first item is named, the others are counted by their quantities."""
    titles = ("Lampe Orlise", "Vase bleu", "Tapis")
    items = tuple(Item(title=title, quantity=count) for title, count in zip(titles, quantities, strict=False))
    assert words in plain(first(Code.NOT_RECEIVED, [confirmed(items=items), delivered()]).body)


def test_a_mail_cannot_write_into_the_letter() -> None:
    """Line breaks and direction marks in a title or a seller's name do not reach the letter's form."""
    title = "Lampe\r\nBcc: quelqu'un\u202e " + "très " * 40 + "longue"
    draft = first(
        Code.NOT_RECEIVED,
        [confirmed(items=(Item(title=title),), seller="Bellac\nMaison {{ 7*7 }}"), delivered()],
        ClaimParty.FBA_SELLER,
    )
    line = next(line for line in draft.body.splitlines() if "Lampe" in line)
    assert "Bcc" in line
    assert "\u202e" not in draft.body
    assert len(re.findall("très", line)) < 15
    assert "49" not in draft.body.replace("49,90", "")


def test_a_withdrawal_says_how_the_parcel_came() -> None:
    """The owner found it, the owner received it, or tracking says so: three different sentences, in both languages."""
    told = {
        OWNER: ("J’ai depuis retrouvé le colis.", "J’ai depuis reçu le colis.", "Le suivi indique que le colis"),
        ENGLISH: ("I have since found the parcel.", "I have since received the parcel.", "Tracking says that the"),
    }
    at = START + 3 * DAY
    ends = (said(NoteMeaning.FOUND, at), said(NoteMeaning.RECEIVED, at), delivered(at))
    for owner, sentences in told.items():
        context = Context(owner=owner)
        claim = claim_on(ClaimParty.SELLER, Code.DELIVERY_LATE)
        order = orders.fold(ORDER, mails(Code.DELIVERY_LATE))
        draft = compose(claim, order, trouble(Code.DELIVERY_LATE, order), Stage.FIRST, START, RULES, context)
        claim = claim.model_copy(update={"drafts": (sent(draft, START + 2 * DAY),)})
        for end, sentence in zip(ends, sentences, strict=True):
            after = orders.fold(ORDER, [*mails(Code.DELIVERY_LATE), end])
            assert sentence in compose(claim, after, None, Stage.WITHDRAWAL, at, RULES, context).body


def test_a_refund_that_is_on_its_way_is_told_in_a_withdrawal() -> None:
    """Somebody who found the parcel after a refund was announced says so, and asks how to settle it."""
    at = START + 3 * DAY
    ends = [notice(Kind.REFUNDED, at, refund_amount=Decimal("49.90")), said(NoteMeaning.FOUND, at + DAY)]
    order = orders.fold(ORDER, [*mails(Code.NOT_RECEIVED), *ends])
    claim = one_sent(order)
    draft = compose(claim, order, None, Stage.WITHDRAWAL, at + DAY, RULES, FRENCH)
    assert "Un remboursement m’a été annoncé le 5 mars 2026" in draft.body


def one_sent(order: Order) -> Claim:
    """Return a seller's claim whose first message went out."""
    claim = claim_on(ClaimParty.SELLER)
    draft = compose(claim, order, trouble(Code.NOT_RECEIVED, order), Stage.FIRST, START + 2 * DAY, RULES, FRENCH)
    # It rests on the mails that came before it was written.
    known = tuple(one.source for one in order.timeline if one.at <= draft.created_at)
    draft = draft.model_copy(update={"evidence": known})
    return claim.model_copy(update={"drafts": (sent(draft, START + 2 * DAY),)})


def test_an_owner_without_a_law_on_file_gets_a_letter_without_law() -> None:
    """Where no law is on file, or only one that nobody has checked, none is cited."""
    for country in ("JP", "DE"):
        owner = OWNER.model_copy(update={"country": country})
        body = first(Code.NOT_RECEIVED, mails(Code.NOT_RECEIVED), owner=owner).body
        assert "Pour rappel" not in body
        assert "article" not in body.lower()


# ── by mail ───────────────────────────────────────────────────────────────


def test_a_seller_who_wrote_is_answered_in_the_thread_when_the_owner_wants_it() -> None:
    """With ``seller_mail`` the draft goes to the relay address, as an answer to the seller's last message."""
    known = [*mails(Code.NOT_RECEIVED), wrote(START - DAY), wrote(START)]
    order = orders.fold(ORDER, known)
    anomaly, claim = trouble(Code.NOT_RECEIVED, order), claim_on(ClaimParty.SELLER)
    by_mail = compose(claim, order, anomaly, Stage.FIRST, START, RULES, Context(owner=OWNER, seller_mail=True))
    assert (by_mail.channel, by_mail.to) == (Channel.SELLER_MAIL, RELAY)
    assert by_mail.in_reply_to == order.seller_thread[-1]
    assert by_mail.subject == "Re: Votre commande"
    pasted = compose(claim, order, anomaly, Stage.FIRST, START, RULES, FRENCH)
    assert (pasted.channel, pasted.to, pasted.in_reply_to) == (Channel.SELLER_MESSAGE, None, None)
    assert pasted.body == by_mail.body


@pytest.mark.parametrize("address", ["boutique@example.net", f"a b{RELAY}", f"x\r\nBcc: y{RELAY}", ""])
def test_only_amazons_relay_is_written_to(address: str) -> None:
    """An address outside Amazon's relay, or one that is none, is never put into a draft."""
    order = orders.fold(ORDER, mails(Code.NOT_RECEIVED)).model_copy(update={"seller_address": address})
    context = Context(owner=OWNER, seller_mail=True)
    anomaly = trouble(Code.NOT_RECEIVED, order)
    draft = compose(claim_on(ClaimParty.SELLER), order, anomaly, Stage.FIRST, START, RULES, context)
    assert (draft.channel, draft.to) == (Channel.SELLER_MESSAGE, None)


# ── failures ──────────────────────────────────────────────────────────────


def test_a_stage_that_a_party_does_not_have_is_a_letter_error() -> None:
    """Amazon has no A-to-z form to be filled in against itself."""
    order = orders.fold(ORDER, mails(Code.NOT_RECEIVED))
    with pytest.raises(LetterError, match="no step a_to_z"):
        compose(claim_on(ClaimParty.AMAZON), order, None, Stage.A_TO_Z, START, RULES, FRENCH)


def test_a_trouble_without_templates_is_a_letter_error() -> None:
    """A claim about something that no template knows raises, and names the template that is missing."""
    order = orders.fold(ORDER, mails(Code.NOT_RECEIVED))
    claim = claim_on(ClaimParty.SELLER).model_copy(update={"code": "eaten-by-dragon"})
    with pytest.raises(LetterError, match="eaten_by_dragon"):
        compose(claim, order, None, Stage.FIRST, START, RULES, FRENCH)


def test_a_form_that_cannot_fit_is_a_letter_error() -> None:
    """A form longer than Amazon takes is refused instead of being cut in the middle of a fact."""
    owner = OWNER.model_copy(update={"name": "Camille " * 80})
    order = orders.fold(ORDER, mails(Code.NOT_RECEIVED))
    with pytest.raises(LetterError, match="1000 characters"):
        compose(claim_on(ClaimParty.SELLER), order, None, Stage.A_TO_Z, START, RULES, Context(owner=owner))
