"""Commands whose help comes from the catalogues, in the language that is spoken when it is asked for.

A command named ``orders`` takes ``cli.orders.short``, ``cli.orders.help`` and ``cli.orders.examples``; an option takes
``cli.orders.option.<name>``, else ``cli.option.<name>``. Modules of commands are imported when they are called.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar, cast

import click

from daemon.cli.errors import Complaint, Exit, near
from daemon.say import known, say

_HEADINGS = ("options", "commands", "positional arguments")
F = TypeVar("F", bound=Callable[..., Any])


class Formatter(click.HelpFormatter):
    """Writes click's own words in the language spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or f"{say('cli.heading.usage')} ")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        if heading.lower() in _HEADINGS:
            heading = say(f"cli.heading.{heading.lower().replace(' ', '_')}")
        self.write(f"{'':>{self.current_indent}}{heading}{say('cli.heading.colon')}\n")

    def write_verbatim(self, text: str) -> None:
        """Write lines as they are, indented."""
        for line in text.splitlines():
            self.write(f"{'':>{self.current_indent}}{line}\n" if line else "\n")


class Context(click.Context):
    """A context whose help is written by ``Formatter``."""

    formatter_class = Formatter


def _path(ctx: click.Context) -> str:
    """Return the key of the command that a context stands for: ``quarantine.list``, or ``relance`` for the root."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.info_name or "")
        ctx = ctx.parent
    return ".".join(reversed(names)) or "relance"


class Option(click.Option):
    """An option described in the catalogues."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option as written in the help."""
        own = f"cli.{_path(ctx)}.option.{self.name}"
        self.help = say(own if known(own) else f"cli.option.{self.name}")
        return super().get_help_record(ctx)


class _Told(click.Command):
    """What commands and groups share."""

    context_class = Context

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"cli.{_path(ctx)}.help"))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and for the root what belongs below them."""
        assert isinstance(formatter, Formatter)
        for part in ("examples", "exit_codes"):
            if known(f"cli.{_path(ctx)}.{part}"):
                with formatter.section(say(f"cli.heading.{part}")):
                    formatter.write_verbatim(say(f"cli.{_path(ctx)}.{part}").strip("\n"))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Describe ``--help`` itself."""
        if (option := super().get_help_option(ctx)) is not None:
            option.help = say("cli.option.help")
        return option


class Command(_Told):
    """A command described in the catalogues."""


class Group(_Told, click.Group):
    """A group described in the catalogues. ``lazy`` maps a name to ``module:attribute``."""

    command_class = Command

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **attrs: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*args, **attrs)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which they are taught."""
        return [*self.lazy, *(name for name in self.commands if name not in self.lazy)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command when it is called for."""
        if cmd_name not in self.commands and cmd_name in self.lazy:
            module, _, attribute = self.lazy[cmd_name].partition(":")
            loaded = getattr(import_module(module), attribute)
            loaded.context_class = Context
            self.add_command(loaded, cmd_name)
        found = super().get_command(ctx, cmd_name)
        if found is not None and (option := found.get_help_option(Context(found))) is not None:
            option.help = say("cli.option.help")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or offer the nearest one. Raises ``Complaint``."""
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], names, n=1)
            raise Complaint("no_such_command", Exit.USAGE, name=args[0], near=near(close), help=ctx.command_path)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        prefix = "" if ctx.parent is None else f"{_path(ctx)}."
        with formatter.section(say("cli.heading.commands")):
            formatter.write_dl([(name, say(f"cli.{prefix}{name}.short")) for name in self.list_commands(ctx)])


def command(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function."""
    return cast("Callable[[Callable[..., Any]], Command]", click.command(name, cls=Command))


def option(*names: str, **attrs: Any) -> Callable[[F], F]:  # noqa: ANN401 - click's attributes
    """Add an option, described in the catalogues."""
    return click.option(*names, cls=Option, **attrs)


json_option = option("--json", "as_json", is_flag=True)
owner_option = option("--owner", "owner", metavar="ADDRESS")


def explained(error: click.UsageError) -> str:
    """Return click's complaint about the command line in the language spoken."""
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return say("error.usage.missing", name=error.param.get_error_hint(error.ctx or click.get_current_context()))
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.BadOptionUsage):
        return say("error.usage.option", name=error.option_name)
    if "unexpected extra" in error.message:
        return say("error.usage.extra", names=inspect.cleandoc(error.message.partition("(")[2].rstrip(")")))
    return error.format_message()


def _no_such_option(error: click.NoSuchOption) -> str:
    if error.ctx is None or not _is_of_the_root(error.ctx, error.option_name):
        return say("error.usage.no_such_option", name=error.option_name, near=near(error.possibilities))
    command = error.ctx.command_path.partition(" ")[2]
    return say("error.usage.before", name=error.option_name, command=command)


def _is_of_the_root(ctx: click.Context, name: str) -> bool:
    root = ctx.find_root()
    return ctx is not root and any(name in one.opts for one in root.command.params)


def _bad_value(error: click.BadParameter) -> str:
    name = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "")
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return say("error.usage.choice", name=name, choices=", ".join(str(one) for one in kind.choices))
    if isinstance(kind, click.Path):
        return say("error.usage.path" if kind.file_okay else "error.usage.folder", name=name)
    if isinstance(kind, click.types.IntParamType):
        return say("error.usage.number", name=name)
    return say("error.usage.value", name=name, why=error.message)
