"""No word of ours on a young person's page is left out of the catalogues: every page is read in a made-up language.

In that language every piece of every message stands between marks. What stands outside of them is what people wrote
themselves, names, dates and numbers, and the exceptions below.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.values import PERMISSIONS, Role
from app.breaks.services import create_session, record_register
from app.breaks.values import AttendanceStatus
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import transaction
from app.feed.services import write_post
from app.media.values import MediaKind
from app.profiles.link_services import make_link
from app.profiles.link_values import Lasts, NewLink
from app.prompts.services import agree_times, suggest_times
from app.prompts.values import AgreedTimes
from app.records.services import ask_to_be_forgotten
from app.safeguarding.services import raise_concern
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.capabilities.breaks.places import make_break
from tests.capabilities.safeguarding.cover_rules import make_rules
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import guarded_rules
from tests.house_rules.young_words import extracted, forms_of
from tests.journeys.lived_in import WORDS, live
from tests.people import Cast

pytestmark = pytest.mark.any_database

MADE_UP = "eo"
"""Esperanto lends its plural and its names of days and months; its words are English between marks."""
PIECE = re.compile(r"(%\(\w+\)s|<[^>]*>)")
LETTERS = re.compile(r"[^\W\d_]{2,}")
RECEIPT = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+\b")
READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
PEOPLE = "Amina Testperson Jo Mentor Sana Parent Colin Staff"
PLACES = "Derwent Trent Council Climbing club Canoeing Peak Wall River Trust"
WRITTEN = (
    WORDS,
    *("Swim a whole length", "Order my own drink", "Go to form time", "Buy goggles", "Our garden"),
    "Thank you for telling me.",
    "Please ring me",
    "Mrs Okafor",
)
EXCEPTIONS = {
    "Tidemark": "The app's name.",
    "English": "The language, by the name that those who speak it know.",
    "Esperanto": "The made-up language itself.",
    "am pm AM PM atm ptm": "Of a clock.",
    "MB": "Of a file.",
}


def marked(message: str) -> str:
    """Return a message with each of its pieces between marks, what is filled in outside of them."""
    return "".join(f"⟦{part}⟧" if part and not PIECE.fullmatch(part) else part for part in PIECE.split(message))


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of translations with the made-up language, whole, and no other."""
    folder = tmp_path_factory.mktemp("translations")
    catalogue = Catalog(locale=MADE_UP)
    for message in extracted():
        if message.id:
            forms = tuple(map(marked, forms_of(message.id)))
            catalogue.add(message.id, forms if len(forms) > 1 else forms[0])
    path = folder / MADE_UP / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture(autouse=True)
