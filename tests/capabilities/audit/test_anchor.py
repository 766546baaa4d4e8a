"""The end of the trail, kept elsewhere, tells what the trail alone cannot: a tail cut with care, a trail made anew."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select, update

from app.audit import services as audit
from app.audit.chain import FIRST_HASH, hash_of
from app.audit.guards import drop_guards, install_guards
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import first_break
from app.audit.values import BadAnchorError, parse_anchor
from app.database import db, transaction, writing
from tests.people import Cast

pytestmark = pytest.mark.owner


@pytest.fixture
def kept(app: Flask, cast: Cast, tmp_path: Path) -> Path:
    """Keep the ends of both councils' trails, then let them grow."""
    file = tmp_path / "anchors"
    assert run(app, "anchor", "--to", str(file)).exit_code == 0
    with transaction():
        for _ in range(3):
            audit.record(council_id=cast.council_id, actor_id=None, action="test:ran")
    return file


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *words])


def unguard() -> None:
    """Be somebody who owns the tables or holds the file: the database refuses them nothing."""
    with writing(db.engine) as connection:
        drop_guards(connection)


def guard() -> None:
    with writing(db.engine) as connection:
        install_guards(connection)


def cut_after(council_id: UUID, sequence: int) -> None:
    """Cut the tail off and put the end right, as somebody would who knows how the trail is kept."""
    unguard()
    with transaction():
        mine = AuditEntry.council_id == council_id
        db.session.execute(delete(AuditEntry).where(mine, AuditEntry.sequence > sequence))
        last = select(AuditEntry.entry_hash).where(mine, AuditEntry.sequence == sequence)
        values = {"sequence": sequence, "entry_hash": last.scalar_subquery()}
        db.session.execute(update(AuditHead).where(AuditHead.council_id == council_id).values(values))
    guard()


def test_a_trail_that_only_grew_agrees_with_its_anchors(app: Flask, kept: Path) -> None:
    assert run(app, "anchor", "--to", str(kept)).exit_code == 0
    result = run(app, "verify", "--anchor", str(kept))
    assert (result.exit_code, "4 of 4 anchors agree" in result.output) == (0, True)


def test_a_tail_cut_with_care_is_found_and_its_place_named(app: Flask, cast: Cast, kept: Path) -> None:
    anchor = next(one for one in map(parse_anchor, kept.read_text().splitlines()) if one.council_id == cast.council_id)
    cut_after(cast.council_id, anchor.sequence - 2)
    assert first_break(cast.council_id) is None
    assert run(app, "verify").exit_code == 0
    result = run(app, "verify", "--anchor", str(kept))
    assert result.exit_code == 1
    assert f"broken at entry {anchor.sequence - 1}: the trail reached {anchor.sequence} at" in result.output
    assert "1 of 2 anchors agree" in result.output


def test_a_trail_written_anew_from_end_to_end_is_found(app: Flask, cast: Cast, kept: Path) -> None:
    unguard()
    with transaction():
        mine = AuditEntry.council_id == cast.council_id
        previous = FIRST_HASH
        for entry in db.session.execute(select(AuditEntry).where(mine).order_by(AuditEntry.sequence)).scalars():
            entry.action = entry.action if entry.sequence != 2 else "nothing:happened"
            entry.previous_hash = previous
            entry.entry_hash = previous = hash_of(entry)
        db.session.get_one(AuditHead, cast.council_id).entry_hash = previous
    guard()
    assert first_break(cast.council_id) is None
    result = run(app, "verify", "--anchor", str(kept))
    assert result.exit_code == 1
    assert "the trail up to here is not the one of" in result.output


def test_anchors_are_printed_as_lines_of_json(app: Flask, cast: Cast) -> None:
    found = {anchor.council_id: anchor for anchor in map(parse_anchor, run(app, "anchor").output.splitlines())}
    assert set(found) == {cast.council_id, cast.other_council_id}
    head = db.session.get_one(AuditHead, cast.council_id)
    assert (found[cast.council_id].sequence, found[cast.council_id].entry_hash) == (head.sequence, head.entry_hash)


@pytest.mark.parametrize("line", ["", "{}", "[1]", "null", '{"at": "x", "council": 1, "sequence": 1, "hash": "00"}'])
def test_a_line_that_is_no_anchor_is_refused(app: Flask, tmp_path: Path, line: str) -> None:
    with pytest.raises(BadAnchorError):
        parse_anchor(line)
    file = tmp_path / "anchors"
    file.write_text(f"{line or '-'}\n")
    result = run(app, "verify", "--anchor", str(file))
    assert (result.exit_code, "has a line that is no anchor" in result.output) == (1, True)


class Notary(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    posted: list[tuple[str, str]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.posted.append((self.headers["Content-Type"], self.rfile.read(length).decode()))
        self.send_response({"/broken": 500, "/elsewhere": 302}.get(self.path, 204))
        self.send_header("Location", "/anchors")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its own name)
        """Say nothing."""


@pytest.fixture
def notary() -> Iterator[HTTPServer]:
    Notary.posted = []
    server = HTTPServer(("127.0.0.1", 0), Notary)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_anchors_are_posted(app: Flask, cast: Cast, notary: HTTPServer) -> None:
    address = f"http://127.0.0.1:{notary.server_port}"
    assert run(app, "anchor", "--post", f"{address}/anchors").exit_code == 0
    ((kind, text),) = Notary.posted
    assert kind == "application/x-ndjson"
    assert {parse_anchor(line).council_id for line in text.splitlines()} == {cast.council_id, cast.other_council_id}
    for place in ("broken", "elsewhere"):
        refused = run(app, "anchor", "--post", f"{address}/{place}")
        assert (refused.exit_code, "Could not send" in refused.output) == (1, True)


@pytest.mark.parametrize("address", ["http://notary.example/", "file://localhost/etc/passwd", "ftp://127.0.0.1/"])
def test_anchors_go_nowhere_in_clear(app: Flask, address: str) -> None:
    assert app
    refused = run(app, "anchor", "--post", address)
    assert (refused.exit_code, "over https only" in refused.output) == (1, True)
