"""What every command has at hand: the options given before it, the settings, the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from daemon import say

if TYPE_CHECKING:
    from daemon.application import Application
    from daemon.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Shell:
    """One call of ``relance``."""

    config: Path | None = None
    debug: bool = False

    @cached_property
    def config_path(self) -> Path:
        """Where the configuration is. Raises ``ConfigurationMissing``."""
        from daemon import configuration  # noqa: PLC0415 - not every command reads it

        return configuration.find(self.config)

    @cached_property
    def settings(self) -> Settings:
        """The configuration; its first owner's country decides in which zone times are told.

        Raises ``ConfigurationError``.
        """
        from daemon import configuration  # noqa: PLC0415 - not every command reads it

        settings = configuration.read(self.config_path)
        say.live_in(settings.mailboxes[0].owner.country)
        return settings

    @contextmanager
    def application(self) -> Iterator[Application]:
        """Open the application for the length of a command. Raises ``ConfigurationError`` and ``StoreError``."""
        settings = self.settings
        from daemon import logs  # noqa: PLC0415 - starting quickly matters where nothing is logged
        from daemon.application import Application  # noqa: PLC0415 - brings SQLAlchemy

        logs.configure("debug" if self.debug else "error")
        with self.database():
            app = Application.open(settings)
            try:
                yield app
            finally:
                app.close()

    @contextmanager
    def database(self) -> Iterator[Path]:
        """Give the database's path; what goes wrong with it is told with its name. Raises ``Complaint``."""
        from daemon import locations  # noqa: PLC0415 - not every command needs it
        from daemon.cli.explain import of_store  # noqa: PLC0415 - it knows every stage's errors
        from daemon.store.errors import StoreError  # noqa: PLC0415

        path = locations.database(self.settings)
        try:
            yield path
        except StoreError as error:
            raise of_store(error, path) from error


pass_shell = click.make_pass_decorator(Shell, ensure=True)
