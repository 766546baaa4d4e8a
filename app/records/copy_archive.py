"""The copy as a ZIP file, made while it is sent: nothing of it is written to a disk or kept in a cache."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import current_app, render_template

from app import clock
from app.records.copy_values import FORMAT, Cell, CopiedFile, PersonalCopy
from app.web.dates import time_in_words, whole_date

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


class _Sink(io.RawIOBase):
    """What a ZIP file is written to, and taken away from, without end or way back."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # bytes are all that zipfile writes
        self.held += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self.held)
        self.held.clear()
        return taken


def archive(copy: PersonalCopy) -> Iterator[bytes]:
    """Yield a ZIP file: `data.json` for machines, `index.html` for people, and each photo, drawing and voice note."""
    sink = _Sink()
    files = list[CopiedFile]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as whole:
        for one in copy.media():
            files.append(CopiedFile(f"media/{one.file_name}", one.description, one.kind.is_picture))
            whole.writestr(files[-1].name, one.contents, zipfile.ZIP_STORED)
            yield sink.take()
        whole.writestr("data.json", as_json(copy, files))
        yield sink.take()
        whole.writestr("index.html", as_page(copy, files))
        whole.writestr("copy.css", (Path(current_app.static_folder or "") / "css" / "copy.css").read_bytes())
    yield sink.take()


def as_json(copy: PersonalCopy, files: list[CopiedFile]) -> str:
    """Return the copy as one document; `files` name what is beside it."""
    facts = {
        "format": FORMAT,
        "whose": copy.whose,
        "held_by": copy.council,
        "made_at": copy.made_at.isoformat(timespec="seconds"),
        "tables": {table.name: table.rows for table in copy.tables},
        "files": [{"name": one.name, "description": one.title} for one in files],
        "left_out": [{"what": what, "why": why} for what, why in copy.left_out],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def as_page(copy: PersonalCopy, files: list[CopiedFile]) -> str:
    """Return the copy as a page that needs nothing but itself and the files beside it."""
    at = clock.in_britain(copy.made_at)
    made = f"{whole_date(at.date())} at {time_in_words(copy.made_at)}"
    return render_template("records/copy.html", copy=copy, files=files, made=made, in_words=in_words)


def in_words(value: Cell) -> Cell:
    """Return a moment as a British clock shows it, yes or no for true or false, and anything else as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return value
    moment = datetime.fromisoformat(value)
    return f"{whole_date(clock.in_britain(moment).date())}, {time_in_words(moment)}"
