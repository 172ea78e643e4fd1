"""Answers by many mail programs in many languages: ``shapes_reply.txt`` holds what each writes above a quotation."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.intake import note

ENTRIES = (Path(__file__).parent / "shapes_reply.txt").read_text("utf-8").split("\n== ")[1:]
SHAPES = {name: lines.rstrip("\n").split("\n") for name, _, lines in (entry.partition("\n") for entry in ENTRIES)}
ANSWER = ["Bonjour,", "", "le tiroir manque toujours : commande 171-2290418-7716503.", "Que faites-vous ?"]
OLD = ["Bonjour Robin,", "", "votre meuble est parti.", "", "Nadia"]


def quoted(lines: list[str]) -> list[str]:
    """Return lines with quote marks."""
    return [f"> {line}".rstrip() for line in lines]


@pytest.mark.parametrize("name", SHAPES)
def test_the_text_above_is_the_answer(name: str) -> None:
    """Shows that only what stands above is new, whether the program marks what it quotes or not."""
    shape = SHAPES[name]
    for old in (quoted(OLD), OLD, [f"    {line}" for line in OLD]):
        assert note.of_reply([*ANSWER, "", *shape, "", *old]) == "\n".join(ANSWER)
        assert note.of_reply([*ANSWER, *shape, *old]) == "\n".join(ANSWER)
    assert note.of_reply([*ANSWER, "", *quoted([*shape, "", *OLD])]) == "\n".join(ANSWER)


@pytest.mark.parametrize("name", SHAPES)
def test_the_text_below_or_between_is_the_answer(name: str) -> None:
    """Shows that an answer below the quotation, or between its lines, is found where nothing stands above it."""
    old = quoted(OLD)
    shape = SHAPES[name]
    assert note.of_reply([*shape, *old, "", *ANSWER]) == "\n".join(ANSWER)
    assert note.of_reply(["Bonjour,", *shape, *old[:3], "", "Non, rien.", "", *old[3:], ""]) == "Bonjour,\n\nNon, rien."
    assert note.of_reply([*shape, "", *old]) == ""


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis mon téléphone Orange",
        "Envoyé de mon Galaxy A52",
        "Envoyé à partir de Outlook pour Android",
        "Télécharger Outlook pour iOS<https://aka.example/x>",
        "Provenance : Courrier pour Windows",
        "Envoyé avec la messagerie sécurisée Proton Mail.",
        "Sent from my iPhone",
        "Sent from my Verizon Wireless 4G LTE smartphone",
        "Sent from Outlook for Android",
        "Sent from Yahoo Mail on Android",
        "Sent with Proton Mail secure email.",
        "Get Outlook for iOS<https://aka.example/y>",
        "Sent from Mail for Windows 10",
        "Sent from my Nothing (2)",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Gesendet von Outlook für Android",
        "Diese Nachricht wurde von meinem Android-Gerät gesendet.",
        "Enviado desde mi iPhone",
        "Obtener Outlook para Android",
        "Inviato da iPhone",
        "Inviato dal mio Galaxy",
        "Verstuurd vanaf mijn iPhone",
        "Enviado do meu iPhone",
        "Sendt fra min iPhone",
        "Skickat från min iPhone",
        "Lähetetty iPhonesta",
        "Wysłano z iPhone’a",
        "Odesláno z iPhonu",
        "Odoslané z iPhonu",
        "iPhone’umdan gönderildi",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "iPhoneから送信",
        "发自我的iPhone",
        "Trimis de pe iPhone-ul meu",
        "*Sent from my iPad*",
    ],
)
def test_a_telephones_line_ends_the_answer(line: str) -> None:
    """Shows that what a telephone or program adds, in any language, is not the writer's word."""
    assert note.tidy([*ANSWER, "", line, "", "Robin Lesage"]) == "\n".join(ANSWER)
    assert note.tidy([line, "", *ANSWER]) == "\n".join(ANSWER)


