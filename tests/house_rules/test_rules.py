"""docs/safety/rules.md: the limits that it states are those of the code."""

from datetime import timedelta

from app import LARGEST_FORM
from app.accounts.reset_services import LIFE
from app.accounts.services import CARD_LIFE, GIVEN_FOR
from app.accounts.sessions import ABSOLUTE, ABSOLUTE_ADULT, FRESH, IDLE, IDLE_ADULT
from app.accounts.values import LONGEST_PASSWORD, SHORTEST_PASSWORD, Role
from app.checkins.values import LONGEST_WORDS
from app.feed.values import LONGEST_POST, LONGEST_REPLY
from app.goals.values import LONGEST_TITLE
from app.impact.waiting import LONGEST
from app.imports.reading import LARGEST_RATIO, LARGEST_WORKBOOK
from app.media.cleaning import MOST_AT_ONCE, PATIENCE, PICTURES, SOUNDS
from app.media.opening import LONGEST_SIDE, MOST_PIXELS
from app.media.values import LONGEST_VOICE_NOTE, MOST_A_DAY, MOST_ON_ONE
from app.notifications.services import MOST_BROWSERS
from app.oversight.views import MOST_ROWS
from app.profiles.link_values import MOST_WORKING
from app.profiles.values import LONGEST_SECTION
from app.safeguarding import services as safeguarding
from app.safeguarding.values import MOST_PHRASES
from app.timeline.forms import LONGEST_NOTE
from app.web.uploads import LARGEST_FILE
from tests.house_rules.test_papers import PAPERS, rows, sections

RULES = sections(PAPERS["rules"], "##")


def test_limits_are_those_of_the_code() -> None:
    stated = dict(rows(RULES["Limits"]))
    assert stated.pop("passkeys, phones and sessions of one account").startswith("any number")
    assert {what: int(limit.replace(",", "")) for what, limit in stated.items()} == {
        "letters in a check-in": LONGEST_WORDS,
        "letters in a post": LONGEST_POST,
        "letters in a reply": LONGEST_REPLY,
        "letters under one heading of a one-page profile": LONGEST_SECTION,
        "letters in a goal’s title": LONGEST_TITLE,
        "letters in a note": LONGEST_NOTE,
        "letters in a call for help": safeguarding.LONGEST_WORDS,
        "letters in a password, at least": SHORTEST_PASSWORD,
        "letters in a password, at most": LONGEST_PASSWORD,
        "bytes of a form without a file": LARGEST_FORM,
        "media on one entry": MOST_ON_ONE,
        "media of one young person in a day": MOST_A_DAY,
        "working links to one profile": MOST_WORKING,
        "browsers of one account that get push messages": MOST_BROWSERS,
        "phrases that a council looks for": MOST_PHRASES,
        "rows of the trail in one file": MOST_ROWS,
    }


def test_what_is_said_of_files_is_so() -> None:
    photo, _drawing, voice, table = rows(RULES["Files"])
    names = {"JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIC"}
    assert {name for name in names if name in photo[1].upper()} == names
    assert len(PICTURES) == len(names)
    assert photo[2] == f"{LARGEST_FILE:,} bytes, {MOST_PIXELS:,} pixels"
    assert f"{LONGEST_SIDE:,} pixels a side" in photo[3]
    assert len(SOUNDS) == len(voice[1].removesuffix(", with the extra").replace(" and WebM", "").split(", "))
    assert voice[2] == f"{LARGEST_FILE:,} bytes, {LONGEST_VOICE_NOTE} seconds"
    assert table[2] == f"{LARGEST_WORKBOOK:,} bytes unpacked, {LARGEST_RATIO} times its packed size"


def test_times_are_those_of_the_code() -> None:
    def minutes(span: timedelta) -> str:
        return f"{span // timedelta(minutes=1)} minutes"

    own, hours = Role.YOUNG_PERSON, timedelta(hours=1)
    assert dict(rows(RULES["Time"])) == {
        "a young person’s session without use, and in all": f"{IDLE[own].days} days, {ABSOLUTE[own].days} days",
        "an adult’s session without use, and in all": f"{minutes(IDLE_ADULT)}, {ABSOLUTE_ADULT // hours} hours",
        "what asks again who somebody is": minutes(FRESH),
        "a sign-in card": minutes(CARD_LIFE),
        "a code that chooses a new password": minutes(LIFE),
        "a first password that somebody else typed": f"{GIVEN_FOR.days} days",
        "the process that opens a file": f"{PATIENCE} seconds, {MOST_AT_ONCE} at a time in each worker",
        "figures of a large council wait, at most": f"{LONGEST.days} days",
    }
