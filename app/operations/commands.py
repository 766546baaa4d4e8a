"""`flask serve`: gunicorn with the settings that Tidemark is tested under."""

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.operations.readiness import NotReadyError, check_ready


@click.command("serve", help="Serve Tidemark with gunicorn once its keys and databases are in order.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@with_appcontext
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Check that Tidemark may serve, then become gunicorn."""
    try:
        check_ready(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 (werkzeug's own way)
    except NotReadyError as error:
        raise click.ClickException(str(error)) from error
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
        "wsgi:app",
    ]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 (our own interpreter, no shell)


def _memory_folder() -> str:
    return "/dev/shm" if os.path.isdir("/dev/shm") else "."  # noqa: PTH112, S108 (gunicorn's heartbeat file)
