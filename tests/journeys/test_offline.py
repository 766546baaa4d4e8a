"""No signal: what is tapped or typed waits on the phone, is delivered exactly once, and says which state it is in."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account, EnrolledDevice, SignedInSession
from app.accounts.services import enrol_device, make_sign_in_card, open_card
from app.accounts.values import Viewer
from app.checkins.models import CheckIn
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.feed.models import Post
from app.young_people.queries import own_access
from tests.conftest import SignIn
from tests.journeys.conftest import Complaints, PageFor
from tests.journeys.wire import Wire
from tests.people import Cast

pytestmark = pytest.mark.browser

SECRET = "the bus was full of shouting"


@pytest.fixture
def phone(cast: Cast, page_for: PageFor, complaints: Complaints, wire: Wire) -> Page:
    """A young person's phone on which Tidemark has been opened once."""
    complaints.expects_failures = True
    page = page_for(cast.young_person, url=wire.url)
    open_home(page)
    return page


def open_home(page: Page, path: str = "/home") -> None:
    page.goto(path)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("async () => (await caches.match('/offline')) !== undefined")


def listed(page: Page) -> Locator:
    return page.locator("[data-outbox-list] li")


def signal_is_back(page: Page) -> None:
    page.evaluate("() => window.dispatchEvent(new Event('online'))")


def tap(page: Page, face: str) -> None:
    page.get_by_role("button", name=face, exact=True).tap()


def check_ins() -> list[CheckIn]:
    db.session.rollback()
    return list(db.session.execute(select(CheckIn).order_by(CheckIn.received_at)).scalars())


def test_a_face_tapped_with_no_signal_is_delivered_once_there_is_one(phone: Page, wire: Wire) -> None:
    wire.cut()
    tap(phone, "Not great")
    expect(phone.get_by_role("heading", name="Kept here: Not great")).to_be_visible()
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    phone.get_by_label("Anything you want to say?").fill(SECRET)
    phone.get_by_role("button", name="Keep these words too").tap()
    expect(phone.get_by_text("Kept.", exact=True)).to_be_visible()
    assert check_ins() == []
    assert SECRET not in stored(phone)
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    assert [(one.answer, one.words) for one in check_ins()] == [(2, SECRET)]
    assert "sealed" not in stored(phone)


def test_what_was_sent_at_once_is_not_listed_again(phone: Page, wire: Wire) -> None:
    """A list that is being drawn while an entry is taken off must not put it back."""
    assert wire
    left = phone.evaluate("""async () => {
        const form = new FormData();
        form.set("words", "sent already");
        const entry = await outbox.keep({ kind: "post", path: "/posts/new", form, owner: null });
        await outbox.remove(entry.id);
        await outbox.show([entry]);
        return (await outbox.all()).length;
    }""")
    assert left == 0
    tap(phone, "Good")
    expect(phone.get_by_role("heading", name="Saved: Good")).to_be_visible()
    expect(phone.get_by_role("heading", name="On this phone")).to_be_hidden()


def stored(page: Page) -> str:
    """Return all that the outbox has on the phone, bytes as letters."""
    return str(
        page.evaluate(
            """async () => {
              const open = indexedDB.open("tidemark");
              const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
              const all = database.transaction("entries").objectStore("entries").getAll();
              const entries = await new Promise((done) => { all.onsuccess = () => done(all.result); });
              database.close();
              return JSON.stringify(entries, (_, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
                ? "sealed " + new TextDecoder("latin1").decode(value) : value);
            }"""
        )
    )


def test_the_app_opens_with_no_signal_and_keeps_what_is_said(phone: Page, wire: Wire, cast: Cast) -> None:
    wire.cut()
    phone.goto("/home")
    expect(phone.get_by_role("heading", name="No signal right now")).to_be_visible()
    tap(phone, "Really good")
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    phone.get_by_text("Write something", exact=True).tap()
    phone.get_by_label("What do you want to say?").fill(SECRET)
    phone.get_by_role("button", name="Keep it here").tap()
    expect(listed(phone)).to_have_count(2)
    wire.mend()
    phone.goto("/home")
    expect(phone.locator(".is-delivered")).to_have_count(2)
    assert [one.answer for one in check_ins()] == [5]
    post = db.session.execute(select(Post)).scalar_one()
    assert (post.words, post.young_person_id) == (SECRET, cast.amina)
    phone.goto("/home")
    expect(listed(phone)).to_have_count(0)


def test_an_answer_that_is_lost_on_the_way_makes_no_second_row(phone: Page, wire: Wire) -> None:
    engine = db.engine

    def is_not_saved_yet(_: bytes) -> bool:
        with engine.connect() as connection:
            return connection.execute(select(CheckIn.id)).first() is None

    wire.cut()
    wire.before_answer = is_not_saved_yet
    wire.mend()
    tap(phone, "Good")
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    saved = [one.id for one in check_ins()]
    assert len(saved) == 1
    wire.cut()
    wire.before_answer = None
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    assert [one.id for one in check_ins()] == saved


