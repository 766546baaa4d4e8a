"""Saving the one-page profile: every version is kept."""

from datetime import datetime

from sqlalchemy import func, select

from app import clock
from app.accounts.values import Viewer
from app.database import db
from app.profiles.models import ProfileVersion
from app.profiles.queries import parts_not_for, picture_now
from app.profiles.values import LONGEST_SAID_BY, LONGEST_SECTION, MOST_LINES, PICTURE, SECTION_KEYS
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.typed import too_long as too_long_words
from app.young_people.services import record_written
from app.young_people.values import Access, Tie


class UnknownSectionError(ValueError):
    """A profile has no such heading."""


class TooLongError(ValueError):
    """Words that would not fit on the page; `too_long` names the headings."""

    def __init__(self, too_long: dict[str, str]) -> None:
        super().__init__("Some of it is too long for one page.")
        self.too_long = too_long


def save_profile(
    *, viewer: Viewer, access: Access, sections: dict[str, str], said_by: str, at: datetime | None = None
) -> ProfileVersion:
    """Keep the whole profile as its next version: who said it, and (the viewer) who typed it; the picture stays.

    A mentor types what they see of it; the other parts stay as they are. Raises UnknownSectionError, TooLongError, and
    NotFoundError for anybody else.
    """
    if not (access.is_self or Tie.MENTOR in access.ties):
        raise NotFoundError
    sections = {key: words.strip() for key, words in sections.items()} | parts_not_for(access)
    said_by = said_by.strip()
    check_profile(sections, said_by)
    picture = picture_now(access.young_person_id)
    last = select(func.coalesce(func.max(ProfileVersion.number), 0)).where(
        ProfileVersion.young_person_id == access.young_person_id
    )
    version = ProfileVersion(
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        number=db.session.execute(last).scalar_one() + 1,
        typed_by=viewer.account_id,
        at=at or clock.now(),
        said_by=said_by or access.name,
        sections=sections | ({PICTURE: picture} if picture else {}),
    )
    db.session.add(version)
    record_written(viewer=viewer, action="profile:saved", about=version)
    return version


def check_profile(sections: dict[str, str], said_by: str) -> None:
    """Raise UnknownSectionError, or TooLongError with a sentence for each heading that is too long."""
    if not set(sections) <= SECTION_KEYS:
        raise UnknownSectionError("A profile has no such heading.")
    limits = dict.fromkeys(sections, LONGEST_SECTION) | {"said_by": LONGEST_SAID_BY}
    too_long = {}
    for key, words in {**sections, "said_by": said_by}.items():
        if len(words) > limits[key]:
            too_long[key] = too_long_words(len(words), limits[key])
        elif words.count("\n") >= MOST_LINES:
            too_long[key] = _("There is room for %(lines)s lines: put some of them together.", lines=MOST_LINES)
    if too_long:
        raise TooLongError(too_long)
