"""Making a link to a one-page profile, stopping it, and noting each time that somebody uses it."""

import secrets
from uuid import UUID

from app import clock
from app.accounts import throttle
from app.accounts.passwords import hash_token
from app.accounts.services import CODE_ALPHABET, TooManyTriesError
from app.accounts.throttle import Bucket
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.profiles.link_queries import link_with, links_of, own_link
from app.profiles.link_values import CODE_LENGTH, MOST_WORKING, NewLink
from app.profiles.models import ProfileLink, ProfileOpening
from app.web.languages import _
from app.young_people.services import record_written
from app.young_people.values import Access

MOST_WRONG = 20


class TooManyLinksError(ValueError):
    """As many links work already as there may be."""


def make_link(*, viewer: Viewer, access: Access, new: NewLink) -> tuple[ProfileLink, str]:
    """Return a link to the young person's own profile and its code, which is kept nowhere.

    Raises NotFoundError for anybody but the young person, and TooManyLinksError.
    """
    moment = clock.now()
    working = [one for one in links_of(access) if one.stopped_at is None and one.ends_at > moment]
    if len(working) >= MOST_WORKING:
        raise TooManyLinksError(_("You have %(number)s links that work. Stop one first.", number=MOST_WORKING))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    link = ProfileLink(
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        made_by=viewer.account_id,
        made_at=moment,
        ends_at=moment + new.lasts.length,
        code_hash=hash_token(code),
        for_whom=new.for_whom,
        shown=list(new.shown),
    )
    db.session.add(link)
    record_written(viewer=viewer, action="profile_link:made", about=link)
    return link, code


def stop_link(*, viewer: Viewer, access: Access, link_id: UUID) -> None:
    """End a link at once; doing it twice changes nothing. Raises NotFoundError."""
    link = own_link(access, link_id)
    if link.stopped_at is None:
        link.stopped_at = clock.now()
        record_written(viewer=viewer, action="profile_link:stopped", about=link)


def open_link(*, council_id: UUID, code: str, address: str, is_copy: bool) -> ProfileLink | None:
    """Return the link of a code and note that it was used; None where it does not work now, counting the failure.

    A right code opens even where the address has failed too often; else that raises TooManyTriesError.
    """
    link = link_with(council_id, hash_token("".join(filter(str.isalnum, code)).upper()))
    if link is None:
        bucket = Bucket(council_id, "link-address", address, MOST_WRONG)
        if throttle.is_stopped([bucket]):
            raise TooManyTriesError
        throttle.count_failure([bucket])
        return None
    opening = ProfileOpening(
        council_id=link.council_id,
        young_person_id=link.young_person_id,
        link_id=link.id,
        at=clock.now(),
        is_copy=is_copy,
    )
    db.session.add(opening)
    db.session.flush()
    audit.record(
        council_id=link.council_id,
        actor_id=None,
        action="profile_link:opened",
        young_person_id=link.young_person_id,
        about=link,
    )
    return link