def test_the_same_entry_five_times_at_once_is_one_row_and_one_answer(phone: Page) -> None:
    answers = phone.evaluate(
        """async () => {
          const form = () => {
            const data = new FormData(document.querySelector("form[data-outbox=check-in]"));
            data.set("answer", "4");
            return data;
          };
          const headers = { "HX-Request": "true" };
          const send = () => fetch("/check-ins", { method: "POST", body: form(), headers });
          const answers = await Promise.all(Array.from({ length: 5 }, send));
          return Promise.all(answers.map(async (one) => {
            const page = new DOMParser().parseFromString(await one.text(), "text/html");
            page.querySelectorAll("[name=csrf_token]").forEach((field) => field.remove());
            return `${one.status} ${page.body.innerHTML}`;
          }));
        }"""
    )
    assert len(set(answers)) == 1
    assert answers[0].startswith("200")
    assert "Saved: Good" in answers[0]
    assert len(check_ins()) == 1


def end_sessions(viewer: Viewer) -> None:
    with transaction():
        query = update(SignedInSession).where(SignedInSession.account_id == viewer.account_id)
        db.session.execute(query.values(ended_at=clock.now()))


def sign_in_again(page: Page, sign_in: SignIn, viewer: Viewer, url: str) -> None:
    cookie = sign_in(viewer).get_cookie("tidemark")
    assert cookie is not None
    page.context.add_cookies([{"name": "tidemark", "value": cookie.value, "url": url}])