def _in_the_made_up_language(made_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.languages.TRANSLATIONS", made_up)


class Reader(HTMLParser):
    """Gathers what a page shows or has read aloud, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.leads_to: list[str] = []
        self.unread = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"script", "style", "textarea"} and not self.unread:
            self.unread = tag
        self.shown += [value for name, value in said.items() if value and name in READ_ALOUD]
        self.shown += [value for name, value in said.items() if value and name.startswith("data-") and " " in value]
        if tag == "meta" and said.get("name") == "description":
            self.shown.append(said.get("content") or "")
        if tag == "a":
            self.leads_to.append(said.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unread:
            self.unread = ""

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.shown.append(data)


def not_translated(page: str) -> set[str]:
    """Return what a page shows outside of the marks that nobody wrote, is no name, no date and no exception."""
    left = set()
    for text in Reader(page).shown:
        outside = RECEIPT.sub(" ", re.sub(r"⟦[^⟦⟧]*⟧", " ", text))
        for words in sorted((*WRITTEN, *dated()), key=len, reverse=True):
            outside = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", outside)
        if {*LETTERS.findall(outside)} - {*f"{PEOPLE} {PLACES}".split(), *" ".join(EXCEPTIONS).split()}:
            left.add(" ".join(text.split()))
    return left


def dated() -> Iterator[str]:
    locale = Locale(MADE_UP)
    for kinds in (locale.months, locale.days):
        for width in ("wide", "abbreviated"):
            for form in ("format", "stand-alone"):
                yield from (str(name) for name in kinds[form][width].values())


@dataclass
class Walk:
    """Every page that can be reached from some, each kind of page a few times."""

    client: FlaskClient
    found: dict[str, set[str]] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)

    def go(self, app: Flask, starts: list[str]) -> None:
        adapter, queue = app.url_map.bind("localhost"), deque(starts)
        seen = set(starts)
        while queue:
            path = queue.popleft()
            endpoint, _ = adapter.match(urlsplit(path).path)
            if self.opened.get(endpoint, 0) >= MOST_OF_A_KIND or endpoint in NOT_PAGES:
                continue
            self.opened[endpoint] = self.opened.get(endpoint, 0) + 1
            answer = self.client.get(path)
            if answer.status_code != 200:
                assert path in starts, path
                continue
            if answer.mimetype == "text/html":
                self.look(path, answer.text)
                links = {link.partition("#")[0] for link in Reader(answer.text).leads_to if link.startswith("/")}
                queue += sorted(links - seen)
                seen |= links

    def look(self, where: str, page: str) -> None:
        if left := not_translated(page):
            self.found[where] = left


MOST_OF_A_KIND = 3
NOT_PAGES = {
    "accounts.leave": "leads out of Tidemark",
    "accounts.welcome": "leads somebody signed in home",
    "attachments.file": "a picture",
    "attachments.small": "a picture",
    "profiles.pdf_of_mine": "a file",
    "phone.ticket": "a token for the outbox",
    "my_sign_in.methods": "leads a young person to their own page",
    "prompts.of_young_person": "for mentors; who is not one finds nothing",
}


def lead_a_life(cast: Cast) -> list[str]:
    """Give the young person something on every page; return where those are that no link leads to in every state."""
    live(cast)
    make_rules(cast, "want to disappear")
    place = make_break(cast)
    viewer, now = cast.young_person, clock.now()
    with transaction():
        mine, mentors = own_access(viewer), young_person_for(cast.mentor, cast.amina)
        new = NewCheckIn(uuid4(), "faces", 2, feelings=("sad", "stuck"), going_on=("school",), who_with=("family",))
        check_in = record_check_in(viewer=viewer, access=mine, new=new)
        post = write_post(viewer=viewer, access=mine, words=WORDS, audience=Audience.MENTOR)
        for begins in (now - timedelta(days=1), now + timedelta(days=3)):
            made = create_session(offer=place.offer, starts_at=begins, ends_at=begins + timedelta(hours=2), actor=None)
            if begins < now:
                record_register(session=made, statuses={cast.amina: AttendanceStatus.CAME}, actor=cast.provider)
        agree_times(viewer=viewer, access=mine, times=AgreedTimes((0, 2)))
        suggest_times(viewer=cast.mentor, access=mentors, times=AgreedTimes((1, 3, 4)))
        make_link(viewer=viewer, access=mine, new=NewLink("Mrs Okafor", ("admire",), Lasts.WEEK))
        raise_concern(viewer=viewer, access=mine, words="Please ring me")
        ask_to_be_forgotten(viewer=viewer, words="")
        more = [f"/posts/new/{kind}" for kind in MediaKind]
        return [*more, f"/posts/{post.id}", *(f"/check-ins/{check_in.id}/add/{kind}" for kind in MediaKind)]


def test_every_page_of_a_young_person_is_translated(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    entries = lead_a_life(cast)
    client = sign_in(cast.young_person)
    assert client.post("/language", data={"language": MADE_UP}).status_code == 303
    walk = Walk(client)
    mine = PERMISSIONS[Role.YOUNG_PERSON]
    pages = [rule for rule, permission, how in guarded_rules(app) if how == "GET" and permission in mine]
    walk.go(app, ["/home", *(rule.rule for rule in pages if not rule.arguments), *entries])
    assert walk.found == {}
    assert sorted({rule.endpoint for rule in pages} - set(walk.opened) - set(NOT_PAGES)) == []


def test_what_a_form_answers_is_translated(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    client.post("/language", data={"language": MADE_UP})
    walk = Walk(client)
    too_long = "x" * 3_000
    for path, sent in {
        "/check-ins": {"measure": "faces", "answer": "99"},
        "/posts/new": {"words": ""},
        "/goals/new": {"title": "", "rating": "11"},
        "/profile/edit": {"admire": too_long},
        "/profile/links": {},
        "/me/my-data/forget-me": {"words": too_long},
        "/reminders": {"days": "0", "at": "22:00", "quiet_from": "21:00", "quiet_until": "08:00"},
        "/is-it-done": {"receipt": "nothing"},
        "/help-now/ask": {"words": too_long},
        "/no-such-page": {},
    }.items():
        answer = client.post(path, data=sent, follow_redirects=True)
        assert "⟦" in answer.text, path
        walk.look(path, answer.text)
    for path, sent in {
        "/check-ins": {"measure": "faces", "answer": "4", "id": str(uuid4())},
        "/me/how-it-looks": {"language": MADE_UP, "size": "large", "letters": "lexend", "colours": "dark"},
        "/notifications/email": {"wanted": "y", "address": "nonsense"},
    }.items():
        walk.look(path, client.post(path, data=sent, follow_redirects=True).text)
    assert walk.found == {}


def test_every_page_before_sign_in_is_translated(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    client.post("/language", data={"language": MADE_UP})
    walk = Walk(client)
    for path in ("/", "/c/derwent/card", "/help-now", "/offline", "/is-it-done", "/no-such-page"):
        walk.look(path, client.get(path).text)
    walk.look("/c/derwent/card, wrong", client.post("/c/derwent/card", data={"code": "WRONGONE"}).text)
    assert walk.found == {}
    assert json.loads(client.get("/manifest.webmanifest").text)["description"].startswith("⟦")


def test_an_adults_pages_stay_in_english(cast: Cast, sign_in: SignIn) -> None:
    for viewer, path in (
        (cast.mentor, "/caseload"),
        (cast.mentor, f"/young-people/{cast.amina}"),
        (cast.council_staff, "/offers"),
    ):
        client = sign_in(viewer)
        client.post("/language", data={"language": MADE_UP})
        page = client.get(path)
        assert "⟦" not in page.text
        assert '<html lang="en-GB"' in page.text


def test_the_audiences_of_a_post_are_those_that_were_sent(cast: Cast, sign_in: SignIn) -> None:
    """What a form sends is a code and never a word of the page."""
    client = sign_in(cast.young_person)
    client.post("/language", data={"language": MADE_UP})
    client.post("/posts/new", data={"id": str(uuid4()), "words": "Hello", "audience": Audience.ONLY_ME})
    assert "⟦just you⟧" in client.get("/posts").text
