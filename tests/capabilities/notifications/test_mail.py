"""E-mail through a real mail server: to whom it goes, what it says, and what becomes of it."""

from datetime import time, timedelta
from email.message import Message

from flask import Flask
from sqlalchemy import select

from app.accounts.values import Viewer
from app.database import db, transaction
from app.feed.services import write_post, write_reply
from app.notifications.delivery import deliver
from app.notifications.services import NotAnAddressError, choose_channel
from app.notifications.values import Channel, Kind, Outcome
from app.safeguarding.cover import same_hours
from app.safeguarding.queries import passed_on_to
from app.safeguarding.services import acknowledge, raise_concern, set_rules
from app.safeguarding.values import Rules
from app.young_people.models import Relationship
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import end_relationship
from app.young_people.values import Audience
from tests.capabilities.notifications.outbox import let_pass, notices, tell
from tests.capabilities.notifications.services_of_the_world import MailServer
from tests.conftest import SignIn
from tests.people import Cast

SECRET = "I am frightened of the stairs"


def ask_for_help(viewer: Viewer) -> None:
    with transaction():
        raise_concern(viewer=viewer, access=own_access(viewer), words=SECRET)


def text_of(letter: Message) -> str:
    return str(letter.get_payload()).replace("\r\n", "\n")


def send(app: Flask) -> str:
    done = app.test_cli_runner().invoke(args=["prompts", "send"])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_mentor_is_told_once_that_somebody_wants_a_word(app: Flask, cast: Cast, mails: MailServer) -> None:
    ask_for_help(cast.young_person)
    ask_for_help(cast.young_person)
    for _ in range(2):
        send(app)
    ((recipient, letter),) = mails.letters
    assert recipient == "jo@derwent.example"
    assert (letter["Subject"], letter["From"]) == ("Tidemark", "Tidemark <no-reply@tidemark.example>")
    said = text_of(letter)
    assert said.startswith("Somebody wants a word.\n")
    assert "https://tidemark.example/" in said
    for secret in (SECRET, "Amina", "Derwent", str(cast.amina)):
        assert secret not in letter.as_string()
    ask_for_help(cast.young_person)
    send(app)
    assert len(mails.letters) == 2
    assert len({letter["Message-ID"] for _, letter in mails.letters}) == 2


def test_what_a_mentor_has_taken_on_already_is_not_told(app: Flask, cast: Cast, mails: MailServer) -> None:
    with transaction():
        concern = raise_concern(viewer=cast.young_person, access=own_access(cast.young_person), words=SECRET)
        acknowledge(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), concern_id=concern.id)
    send(app)
    assert mails.letters == []


def test_those_who_cover_are_told_of_what_was_passed_on_once_and_no_more_when_it_is_taken(
    app: Flask, cast: Cast, mails: MailServer, sign_in: SignIn
) -> None:
    hours = same_hours(frozenset(range(7)), time(0), time(23, 59))
    cover = frozenset({cast.council_staff.account_id})
    with transaction():
        set_rules(viewer=cast.council_staff, rules=Rules((), hours, timedelta(hours=1), cover))
        query = select(Relationship).where(Relationship.account_id == cast.mentor.account_id)
        end_relationship(relationship=db.session.execute(query).scalar_one(), actor=cast.mentor)
    ask_for_help(cast.young_person)
    for _ in range(2):
        send(app)
    ((recipient, letter),) = mails.letters
    assert recipient == "colin@derwent.example"
    assert text_of(letter).startswith("Somebody wants a word.\n")
    assert SECRET not in letter.as_string()
    ask_for_help(cast.young_person)
    db.session.rollback()
    taken = [one.id for one in passed_on_to(cast.council_staff)]
    for concern_id in taken:
        assert sign_in(cast.council_staff).post(f"/calls-for-help/{concern_id}/take").status_code == 303
    send(app)
    assert len(mails.letters) == 1


def test_a_mentor_who_wants_none_gets_none(app: Flask, cast: Cast, mails: MailServer) -> None:
    with transaction():
        choose_channel(viewer=cast.mentor, channel=Channel.EMAIL, wanted=False)
    ask_for_help(cast.young_person)
    send(app)
    assert mails.letters == []


def test_a_young_person_gets_e_mail_only_where_they_gave_an_address(app: Flask, cast: Cast, mails: MailServer) -> None:
    tell(cast.young_person)
    send(app)
    assert mails.letters == []
    with transaction():
        choose_channel(viewer=cast.young_person, channel=Channel.EMAIL, wanted=True, address=" amina@home.example ")
    tell(cast.young_person)
    send(app)
    ((recipient, letter),) = mails.letters
    assert recipient == "amina@home.example"
    assert text_of(letter).startswith("There is a question for you, whenever you like.\n")
    with transaction():
        choose_channel(viewer=cast.young_person, channel=Channel.EMAIL, wanted=False)
    tell(cast.young_person)
    send(app)
    assert len(mails.letters) == 1


def test_a_new_reply_is_told_to_the_young_person_not_their_own(app: Flask, cast: Cast, mails: MailServer) -> None:
    with transaction():
        choose_channel(viewer=cast.young_person, channel=Channel.EMAIL, wanted=True, address="amina@home.example")
        post = write_post(
            viewer=cast.young_person, access=own_access(cast.young_person), words="Hello", audience=Audience.MENTOR
        )
        post_id = post.id
        write_reply(viewer=cast.young_person, post_id=post_id, words="me again")
    assert notices() == []
    with transaction():
        write_reply(viewer=cast.mentor, post_id=post_id, words="Well done with the stairs")
    send(app)
    ((_, letter),) = mails.letters
    assert text_of(letter).startswith("There is something for you.\n")
    assert "stairs" not in letter.as_string()


def test_no_address_can_carry_a_second_header(cast: Cast, mails: MailServer) -> None:
    for bad in ("a@b.example\nBcc: x@y.example", "a b@c.example", "nobody", "", "a@" + "b" * 300 + ".example"):
        try:
            with transaction():
                choose_channel(viewer=cast.young_person, channel=Channel.EMAIL, wanted=True, address=bad)
        except NotAnAddressError:
            continue
        raise AssertionError(bad)
    assert mails.letters == []


def test_a_server_that_is_busy_gets_it_later_and_a_refusal_is_final(app: Flask, cast: Cast, mails: MailServer) -> None:
    tell(cast.mentor, Kind.CONCERN)
    mails.answers = ["451 busy", "550 no such mailbox"]
    assert deliver() == (0, 1)
    assert notices()[0].outcome is Outcome.WAITING
    assert "sent 0; 0 not yet" in send(app)
    let_pass(timedelta(minutes=2))
    deliver()
    assert notices()[0].outcome is Outcome.REFUSED
    tell(cast.mentor, Kind.CONCERN)
    assert deliver() == (1, 0)


def test_a_server_that_is_down_is_tried_for_a_day_and_then_said_so(cast: Cast, app: Flask, mails: MailServer) -> None:
    tell(cast.mentor, Kind.CONCERN)
    mails.answers = ["421 going down"] * 3
    deliver()
    let_pass(timedelta(hours=24, minutes=2))
    deliver()
    assert notices()[0].outcome is Outcome.GAVE_UP
    assert mails.letters == []
    assert app.extensions["settings"].mail is not None
