"""`flask serve`: gunicorn with the settings that Tidemark is tested under; and what every command checks first."""

import logging
import os
import socket
import sys
from collections.abc import Callable, Collection
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.crypto.key_providers import KeyUnavailableError
from app.operations.readiness import NotReadyError, check_ready, check_records, sqlite_warning

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def only_when_ready(group: click.Group, *, but: Collection[str] = ()) -> click.Group:
    """Let the commands of a group, but those named, begin only with the right keys and databases.

    With a wrong key they would write what nobody can read later, so nothing is written before the check.
    """
    for name, command in group.commands.items():
        if name not in but and command.callback is not None:
            command.callback = _checked(command.callback)
    return group


def _checked(run: Callable[P, R]) -> Callable[P, R]:
    @with_appcontext
    @wraps(run)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            check_records(_app())
            return run(*args, **kwargs)
        except (NotReadyError, KeyUnavailableError) as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException("The database cannot be reached, is busy or is full: try again.") from error

    return checked


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001 (werkzeug's own way)


def is_free(host: str, port: int) -> bool:
    """Say whether a server may listen on a port of this machine."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@click.command("serve", help="Serve Tidemark with gunicorn once its keys and databases are in order.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@with_appcontext
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Check that Tidemark may serve, then become gunicorn."""
    try:
        check_ready(_app())
    except NotReadyError as error:
        raise click.ClickException(str(error)) from error
    warning = sqlite_warning()
    if warning:
        logger.warning("%s", warning)
    if not is_free(host, port):
        raise click.ClickException(f"Something else answers on port {port}: stop it, or choose another with PORT=….")
    click.echo(f"Tidemark is at http://{host}:{port}/  (Ctrl+C stops it)")
    sys.stdout.flush()
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_RUN_FROM_CLI"}
    arguments = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{host}:{port}",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--worker-class",
        "gthread",
        "--worker-tmp-dir",
        _memory_folder(),
        "--log-level",
        "warning",
        "--logger-class",
        "app.operations.gunicorn_logs.OurLogger",
        "wsgi:app",
    ]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 (our own interpreter, no shell)


def _memory_folder() -> str:
    return "/dev/shm" if os.path.isdir("/dev/shm") else "."  # noqa: PTH112, S108 (gunicorn's heartbeat file)