def test_what_is_sent_after_the_session_ended_goes_after_the_next_sign_in_and_as_nobody_else(
    phone: Page, cast: Cast, sign_in: SignIn, wire: Wire
) -> None:
    phone.goto("/posts/new")
    phone.locator("#words").fill(SECRET)
    end_sessions(cast.young_person)
    phone.get_by_role("button", name="Post it").tap()
    expect(listed(phone)).to_contain_text("Waiting for you to sign in.")
    sign_in_again(phone, sign_in, cast.other_young_person, wire.url)
    open_home(phone)
    expect(listed(phone)).to_have_count(0)
    sign_in_again(phone, sign_in, cast.young_person, wire.url)
    open_home(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    post = db.session.execute(select(Post)).scalar_one()
    assert (post.words, post.young_person_id) == (SECRET, cast.amina)


def test_what_is_refused_keeps_every_letter_and_can_be_mended(phone: Page, wire: Wire) -> None:
    phone.goto("/posts/new")
    typed = f"{SECRET} " * 500
    phone.locator("#words").fill(typed)
    wire.cut()
    phone.get_by_role("button", name="Post it").tap()
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("There is room for")
    phone.reload()
    box = phone.get_by_label("What you wrote")
    expect(box).to_have_value(typed)
    box.fill(SECRET)
    phone.get_by_role("button", name="Send again").tap()
    expect(listed(phone)).to_contain_text("Sent.")
    assert [one.words for one in db.session.execute(select(Post)).scalars()] == [SECRET]


def test_what_was_said_while_nobody_was_signed_in_asks_whose_it_is(
    phone: Page, wire: Wire, cast: Cast, sign_in: SignIn
) -> None:
    leave(phone)
    phone = phone.context.new_page()
    open_home(phone, "/")
    wire.cut()
    phone.goto("/home")
    tap(phone, "Okay")
    expect(listed(phone)).to_contain_text("Waiting for a signal.")
    wire.mend()
    sign_in_again(phone, sign_in, cast.young_person, wire.url)
    open_home(phone)
    expect(listed(phone)).to_contain_text("Was it you?")
    assert check_ins() == []
    phone.get_by_role("button", name="Yes, send it").tap()
    expect(listed(phone)).to_contain_text("Sent.")
    assert [one.young_person_id for one in check_ins()] == [cast.amina]


def leave(page: Page) -> None:
    with page.expect_request("https://www.bbc.co.uk/weather"):
        for _ in range(3):
            page.keyboard.press("Shift")


CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


def test_no_personal_page_is_ever_kept(phone: Page, cast: Cast) -> None:
    with transaction():
        new = NewCheckIn(UUID(int=7), "faces", 4, at=clock.now() - timedelta(days=1), words=SECRET)
        record_check_in(viewer=cast.young_person, access=own_access(cast.young_person), new=new)
    for path in ("/home", "/check-ins", "/posts", "/goals", "/profile", "/me", "/my-breaks", "/help-now"):
        phone.goto(path)
    kept = phone.evaluate(CACHED)
    assert all(path.startswith("/static/") or path == "/offline" for path in kept)
    assert "How are you right now?" in kept["/offline"]
    for text in kept.values():
        assert "Amina" not in text
        assert "csrf" not in text or text.startswith("//")
        assert SECRET not in text


def test_leaving_clears_caches_and_keeps_what_waits_and_the_phone_s_enrolment(
    phone: Page, wire: Wire, cast: Cast, sign_in: SignIn
) -> None:
    phone.context.add_cookies([{"name": "tidemark-device", "value": "kept", "url": wire.url}])
    wire.cut()
    tap(phone, "Okay")
    expect(listed(phone)).to_have_count(1)
    end_sessions(cast.young_person)
    wire.mend()
    leave(phone)
    worker = phone.context.service_workers[0]
    assert worker.evaluate("async () => (await caches.keys()).length") == 0
    other = phone.context.new_page()
    other.goto("/healthy")
    assert "sealed" in stored(other)
    cookies = {one["name"]: one["value"] for one in phone.context.cookies(wire.url)}
    assert cookies["tidemark-device"] == "kept"
    other.goto("/home")
    expect(other.get_by_role("heading", name="A private place to say how you are")).to_be_visible()
    sign_in_again(other, sign_in, cast.young_person, wire.url)
    other.goto("/home")
    expect(listed(other)).to_contain_text("Sent.")
    assert len(check_ins()) == 1


def test_leaving_with_no_signal_ends_the_session_at_the_next_contact(phone: Page, wire: Wire) -> None:
    wire.cut()
    phone.goto("/home")
    with phone.expect_event("requestfailed"):
        phone.get_by_role("link", name="Leave quickly").tap()
    wire.mend()
    other = phone.context.new_page()
    other.goto("/home")
    expect(other.get_by_role("heading", name="A private place to say how you are")).to_be_visible()
    sessions = db.session.execute(select(SignedInSession)).scalars()
    assert all(one.ended_at is not None for one in sessions)


def test_forgetting_the_phone_wipes_the_outbox_its_key_and_the_enrolment(phone: Page, wire: Wire, cast: Cast) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        card = open_card(
            council_id=cast.council_id,
            code=make_sign_in_card(account=account, actor=cast.mentor),
            address="",
            browser="",
        )
        assert card is not None
        token = enrol_device(card=card, pictures=["cat", "sun", "boat", "star"]).device_token
    phone.context.add_cookies([{"name": "tidemark-device", "value": token, "url": wire.url}])
    phone.goto("/me")
    phone.get_by_text("Forget this phone", exact=True).tap()
    phone.get_by_role("button", name="Forget this phone now").tap()
    expect(phone.get_by_role("heading", name="A private place to say how you are")).to_be_visible()
    assert phone.evaluate("async () => [await indexedDB.databases(), await caches.keys()]") == [[], []]
    assert "tidemark-device" not in {one["name"] for one in phone.context.cookies(wire.url)}
    device = db.session.execute(select(EnrolledDevice)).scalar_one()
    assert device.revoked_at is not None


EXPORTS = """async () => {
  const opened = await new Promise((done) => {
    const request = indexedDB.open("tidemark");
    request.onsuccess = () => done(request.result);
  });
  const keys = await new Promise((done) => {
    const request = opened.transaction("facts").objectStore("facts").getAll();
    request.onsuccess = () => done(request.result.filter((one) => one instanceof CryptoKey));
  });
  opened.close();
  const told = [];
  for (const key of keys) {
    for (const way of ["raw", "jwk"]) {
      told.push(await crypto.subtle.exportKey(way, key).then(() => "out", (error) => error.name));
    }
    const other = await crypto.subtle.generateKey({ name: "AES-KW", length: 256 }, false, ["wrapKey"]);
    told.push(await crypto.subtle.wrapKey("raw", key, other, "AES-KW").then(() => "out", (error) => error.name));
    told.push(key.extractable, key.algorithm.name, key.algorithm.length);
  }
  return told;
}"""
"""What becomes of every key that the phone keeps when a script tries to take it out."""


def test_no_script_can_take_the_outbox_s_key_out_and_forgetting_the_phone_wipes_it(phone: Page, wire: Wire) -> None:
    wire.cut()
    tap(phone, "Okay")
    expect(phone.get_by_role("heading", name="Kept here: Okay")).to_be_visible()
    refused = "InvalidAccessError"
    assert phone.evaluate(EXPORTS) == [refused, refused, refused, False, "AES-GCM", 256]
    wire.mend()
    signal_is_back(phone)
    expect(listed(phone)).to_contain_text("Sent.")
    phone.goto("/me")
    phone.get_by_text("Forget this phone", exact=True).tap()
    phone.get_by_role("button", name="Forget this phone now").tap()
    expect(phone.get_by_role("heading", name="A private place to say how you are")).to_be_visible()
    assert phone.evaluate("async () => await indexedDB.databases()") == []
