"""Writes what one made-up young person, their mentor and their parent carer wrote, each as themself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from app.accounts.values import Viewer
from app.checkins.services import record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.demo.drawing import drawing_of_herself, drawing_of_the_wall
from app.demo.values import Life, PlannedGoal, PlannedPost
from app.feed.services import record_posts_seen, write_post, write_reply
from app.goals import services as goals
from app.media.services import keep_media
from app.media.values import HangsOn, MediaKind, Place
from app.profiles.picture_services import NewPicture, put_picture_on
from app.profiles.services import save_profile
from app.safeguarding.decision_services import decide
from app.safeguarding.decision_values import Decided, Done
from app.safeguarding.services import acknowledge, raise_concern
from app.young_people import services as young_people
from app.young_people.queries import young_person_for
from app.young_people.values import Access, Audience

SEEN_BEFORE_REPLY = timedelta(minutes=6)
DECIDED = "We talked for half an hour, and I rang school with them beside me. They say that this is enough for now."
MENTOR_SEES_WITHIN, PARENT_SEES_WITHIN = timedelta(days=2), timedelta(days=4)


@dataclass(frozen=True, slots=True)
class People:
    """A young person and the adults around them, as those who write."""

    young_person_id: UUID
    young_person: Viewer
    mentor: Viewer
    parent: Viewer | None

    def writer(self, by: str) -> Viewer | None:
        return {"young_person": self.young_person, "mentor": self.mentor, "parent_carer": self.parent}[by]

    def readers(self) -> list[tuple[str, timedelta, Viewer, Access]]:
        """Return each adult with how soon they open a post and what they may see."""
        adults = [("mentor", MENTOR_SEES_WITHIN, self.mentor), ("parent_carer", PARENT_SEES_WITHIN, self.parent)]
        return [
            (by, within, adult, young_person_for(adult, self.young_person_id))
            for by, within, adult in adults
            if adult is not None
        ]


def write_life(life: Life, people: People, *, in_group_figures: bool, now: datetime) -> None:
    """Write everything about one young person."""
    own = young_person_for(people.young_person, people.young_person_id)
    _choose(life, people, in_group_figures=in_group_figures)
    rows = [
        (
            own.young_person_id,
            NewCheckIn(
                one.id, life.person.measure, one.answer, one.at, one.audience, one.feelings, one.going_on, one.words
            ),
        )
        for one in life.check_ins
    ]
    record_check_ins_in_bulk(council_id=own.council_id, actor=people.young_person, rows=rows)
    readers = people.readers() if life.posts else []
    for post in life.posts:
        audience = post.audience or life.person.audience
        _write_post(post, people=people, own=own, audience=audience, readers=readers, now=now)
    for goal in life.goals:
        _write_goal(goal, people.young_person, own)
    for profile in life.profiles:
        save_profile(
            viewer=people.young_person,
            access=own,
            sections=profile.sections,
            said_by=profile.said_by,
            at=profile.at,
        )
    if life.picture:
        id_ = uuid5(people.young_person_id, life.picture)
        new = NewPicture(id_, MediaKind.DRAWING, drawing_of_herself(), life.picture)
        put_picture_on(viewer=people.young_person, access=own, new=new, at=life.profiles[-1].at)
    _write_mentors_pages(life, people, own)


def _choose(life: Life, people: People, *, in_group_figures: bool) -> None:
    """Choose who sees what, and how to answer."""
    viewer = people.young_person
    young_people.note_told_who_sees(viewer=viewer)
    young_people.choose_sharing(
        viewer=viewer,
        default_audience=life.person.audience,
        profile_audience=Audience.MENTOR if life.person.audience is Audience.ONLY_ME else Audience.TEAM,
        shares_profile_with_providers=life.person.shares_profile,
        in_group_figures=in_group_figures,
    )
    if life.person.measure != "faces":
        young_people.choose_measure(viewer=viewer, measure=life.person.measure)


def _write_post(
    planned: PlannedPost,
    *,
    people: People,
    own: Access,
    audience: Audience,
    readers: list[tuple[str, timedelta, Viewer, Access]],
    now: datetime,
) -> None:
    post = write_post(viewer=people.young_person, access=own, words=planned.words, audience=audience, at=planned.at)
    if planned.drawing:
        keep_media(
            viewer=people.young_person,
            place=Place(own.council_id, own.young_person_id, HangsOn.POST, post.id),
            media_id=uuid5(post.id, planned.drawing),
            kind=MediaKind.DRAWING,
            cleaned=drawing_of_the_wall(),
            description=planned.drawing,
        )
    answered = {reply.by: reply.at for reply in reversed(planned.replies)}
    for by, within, reader, access in readers:
        seen_at = answered[by] - SEEN_BEFORE_REPLY if by in answered else planned.at + within
        if audience in access.audiences and seen_at <= now:
            record_posts_seen(viewer=reader, access=access, posts=[post], at=seen_at)
    for reply in planned.replies:
        writer = people.writer(reply.by)
        if writer is not None:
            write_reply(viewer=writer, post_id=post.id, words=reply.words, at=reply.at)


def _write_goal(planned: PlannedGoal, viewer: Viewer, own: Access) -> None:
    goal = goals.set_goal(viewer=viewer, access=own, title=planned.title, at=planned.at)
    goals.rate_goal_in_bulk(viewer=viewer, access=own, goal_id=goal.id, ratings=planned.ratings)
    for words, done_at in planned.steps:
        step = goals.add_step(viewer=viewer, access=own, goal_id=goal.id, words=words)
        if done_at is not None:
            goals.mark_step_done(viewer=viewer, access=own, step_id=step.id, at=done_at)
    if planned.reached_at is not None:
        goals.mark_goal_reached(viewer=viewer, access=own, goal_id=goal.id, at=planned.reached_at)


def _write_mentors_pages(life: Life, people: People, own: Access) -> None:
    """Write the mentor's notes and events, and a concern with who took it on."""
    access = young_person_for(people.mentor, own.young_person_id)
    for at, words in life.notes:
        young_people.write_note(viewer=people.mentor, access=access, words=words, at=at)
    for on, title in life.events:
        young_people.add_life_event(viewer=people.mentor, access=access, on=on, title=title)
    if life.concern is not None:
        at, words, taken_at = life.concern
        concern = raise_concern(viewer=people.young_person, access=own, words=words, at=at)
        if taken_at is not None:
            acknowledge(viewer=people.mentor, access=access, concern_id=concern.id, at=taken_at)
            decided = Decided((Done.TALKED, Done.TALKED_OTHERS), DECIDED, is_told=True)
            decide(
                viewer=people.mentor,
                concern_id=concern.id,
                decided=decided,
                decision_id=uuid5(concern.id, "decided"),
                at=taken_at,
            )