@pytest.mark.parametrize(
    "ending",
    [
        "-- |Robin Lesage|06 00 00 00 00",
        "--|Robin",
        "Cordialement,|Robin Lesage",
        "Cordialement, Robin",
        "Bien à vous||Robin",
        "Best regards,||//Robin",
        "Kind regards|Robin Lesage|Workshop Ltd|+44 20 0000 0000",
        "Mit freundlichen Grüßen|Robin",
        "MfG|R. Lesage",
        "Saludos|Robin",
        "Un saludo,",
        "Cordiali saluti|Robin",
        "Met vriendelijke groet,|Robin",
        "Cumprimentos",
        "Med venlig hilsen|Robin",
        "Mvh|Robin",
        "Med vänlig hälsning|Robin",
        "Ystävällisin terveisin|Robin",
        "Pozdrawiam,|Robin",
        "S pozdravem|Robin",
        "S pozdravom",
        "Üdvözlettel,|Robin",
        "Cu stimă,|Robin",
        "Saygılarımla|Robin",
        "С уважением,|Робин",
        "З повагою|Робін",
        "Srdačan pozdrav",
        "-Robin Lesage",
        "—Robin",
        "_______________|Liste mailing list|liste@example.org|https://example.org/mailman/listinfo/liste",
        '-- |You received this message because you are subscribed to the Google Groups "x" group.',
        "This email and any attachments are confidential and intended for the addressee only.",
        "Ce message et toutes les pièces jointes sont confidentiels.",
        "Garanti sans virus. www.avast.example",
        "====",
        "***|~~~~",
        "ᐧ",
        "Merci,|________________|Robin Lesage|Atelier",
    ],
)
def test_signatures_and_notices_are_no_answer(ending: str) -> None:
    """Shows that courtesies, names, rules, legal notices and lists' footers below the answer are left out."""
    kept = note.tidy([*ANSWER, "", *ending.split("|")]).removesuffix("Merci,").rstrip()
    assert kept == "\n".join(ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "On the box was written:\nfragile",
        "Le colis du 4 septembre est vide :\nrien dedans",
        "On Thursday:\nnothing came.\nOn Friday:\nnothing.",
        "De : Paris\nje n'ai rien reçu",
        "Sent from my desk, which is far easier than a telephone, mind you.",
        "Sent from Lyon, it never arrived in Nice.",
        "Envoyé de Lyon le 3, jamais arrivé.",
        "Best before the 4th: it was spoilt",
        "Regards to the driver, but the parcel is wet.",
        "Attention : le carton était ouvert",
        "- un tiroir\n- deux vis",
        "- Item #1\n    - Item #2",
        "Voici le code :\n```\n####\n# note\n```\nMerci",
        "Il manque :\n--> le tiroir",
        "Call me - Robin will answer - any day",
        "I wrote on 4 September 2026 at 15:47 and nobody answered.",
        "Merci de répondre",
        "Von: Hand geliefert, aber leer",
        "The total is 3 > 2 parcels",
        "👍",
        ":+1:",
        "ok",
        "Date : le 4\nHeure : 15:47",
        "Am Montag kam nichts: leer",
        "See https://example.org/on-4-september-somebody-wrote: nothing",
        "Cordialement est un mot que je n'écris plus, mon colis n'étant pas venu.",
        "This message is no reproach: the parcel never came",
    ],
)
def test_words_that_look_like_something_else_stay(text: str) -> None:
    """Shows that sentences, lists and code that resemble quotations or signatures are kept whole."""
    assert note.of_reply(text.split("\n")) == text


@pytest.mark.parametrize(
    "warning",
    [
        "CAUTION: This email originated from outside of the organization. Do not click links.",
        "[EXTERNAL] This message comes from an external sender.",
        "You don't often get email from robin@example.net. Learn why this is important",
        "Attention : ce mail provient de l'extérieur",
        "ACHTUNG: Externe E-Mail",
    ],
)
def test_a_gateways_warning_is_no_answer(warning: str) -> None:
    """Shows that the paragraph a company's gateway puts above a mail is left out."""
    assert note.of_reply([warning, "", *ANSWER]) == "\n".join(ANSWER)


