"""Every page there is, by whose it is: what is looked at in a browser and what a picture is taken of.

A test holds this list against the app's own addresses: a page that is in neither it nor `NO_PAGE` fails.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.accounts.sessions import viewer_of
from app.accounts.values import Viewer
from app.breaks.models import Attendance, Offer, Session
from app.checkins.models import CheckIn
from app.database import Row, db, transaction
from app.demo.queries import cast_accounts
from app.goals.models import Goal
from app.media.models import Media
from app.media.values import HangsOn
from app.oversight.emergency_services import open_in_emergency
from app.records.services import ask_to_be_forgotten
from app.safeguarding.services import raise_concern
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access

R = TypeVar("R", bound=Row)
PAGES = {
    "young_person": (
        "/home", "/check-in", "/check-ins", "/how-i-answer", "/posts", "/posts/new", "/posts/new/photo",
        "/posts/new/drawing", "/posts/new/voice", "/goals", "/goals/new", "/profile",
        "/profile/edit", "/profile/print", "/profile/versions", "/profile/links", "/profile/who-sees",
        "/profile/add/photo", "/profile/add/drawing",
        "/my-breaks", "/my-breaks/so-far", "/me", "/me/my-data", "/my-copy", "/sign-in-again", "/me/who-looked",
        "/me/my-weeks", "/me/how-it-looks", "/reminders", "/notifications", "/help-now", "/help-now/words",
    ),
    "parent_carer": ("/caseload", "/how-i-am", "/my-copy"),
    "mentor": ("/caseload", "/emergency-access", "/let-a-phone-in"),
    "council_staff": (
        "/what-helped", "/what-helped?by=need", "/what-helped?by=sex&and=age", "/what-helped/explore",
        "/what-helped?outcome=school-attendance", "/what-helped/treated-as-asked", "/what-helped/attendance-bands",
        "/what-helped/budget", "/young-people", "/young-people/new", "/offers", "/offers/new", "/providers",
        "/data-requests", "/calls-for-help", "/calls-for-help/rules", "/notifications", "/emergency-access",
    ),
    "provider": ("/offers",),
    "administrator": ("/accounts", "/my-sign-in", "/my-sign-in/password", "/single-sign-on"),
    "auditor": ("/audit", "/audit?area=seen", "/audit/emergency-access", "/sign-in-again"),
    "nobody": (
        "/", "/c/derwent/sign-in", "/c/derwent/card", "/c/derwent/let-me-in", "/c/derwent/one-page",
        "/is-it-done", "/offline", "/c/derwent/forgotten-password", "/c/derwent/new-password",
    ),
}  # fmt: skip
"""Pages that need no id."""
OF_ONE = {
    "young_person": (
        "/check-ins/{check_in}", "/check-ins/{check_in}/add/photo", "/goals/{goal}", "/goals/{goal}/edit",
        "/my-breaks/{session}", "/media/{media}", "/posts/{post}/add/photo", "/posts/{post}/edit",
        "/posts/{post}/delete",
    ),
    "parent_carer": (
        "/young-people/{amina}", "/young-people/{amina}/profile", "/young-people/{amina}/profile/print",
        "/young-people/{amina}/what-followed",
    ),
    "mentor": (
        "/young-people/{amina}", "/young-people/{amina}/note", "/young-people/{amina}/life-event",
        "/young-people/{amina}/profile", "/young-people/{amina}/profile/edit", "/young-people/{amina}/reminders",
        "/young-people/{amina}/school", "/young-people/{amina}/sign-in-card", "/young-people/{amina}/decisions",
        "/young-people/{amina}/decisions/part_admire", "/young-people/{amina}/check-in-together",
        "/young-people/{amina}/what-followed", "/posts/{post}", "/media/{media}", "/calls-for-help/{concern}",
    ),
    "council_staff": (
        "/what-helped/{offer}", "/what-helped/{offer}/explore", "/young-people/{amina}/record",
        "/young-people/{amina}/record/edit", "/young-people/{amina}/forget", "/offers/{offer}", "/offers/{offer}/edit",
        "/offers/{offer}/places/new", "/offers/{offer}/sessions/new", "/data-requests/{request}/no",
        "/sessions/{session}/register", "/young-people/{ben}",
    ),
    "provider": ("/offers/{offer}", "/sessions/{session}/register", "/sessions/{session}/profiles/{amina}"),
    "auditor": ("/audit/emergency-access/{emergency}",),
}  # fmt: skip
"""Pages of one young person, post, session..., whose ids `ids_of` finds."""
FILES = (".csv", ".xlsx", ".pdf", ".png", ".json", ".webmanifest", ".js")
NO_PAGE = {
    "static": "files",
    "accounts.healthy": "an answer for machines",
    "letting_in.news": "an answer for a page that waits",
    "phone.ticket": "an answer for the outbox",
    "attachments.file": "bytes of a picture or a sound",
    "attachments.small": "bytes of a picture",
    "accounts.leave": "goes to the weather",
    "demo.sign_in_as": "signs in and goes on",
    "sign_on.begin": "goes on to a council’s own sign-in",
    "sign_on.answer": "comes back from a council’s own sign-in",
    "sign_on.again": "goes on to a council’s own sign-in",
    "sign_on.connect": "goes on to a council’s own sign-in",
    "sign_on.account": "needs a council’s own sign-in: tests of single sign-on",
    "demo.choose": "there in a demo only; the pictures of what it leads to are the others",
    "accounts.picture_code": "needs a phone that is enrolled: tests/journeys/test_signing_in.py",
    "second_step.ask": "needs a password that was right a moment ago: tests/journeys/test_signing_in.py",
    "records.confirm": "needs two people of the council: tests/journeys/test_forgetting.py",
    "records.kept": "needs somebody who was forgotten: tests/journeys/test_forgetting.py",
    "together.saved": "needs an answer typed a moment ago: tests/journeys/test_together.py",
}
"""Addresses that show no page, or one that only a journey of its own can open; each with why."""
REASON = "Somebody at school rang: nobody has seen them since this morning, and they left their phone behind."


def people() -> dict[str, Viewer]:
    """Return who is who in the made-up council, by role."""
    return {member.role: viewer_of(account) for member, account in cast_accounts()}


def ids_of(cast: dict[str, Viewer]) -> dict[str, UUID]:
    """Return the ids that pages of one thing need, after adding what the made-up council lacks; commits."""
    amina, ben = cast["young_person"].young_person_id, cast["other_young_person"].young_person_id
    assert amina is not None
    assert ben is not None
    with transaction():
        person = db.session.get_one(YoungPerson, ben)
        staff = cast["council_staff"]
        emergency = open_in_emergency(viewer=staff, person=person, reason=REASON, minutes=60).id
        request = ask_to_be_forgotten(viewer=cast["other_young_person"]).id
        access = own_access(cast["young_person"])
        concern = raise_concern(viewer=cast["young_person"], access=access, words="Can you ring me after school?").id
    media = _newest(Media, Media.young_person_id == amina, Media.hangs_on == HangsOn.POST)
    came = select(Session.id, Session.offer_id).join(Attendance, Attendance.session_id == Session.id)
    theirs = came.join(Offer, Offer.id == Session.offer_id).where(Attendance.young_person_id == amina)
    climbed = theirs.where(Offer.name == "Climbing club").order_by(Session.starts_at)
    session, offer = db.session.execute(climbed).all()[-1]
    return {
        "amina": amina,
        "ben": ben,
        "emergency": emergency,
        "request": request,
        "concern": concern,
        "media": media.id,
        "post": media.entry_id,
        "check_in": _newest(CheckIn, CheckIn.young_person_id == amina).id,
        "goal": _newest(Goal, Goal.young_person_id == amina).id,
        "session": session,
        "offer": offer,
    }


def _newest(kind: type[R], *where: ColumnElement[bool]) -> R:
    return db.session.execute(select(kind).where(*where)).scalars().all()[-1]


def all_paths(ids: dict[str, UUID]) -> dict[str, list[str]]:
    """Return every page's address, by whose it is."""
    return {role: [*paths, *(one.format(**ids) for one in OF_ONE.get(role, ()))] for role, paths in PAGES.items()}
