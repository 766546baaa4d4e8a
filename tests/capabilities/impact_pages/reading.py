"""Pages and files as their readers see them."""

import csv
import io
import re
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy import select

from app.breaks.models import Offer
from app.database import db


def text_of(html: str) -> str:
    """Return what a reader reads: no tags, spaces run together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def csv_rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def words_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def offer_id(name: str) -> UUID:
    return db.session.execute(select(Offer.id).where(Offer.name == name)).scalar_one()


def path_of(name: str, end: str = "") -> str:
    """Return the address of one intervention's page, or of what follows after it."""
    return f"/what-helped/{offer_id(name)}{end}"