def test_a_broken_quotation_is_no_answer() -> None:
    """Shows that the end of a long quoted line, broken off without its mark, is not taken for the answer."""
    long = "> " + "le meuble que vous avez commandé est parti ce matin de notre atelier de la rue"
    lines = ["Bonjour", SHAPES["fr gmail"][0], long, "Haute", "> et arrivera mardi", "", "Rien ne vient."]
    assert note.of_reply(lines) == "Bonjour\n\nRien ne vient."


def test_an_address_on_lines_of_its_own_introduces_a_quotation() -> None:
    """Shows that an introduction broken over many lines, empty ones among them, is found with its first line."""
    lines = [
        "Rien reçu.",
        "",
        "On Fri, 4 Sep 2026 at 15:47 Shop",
        "",
        "<",
        "mailto:Shop <shop@ferrand.example>",
        "> wrote:",
    ]
    assert note.of_reply([*lines, "", *OLD]) == "Rien reçu."
    assert (
        note.of_reply(["Rien reçu.", "On Sep 4, 2026,", "at 15:47,", "Shop <shop@ferrand.example> wrote:", *OLD])
        == "Rien reçu."
    )


@pytest.mark.parametrize(
    "line",
    [
        "##- Please type your reply above this line -##",
        "-- Répondez au-dessus de cette ligne --",
        "----- Bitte antworten Sie oberhalb dieser Zeile -----",
        "## Responda por encima de esta línea ##",
        "***** この行より上に返信してください *****",
    ],
)
def test_an_answer_stands_above_the_line_that_asks_for_it(line: str) -> None:
    """Shows that what stands below a line that asks for answers above it is the answered mail."""
    assert note.of_reply([*ANSWER, "", line, "", *OLD]) == "\n".join(ANSWER)


def test_answers_between_quoted_paragraphs_belong_to_the_words_above() -> None:
    """Shows that a sentence above the quotation does not hide the answers between its paragraphs."""
    above = "Bonjour, je réponds dans le texte ci-dessous."
    lines = [
        above,
        "",
        "Le 4 sept. 2026 à 15:47, Nadia <n@atelier.example> a écrit :",
        "",
        "> Est-il là ?",
        "",
        "Non.",
        "",
    ]
    assert note.of_reply([*lines, "> Remboursé ?", "", "Pas encore."]) == f"{above}\n\nNon.\n\nPas encore."


def test_an_introduction_without_a_day_counts_above_quoted_lines() -> None:
    """Shows that an address and "wrote" introduce a quotation where quoted lines follow, and are words elsewhere."""
    line = "Nadia <n@atelier.example> a écrit :"
    assert note.of_reply([*ANSWER, "", line, "", *quoted(OLD)]) == "\n".join(ANSWER)
    assert note.of_reply([*ANSWER, "", line, "«\xa0absent\xa0»"]).endswith("absent »")


@pytest.mark.parametrize(
    "notice",
    [
        "This e-mail may contain confidential and privileged material for the sole use of the addressee.",
        "Diese E-Mail kann vertrauliche Informationen enthalten und ist nur für den Empfänger bestimmt.",
        "Ce message peut contenir des informations réservées à son destinataire, qui en est seul juge.",
        "Il presente messaggio contiene informazioni riservate, destinate soltanto a chi lo riceve.",
        "P Avant d'imprimer, pensez à l'environnement.",
    ],
)
def test_a_legal_notice_in_other_words_ends_the_answer(notice: str) -> None:
    """Shows that a long line about the mail being confidential is none of the writer's words, and a short one is."""
    assert note.tidy([*ANSWER, "", notice, "Robin"]) == "\n".join(ANSWER)
    assert note.tidy(["Ce message est pour le destinataire."]) == "Ce message est pour le destinataire."


@pytest.mark.parametrize(
    "closing",
    [
        "Belle journée,",
        "よろしくお願いいたします。",
        "Fijne dag,",
        "Miłego dnia",
        "Ha en bra dag!",
        "Buona giornata",
        "Kolay gelsin",
    ],
)
def test_everyday_courtesies_end_the_answer(closing: str) -> None:
    """Shows that what people wish each other at the end of a mail is a courtesy in each language."""
    assert note.tidy([*ANSWER, "", closing, "Robin"]) == "\n".join(ANSWER)
