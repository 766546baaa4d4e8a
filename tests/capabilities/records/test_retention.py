"""What was kept for long enough goes, by rules that say why; a dry run first, and no young person without saying so."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.accounts.models import EnrolledDevice
from app.accounts.values import Viewer
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.audit.queries import first_break
from app.checkins.models import CheckIn, CheckInRevision
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.models import DataKey
from app.database import Base, Moment, Row, db, transaction
from app.feed.models import Post, PostSeen, Reply
from app.feed.services import record_posts_seen, write_post, write_reply
from app.media.models import Media, MediaContents
from app.media.values import HangsOn, MediaKind
from app.notifications.models import Notice, PushSubscription
from app.records.erasure import destroy_key, forget_young_person
from app.records.models import Erasure, KeptConcern
from app.records.replay import replay_tombstones
from app.records.retention_values import OTHERWISE, QUARTER, RULES, person_kept_until
from app.records.values import Basis, Order
from app.safeguarding.services import acknowledge, raise_concern
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.people import Cast

Run = Callable[..., Result]
DAY = timedelta(days=1)


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*words: str) -> Result:
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["retention", *words])
        db.session.rollback()
        return done

    return invoke


def count(kind: type[Row]) -> int:
    return db.session.execute(select(func.count()).select_from(kind)).scalar_one()


def prepare(cast: Cast, *rows: Row) -> None:
    with transaction():
        db.session.add_all(rows)
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")


def test_every_table_has_a_rule_or_says_why_it_has_none(app: Flask) -> None:
    assert app
    with_rule = {rule.table for rule in RULES}
    assert with_rule | set(OTHERWISE) == set(Base.metadata.tables)
    assert not with_rule & set(OTHERWISE)
    for rule in RULES:
        table = Base.metadata.tables[rule.table]
        assert isinstance(table.c[rule.since].type, Moment)
        assert "council_id" in table.c


def a_post(cast: Cast, gone: timedelta | None) -> UUID:
    """Write a post with a photo, a look, and a reply that is told; take it away so long ago."""
    with transaction():
        post = write_post(
            viewer=cast.young_person, access=own_access(cast.young_person), words="planted", audience=Audience.MENTOR
        )
        write_reply(viewer=cast.mentor, post_id=post.id, words="planted reply")
        record_posts_seen(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), posts=[post])
        media = Media(
            council_id=cast.council_id,
            young_person_id=cast.amina,
            hangs_on=HangsOn.POST,
            entry_id=post.id,
            kind=MediaKind.PHOTO,
            added_by=cast.young_person.account_id,
            added_at=clock.now(),
            description="planted photo",
        )
        db.session.add(media)
        db.session.flush()
        contents = MediaContents(council_id=cast.council_id, young_person_id=cast.amina, media_id=media.id)
        contents.contents = b"planted bytes"
        db.session.add(contents)
        post.deleted_at = clock.now() - gone if gone is not None else None
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
        return post.id


def test_a_post_that_was_taken_away_goes_with_all_that_hangs_on_it(cast: Cast, run: Run) -> None:
    kept = {a_post(cast, None), a_post(cast, QUARTER - DAY)}
    a_post(cast, QUARTER + DAY)
    looked = run("run", "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "1  Posts that were taken away, and 5 that hang on them" in looked.output
    assert "Nothing was written." in looked.output
    assert (count(Post), count(Reply)) == (3, 3)
    done = run("run")
    assert done.exit_code == 0, done.output
    assert "6  Posts that were taken away: gone" in done.output
    assert set(db.session.execute(select(Post.id)).scalars()) == kept
    assert [count(one) for one in (Reply, PostSeen, Media, MediaContents)] == [2, 2, 2, 2]
    applied = select(AuditEntry.young_person_id).where(AuditEntry.action == "retention:applied")
    assert list(db.session.execute(applied).scalars()) == [cast.amina]
    assert first_break(cast.council_id) is None
    assert "0  Posts that were taken away" in run("run").output


def test_a_dry_run_writes_nothing(cast: Cast, run: Run) -> None:
    a_post(cast, QUARTER + DAY)

    def everything() -> list[object]:
        return [db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables]

    before = everything()
    run("run", "--dry-run")
    assert everything() == before


def test_a_check_in_that_was_taken_back_goes_with_what_it_said_before(cast: Cast, run: Run) -> None:
    with transaction():
        new = NewCheckIn(uuid4(), "faces", 2)
        check_in = record_check_in(viewer=cast.young_person, access=own_access(cast.young_person), new=new)
        check_in.undone_at = clock.now() - QUARTER - DAY
        before = CheckInRevision(council_id=cast.council_id, young_person_id=cast.amina, check_in_id=check_in.id)
        before.at = clock.now()
        db.session.add(before)
        record_check_in(
            viewer=cast.young_person, access=own_access(cast.young_person), new=NewCheckIn(uuid4(), "faces", 3)
        )
    assert run("run").exit_code == 0
    assert (count(CheckIn), count(CheckInRevision)) == (1, 0)


def test_a_forgotten_phone_goes_and_what_only_names_it_stays(cast: Cast, run: Run) -> None:
    device = EnrolledDevice(
        council_id=cast.council_id,
        account_id=cast.young_person.account_id,
        token_hash=b"t" * 32,
        enrolled_at=clock.now() - timedelta(days=400),
        revoked_at=clock.now() - QUARTER - DAY,
    )
    prepare(cast, device)
    subscription = PushSubscription(
        council_id=cast.council_id,
        account_id=cast.young_person.account_id,
        owner_kind=OwnerKind.YOUNG_PERSON,
        owner_id=cast.amina,
        device_id=device.id,
        endpoint_index=b"e" * 16,
        made_at=clock.now(),
    )
    prepare(cast, subscription)
    assert run("run").exit_code == 0
    assert (count(EnrolledDevice), count(PushSubscription)) == (0, 1)
    assert db.session.execute(select(PushSubscription.device_id)).scalar_one() is None


def test_one_council_s_run_leaves_the_other_s_alone(cast: Cast, run: Run) -> None:
    a_post(cast, QUARTER + DAY)
    assert run("run", "--council", "trent").exit_code == 0
    assert count(Post) == 1


@pytest.mark.parametrize(
    ("born", "last_used", "until"),
    [
        (date(2010, 5, 1), date(2026, 1, 1), date(2035, 5, 1)),
        (date(2000, 2, 29), date(2024, 12, 1), date(2025, 12, 1)),
        (date(2004, 2, 29), date(2026, 1, 1), date(2029, 3, 1)),
        (None, date(2020, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_record_is_kept_to_25_and_for_a_quiet_year(born: date | None, last_used: date, until: date) -> None:
    assert abs(person_kept_until(born, last_used) - until) <= DAY


def grow_up(cast: Cast, viewer: Viewer) -> None:
    with transaction():
        person = db.session.get_one(YoungPerson, viewer.young_person_id)
        person.date_of_birth = date(1999, 1, 1)
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    real = datetime.now(clock.BRITAIN)
    monkeypatch.setattr(clock, "now", lambda: (real + by).astimezone(clock.BRITAIN))


def test_a_young_person_goes_only_where_it_is_said_how_many(
    cast: Cast, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow_up(cast, cast.young_person)
    assert "0  Young people" in run("run", "--dry-run").output
    later(monkeypatch, timedelta(days=370))
    looked = run("run", "--dry-run").output
    assert "1  Young people whose time is over" in looked
    assert "YP-1, since" in looked
    assert "Amina" not in looked
    assert run("run").exit_code == 0
    assert count(YoungPerson) == 2
    wrong = run("run", "--people", "2")
    assert (wrong.exit_code, "who are due: 1, not 2. Nothing was written." in wrong.output) == (1, True)
    done = run("run", "--people", "1")
    assert "YP-1 is forgotten" in done.output
    assert list(db.session.execute(select(YoungPerson.id)).scalars()) == [cast.other_young_person.young_person_id]
    erasure = db.session.execute(select(Erasure)).scalar_one()
    assert (erasure.basis, erasure.decided_by) == (Basis.KEPT_LONG_ENOUGH, None)
    keys = select(DataKey).where(DataKey.owner_id == cast.amina)
    with db.engines["keys"].connect() as connection:
        assert connection.execute(keys).first() is None


def test_somebody_whose_call_for_help_is_open_waits(cast: Cast, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    grow_up(cast, cast.young_person)
    with transaction():
        raise_concern(viewer=cast.young_person, access=own_access(cast.young_person), words="planted")
    later(monkeypatch, timedelta(days=370))
    assert "YP-1 waits" in run("run", "--people", "1").output
    assert count(YoungPerson) == 2


@pytest.fixture
def forgotten(cast: Cast) -> UUID:
    """Amina was forgotten, with a call for help that is kept; return the erasure."""
    with transaction():
        concern = raise_concern(viewer=cast.young_person, access=own_access(cast.young_person), words="planted call")
        access = young_person_for(cast.mentor, cast.amina)
        acknowledge(viewer=cast.mentor, access=access, concern_id=concern.id)
    with transaction():
        person = db.session.get_one(YoungPerson, cast.amina)
        erasure_id = forget_young_person(person=person, order=Order(Basis.ASKED, "asked"), actor=None).id
    destroy_key(cast.amina)
    return erasure_id


def let_time_pass(cast: Cast) -> None:
    past = clock.today() - DAY
    with transaction():
        db.session.execute(update(Erasure).values(keep_until=past))
        db.session.execute(update(KeptConcern).values(keep_until=past))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")


def test_what_is_kept_of_the_forgotten_ends_and_no_backup_brings_it_back(cast: Cast, run: Run, forgotten: UUID) -> None:
    assert "0  Erasures" in run("run", "--dry-run").output
    let_time_pass(cast)
    backup = [
        (table, db.session.execute(select(table)).mappings().all())
        for table in (Base.metadata.tables["erasures"], Base.metadata.tables["kept_concerns"])
    ]
    assert "1  Erasures" in run("run").output
    assert (count(Erasure), count(KeptConcern)) == (0, 0)
    with db.engines["keys"].connect() as connection:
        assert connection.execute(select(DataKey).where(DataKey.owner_id == forgotten)).first() is None
    assert current_keyring().tombstones.has((OwnerKind.KEPT, forgotten))
    assert replay_tombstones() == 0
    assert (count(Erasure), count(KeptConcern)) == (0, 0)
    with transaction():
        for table, rows in backup:
            db.session.execute(table.insert(), [dict(row) for row in rows])
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
    assert replay_tombstones() == 0
    assert (count(Erasure), count(KeptConcern)) == (0, 0)


def test_one_call_for_help_ends_before_the_rest(cast: Cast, run: Run, forgotten: UUID) -> None:
    with transaction():
        db.session.execute(update(KeptConcern).values(keep_until=clock.today() - DAY))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
    assert "1  Calls for help" in run("run").output
    assert (count(Erasure), count(KeptConcern)) == (1, 0)
    assert db.session.get(Erasure, forgotten) is not None


def test_notices_go_after_a_quarter(cast: Cast, run: Run) -> None:
    a_post(cast, None)
    old = select(func.count()).select_from(Notice)
    with transaction():
        db.session.execute(update(Notice).values(made_at=clock.now() - QUARTER - DAY))
        audit.record(council_id=cast.council_id, actor_id=None, action="test:prepared")
    assert db.session.execute(old).scalar_one() > 0
    assert run("run").exit_code == 0
    assert db.session.execute(old).scalar_one() == 0


def test_the_rules_are_said_with_their_reasons(run: Run) -> None:
    said = run("rules").output
    assert "90 days  Posts that were taken away" in said
    assert "Audit entries: whole" in said
