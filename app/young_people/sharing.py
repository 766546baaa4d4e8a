"""What a page may show of who sees what a young person shares."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.accounts.models import EnrolledDevice
from app.accounts.queries import Named
from app.accounts.values import Role
from app.audit.models import AuditEntry
from app.web.dates import day_in_words, on_moment, time_in_words
from app.web.languages import _, _l, in_list, ngettext
from app.young_people.values import AUDIENCES_SEEN_BY, Audience, Tie

ONLY_YOU = _l("just you")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
NO_PARENT_YET = _l(", and no parent or carer yet")
THE_EXCEPTION = _l("Nobody else, unless somebody may be in danger")
TeamMember = tuple[UUID, str, Tie]
LOOKED = {
    "caseload": _l("saw your name in a list"),
    "check_in": _l("read a check-in of yours"),
    "concern": _l("read a call for help of yours"),
    "directory": _l("saw your name in a list"),
    "emergency_access": _l("opened all of yours, to keep somebody safe"),
    "emergency_reason": _l("read why somebody opened all of yours"),
    "media": _l("saw or heard something you made"),
    "places": _l("saw your name in a list"),
    "post": _l("read a post of yours"),
    "profile": _l("read your one page"),
    "prompts": _l("saw when we ask you"),
    "record": _l("read what the council knows about you"),
    "register": _l("saw your name in a list"),
    "school_weeks": _l("saw your weeks at school"),
    "sharing": _l("saw who sees what of yours"),
    "timeline": _l("read your page"),
    "what_followed": _l("saw how you were after your breaks"),
}
SOMETHING = _l("saw something of yours")
ROLE_WORDS = {
    Role.MENTOR: _l("a mentor"),
    Role.PARENT_CARER: _l("a parent or carer"),
    Role.COUNCIL_STAFF: _l("works for the council"),
    Role.PROVIDER: _l("runs sessions"),
    Role.ADMINISTRATOR: _l("looks after who can sign in"),
    Role.AUDITOR: _l("checks who looks at what"),
}
TIE_WORDS = {Tie.MENTOR: _l("My mentor"), Tie.PARENT_CARER: _l("My parent or carer"), Tie.TEAM: _l("On my team")}


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """One answer to "Who sees this?", with the names of those who would."""

    value: str
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class SharingRow:
    """One line of "Who sees it, what it is used for"."""

    words: str
    timeline_of: str
    orders_list: str
    group_figures: str


def in_words(names: Sequence[str]) -> str:
    """Return `Jo`, `Jo and Sana`, `Jo, Sana and Ali`; empty for nobody."""
    return in_list(names)


def first_names(names: Iterable[str]) -> dict[str, str]:
    """Return what each of these people is called: the first name, or the whole name if it is shared or a title."""
    whole = set(names)
    first = {name: name.split(maxsplit=1)[0] if name.strip() else name for name in whole}
    used = Counter(first.values())
    return {name: name if used[one] > 1 or one.rstrip(".").casefold() in TITLES else one for name, one in first.items()}


def members_in(audience: Audience, team: Iterable[TeamMember]) -> dict[UUID, str]:
    """Return who now around the young person sees what is shared with an audience, by account, as they are called."""
    around = list(team)
    called = first_names(name for _, name, _ in around)
    return {account: called[name] for account, name, tie in around if audience in AUDIENCES_SEEN_BY[tie]}


def readers(audience: Audience, team: Iterable[TeamMember]) -> str:
    """Return the first names of those who see it, `just you`, or that nobody is there yet."""
    if audience is Audience.ONLY_ME:
        return ONLY_YOU
    return in_words(list(members_in(audience, team).values())) or _("nobody yet")


def audience_choices(team: Sequence[TeamMember]) -> list[AudienceChoice]:
    who = {one: readers(one, team) for one in Audience} | {Audience.ONLY_ME: THE_EXCEPTION}
    if team and all(tie is not Tie.PARENT_CARER for _, _, tie in team):
        who[Audience.PARENT_CARER] += NO_PARENT_YET
    return [AudienceChoice(one.value, one.words, who[one]) for one in Audience]


def sharing_table() -> list[SharingRow]:
    """Return who sees each kind of sharing and what it is used for, as it is today."""
    counted = _("The face or number, unless you say no")
    return [
        SharingRow(_("Only me"), _("Nobody"), _("No"), counted),
        SharingRow(_("My mentor"), _("Your mentor"), _("Yes"), counted),
        SharingRow(_("My parent or carer too"), _("Your mentor, and your parent or carer"), _("Yes"), counted),
        SharingRow(_("Everyone on my team"), _("Everyone you see named on your team"), _("Yes"), counted),
    ]


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody who looked on one day: who, what they are, what they did, and when last."""

    who: str
    role: str
    what: str
    when: str


def look_days(looks: Iterable[AuditEntry], adults: Mapping[UUID, Named]) -> list[tuple[str, list[LookLine]]]:
    """Return (day, lines) newest first; what one person did several times in a day is one line."""
    called = first_names(adult.name for adult in adults.values())
    days: dict[str, dict[tuple[UUID, str], list[AuditEntry]]] = {}
    for look in looks:
        if look.actor_id is not None and look.actor_id in adults:
            what = LOOKED.get(look.action.partition(":")[0], SOMETHING)
            day = day_in_words(clock.in_britain(look.at).date())
            days.setdefault(day, {}).setdefault((look.actor_id, what), []).append(look)
    return [
        (
            day,
            [
                LookLine(called[adults[who].name], ROLE_WORDS.get(adults[who].role, ""), what, _times(same))
                for (who, what), same in lines.items()
            ],
        )
        for day, lines in days.items()
    ]


def _times(looks: Sequence[AuditEntry]) -> str:
    last = time_in_words(looks[0].at)
    return (
        last
        if len(looks) == 1
        else ngettext("%(num)s time, last at %(last)s", "%(num)s times, last at %(last)s", len(looks), last=last)
    )


def team_lines(team: Iterable[TeamMember]) -> list[tuple[str, str]]:
    """Return (name, what they are) of each adult around a young person."""
    return [(name, TIE_WORDS[tie]) for _, name, tie in team]


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One phone that opens with the young person's pictures."""

    id: UUID
    added: str
    used: str
    let_in_by: str


def phone_lines(devices: Iterable[EnrolledDevice], names: Mapping[UUID, str]) -> list[PhoneLine]:
    """Return a young person's own phones, with which adult let each in (`names`: by account)."""
    return [
        PhoneLine(
            device.id,
            on_moment(device.enrolled_at),
            on_moment(device.last_used_at) if device.last_used_at else "",
            names.get(device.let_in_by, "") if device.let_in_by else "",
        )
        for device in devices
    ]
