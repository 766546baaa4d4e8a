"""Amina's story, from `words/amina.toml`: the one young person whose last ten weeks are written by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from app.breaks.values import CAME
from app.demo.courses import Calendar, at_time
from app.demo.generator import Script
from app.demo.material import material
from app.demo.values import (
    Life,
    MadeUpOffer,
    PlannedCheckIn,
    PlannedGoal,
    PlannedPost,
    PlannedProfile,
    PlannedReply,
)
from app.young_people.values import Audience

BY_HAND_FROM = timedelta(days=75)
CLIMBING = "climbing-club"
FRIDAY = 4
MADE_HERE = UUID("6f1d2f0e-6c1b-4c53-9a53-3c7c5a1c0a11")


def script(offers: Sequence[MadeUpOffer]) -> Script:
    """Return how Amina's moods and courses go."""
    story = material("amina")
    courses = {
        kind: (story["courses"][offer.key][0], story["courses"][offer.key][1])
        for kind, offer in enumerate(offers)
        if offer.key in story["courses"]
    }
    return Script(story["level"], np.array(story["state"], float), courses)


def amina(life: Life, calendar: Calendar, offers: Sequence[MadeUpOffer]) -> Life:
    """Return Amina's life with its last ten weeks, posts, goals, profile and notes as they were written by hand."""
    story, days = material("amina"), _Days(life, calendar, offers)
    begins = calendar.now - BY_HAND_FROM
    by_hand = [_check_in(entry, days) for entry in story["check_ins"] if days.has(entry)]
    earlier = [one for one in life.check_ins if one.at < begins]
    check_ins = [*earlier, *(one for one in by_hand if one.at <= calendar.now)]
    return replace(
        life,
        check_ins=tuple(sorted(check_ins, key=lambda one: one.at)),
        posts=tuple(_post(entry, days) for entry in story["posts"] if days.has(entry)),
        goals=tuple(_goal(entry, days) for entry in story["goals"]),
        profiles=tuple(_profile(entry, days) for entry in story["profiles"]),
        picture=story["picture"],
        notes=tuple((days.moment({**entry, "at_work": True}), entry["words"]) for entry in story["notes"]),
        events=tuple((days.ago(entry["days_ago"]), entry["title"]) for entry in story["events"]),
    )


class _Days:
    """Turns `days_ago` and `sessions_ago` into days."""

    def __init__(self, life: Life, calendar: Calendar, offers: Sequence[MadeUpOffer]) -> None:
        self.calendar = calendar
        self.climbed: list[date] = []
        for course in life.courses:
            offer = offers[course.offer]
            if offer.key == CLIMBING:
                weeks = [week for week, status in course.sessions if status in CAME]
                self.climbed = [calendar.monday_of_week(week) + timedelta(days=offer.day) for week in reversed(weeks)]

    def has(self, entry: dict[str, Any]) -> bool:
        """Say whether there were as many sessions as an entry counts back, and its moment has come."""
        return entry.get("sessions_ago", -1) < len(self.climbed) and self.moment(entry) <= self.calendar.now

    def ago(self, days: int) -> date:
        return self.calendar.today - timedelta(days=days)

    def moment(self, entry: dict[str, Any]) -> datetime:
        day = self.climbed[entry["sessions_ago"]] if "sessions_ago" in entry else self.ago(entry["days_ago"])
        if "school" in entry.get("going_on", ()) or entry.get("at_work"):
            day -= timedelta(days=max(day.weekday() - FRIDAY, 0))
        clock = time.fromisoformat(entry.get("time", "17:15"))
        return at_time(day, clock.hour * 60 + clock.minute)

    def reaches(self, when: int | str) -> bool:
        """Say whether there is such a day: not -1, and not more climbing sessions back than there were."""
        return int(when.split()[1]) < len(self.climbed) if isinstance(when, str) else when >= 0

    def early_evening(self, when: int | str) -> datetime:
        """Return the evening so many days ago, or (`session 1`) after so many climbing sessions back."""
        key, count = ("sessions_ago", int(when.split()[1])) if isinstance(when, str) else ("days_ago", when)
        return self.moment({key: count, "time": "18:50"})


def _check_in(entry: dict[str, Any], days: _Days) -> PlannedCheckIn:
    at = days.moment(entry)
    return PlannedCheckIn(
        id=uuid5(MADE_HERE, f"amina {at.isoformat()}"),
        at=at,
        answer=entry["face"],
        feelings=tuple(entry.get("feelings", ())),
        going_on=tuple(entry.get("going_on", ())),
        words=entry.get("words", ""),
        audience=Audience(entry["audience"]) if "audience" in entry else None,
    )


def _post(entry: dict[str, Any], days: _Days) -> PlannedPost:
    at = days.moment(entry)
    replies = [
        PlannedReply(reply["by"], at + timedelta(hours=reply["hours"]), reply["words"])
        for reply in entry.get("replies", ())
    ]
    told = tuple(reply for reply in replies if reply.at <= days.calendar.now)
    return PlannedPost(at, entry["words"], told, Audience(entry["audience"]), entry.get("drawing", ""))


def _goal(entry: dict[str, Any], days: _Days) -> PlannedGoal:
    return PlannedGoal(
        title=entry["title"],
        at=days.early_evening(entry["days_ago"]),
        ratings=tuple((days.early_evening(when), rating) for when, rating in entry["ratings"] if days.reaches(when)),
        steps=tuple(
            (words, days.early_evening(when) if days.reaches(when) else None) for words, when in entry["steps"]
        ),
        reached_at=days.early_evening(entry["reached"]) if "reached" in entry else None,
    )


def _profile(entry: dict[str, Any], days: _Days) -> PlannedProfile:
    sections = {key: words for key, words in entry.items() if key not in ("days_ago", "said_by")}
    return PlannedProfile(days.moment({"days_ago": entry["days_ago"], "time": "17:35"}), entry["said_by"], sections)
