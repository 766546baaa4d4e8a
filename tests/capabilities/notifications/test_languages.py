"""What reaches a mailbox or a lock screen is in the language of whoever reads it."""

from uuid import uuid4

from app.accounts.models import Account
from app.database import db, transaction
from app.notifications.mail import letter
from app.notifications.queries import language_of
from app.notifications.values import Channel, Claimed, Kind
from app.settings import MailSecurity, MailSettings
from app.young_people.looks import Looks
from app.young_people.services import choose_looks
from tests.people import Cast

MAIL = MailSettings(sender="tidemark@derwent.example", host="127.0.0.1", port=25, security=MailSecurity.NONE)


def test_a_young_persons_letter_is_in_their_language_and_an_adults_in_english(cast: Cast) -> None:
    with transaction():
        choose_looks(viewer=cast.young_person, looks=Looks(language="pl"))
    words = {}
    for viewer in (cast.young_person, cast.mentor):
        language = language_of(db.session.get_one(Account, viewer.account_id))
        one = Claimed(uuid4(), viewer.account_id, Kind.PROMPT, Channel.EMAIL, "t", None, "me@example.org", language)
        written = letter([one], MAIL, "https://tidemark.example")
        words[written["Content-Language"]] = written.get_content()
    assert words["pl"].startswith(
        "Jest dla Ciebie pytanie, kiedy zechcesz.\n\nZaloguj się tutaj: https://tidemark.example"
    )
    assert words["en-GB"].startswith("There is a question for you, whenever you like.")
