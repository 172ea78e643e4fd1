"""``relance init``: write a commented configuration, and say what to do next."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click

from daemon import resources
from daemon.cli import output
from daemon.cli.errors import Complaint, Exit
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, option
from daemon.say import LANGUAGES, asked_for, say, spoken

_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True)
class Answers:
    """What a configuration is written from."""

    name: str = ""
    email: str = ""
    host: str = ""
    username: str = ""
    maildir: str = ""
    password_file: str = ""
    owner_language: str = ""
    country: str = "FR"


def _language() -> str:
    """Return the language of the letters when none is asked for: that of ``--language``, else the locale's.

    French where that names none.
    """
    if (chosen := asked_for()) is not None:
        return chosen
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "C")
    return "fr" if locale.split(".")[0] in ("C", "POSIX") else spoken()


@command("init")
@option("--name", default="", metavar="NAME")
@option("--email", default="", metavar="ADDRESS")
@option("--host", default="", metavar="HOST")
@option("--username", default="", metavar="USER")
@option("--maildir", default="", metavar="FOLDER")
@option("--password-file", default="", metavar="FILE")
@option("--owner-language", type=click.Choice(LANGUAGES))
@option("--country", default="FR", metavar="XX")
@option("--force", is_flag=True)
@pass_shell
def init(shell: Shell, /, owner_language: str | None, force: bool, **given: str) -> None:
    """Write a configuration."""
    from daemon import configuration  # noqa: PLC0415 - brings pydantic

    path = configuration.places(shell.config)[0]
    if path.exists() and not force:
        raise Complaint("file_exists", Exit.TO_MEND, path=path)
    wanted = Answers(owner_language=owner_language or _language(), **given)
    if wanted.maildir and wanted.host:
        raise Complaint("both_kinds", Exit.USAGE)
    answers = _checked(_asked(wanted) if sys.stdin.isatty() else wanted)
    if not answers.password_file and not answers.maildir:
        answers = replace(answers, password_file=str(path.absolute().parent / "password"))
    _write(path, rendered(answers))
    configuration.read(path)
    _tell(path, answers, f"relance --config {shlex.quote(str(shell.config))}" if shell.config else "relance")


def _asked(answers: Answers) -> Answers:
    """Ask for what is missing, with a likely answer to begin with."""
    colon = f"{say('cli.heading.colon')} "
    name = answers.name or click.prompt(say("cli.init.ask.name"), prompt_suffix=colon)
    email = answers.email or click.prompt(say("cli.init.ask.email"), prompt_suffix=colon)
    if answers.maildir:
        return replace(answers, name=name, email=email)
    likely = f"imap.{email.rpartition('@')[2]}"
    host = answers.host or click.prompt(say("cli.init.ask.host"), default=likely, prompt_suffix=colon)
    username = answers.username or click.prompt(say("cli.init.ask.username"), default=email, prompt_suffix=colon)
    return replace(answers, name=name, email=email, host=host, username=username)


def _checked(answers: Answers) -> Answers:
    """Refuse what could not work. Raises ``Complaint``."""
    needed = ["name", "email"] if answers.maildir else ["name", "email", "host"]
    if missing := [f"--{name}" for name in needed if not getattr(answers, name)]:
        raise Complaint("not_given", Exit.USAGE, names=", ".join(missing))
    if not _ADDRESS.match(answers.email):
        raise Complaint("bad_address", Exit.USAGE, value=answers.email)
    if not re.fullmatch(r"[A-Za-z]{2}", answers.country):
        raise Complaint("bad_country", Exit.USAGE, value=answers.country)
    maildir = str(Path(answers.maildir).expanduser().absolute()) if answers.maildir else ""
    username = answers.username or answers.email
    return replace(answers, country=answers.country.upper(), username=username, maildir=maildir)


def rendered(answers: Answers) -> str:
    """Return the configuration, with its comments in the owner's language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only here

    folder = resources.templates() / "cli" / answers.owner_language
    environment = Environment(  # noqa: S701 - TOML, not HTML; values pass through the filter toml
        loader=FileSystemLoader(folder), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True
    )
    # A TOML basic string is a JSON string, but for DEL, which JSON leaves as it is.
    environment.filters["toml"] = lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return environment.get_template("relance.toml.j2").render(vars(answers))


def _write(path: Path, text: str) -> None:
    """Write the file for its owner's eyes only, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _tell(path: Path, answers: Answers, relance: str) -> None:
    output.line(say("cli.init.written", path=path))
    if not answers.maildir and not Path(answers.password_file).expanduser().exists():
        output.line(say("cli.init.password", file=answers.password_file))
    output.line(say("cli.init.next", relance=relance))
