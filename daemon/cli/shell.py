"""What every command has at hand: the options given before it, the settings, the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

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
        """The configuration. Raises ``ConfigurationError``."""
        from daemon import configuration  # noqa: PLC0415 - not every command reads it

        return configuration.read(self.config_path)

    @contextmanager
    def application(self) -> Iterator[Application]:
        """Open the application for the length of a command. Raises ``ConfigurationError`` and ``StoreError``."""
        settings = self.settings
        from daemon import logs  # noqa: PLC0415 - starting quickly matters where nothing is logged
        from daemon.application import Application  # noqa: PLC0415 - brings SQLAlchemy

        logs.configure("debug" if self.debug else "error")
        app = Application.open(settings)
        try:
            yield app
        finally:
            app.close()


pass_shell = click.make_pass_decorator(Shell, ensure=True)
