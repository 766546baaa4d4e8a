"""Files that come with a form: held in memory only, never on a disk, and never more of one than fits."""

import io
from collections.abc import Callable
from typing import IO, Any, ParamSpec, TypeVar

from flask import Flask, Request, current_app, request

P = ParamSpec("P")
R = TypeVar("R")
TAKES_A_FILE = "tidemark_takes_a_file"
FIELD = "file"
LARGEST_FILE = 12_000_000
LARGEST_REQUEST = 64_000_000
"""A form is read to its end up to here, so that its words come back where its file is too big."""


class AtMost(io.BytesIO):
    """What was sent of a file, up to the largest that fits; of a larger one nothing is kept but its size."""

    sent = 0

    def write(self, data: Any, /) -> int:  # noqa: ANN401 (as io's own)
        length = memoryview(data).nbytes
        self.sent += length
        if not self.is_too_big:
            return super().write(data)
        self.seek(0)
        self.truncate()
        return length

    @property
    def is_too_big(self) -> bool:
        return self.sent > LARGEST_FILE


class UploadRequest(Request):
    """A request whose files stay in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return AtMost()


def takes_a_file(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a view's form has a file in it."""
    setattr(view, TAKES_A_FILE, True)
    return view


def is_for_a_file(endpoint: str | None) -> bool:
    return getattr(current_app.view_functions.get(endpoint or ""), TAKES_A_FILE, False)


def sent_file() -> AtMost | None:
    """Return the file that came with the form; None where none was chosen."""
    file = request.files.get(FIELD)
    return file.stream if file is not None and isinstance(file.stream, AtMost) and file.stream.sent else None


def install_uploads(app: Flask) -> None:
    """Let requests to views that take a file be larger than those to any other."""
    app.request_class = UploadRequest

    @app.before_request
    def make_room() -> None:
        if is_for_a_file(request.endpoint):
            request.max_content_length = LARGEST_REQUEST
