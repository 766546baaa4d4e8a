"""The questions of when Tidemark may ask."""

from datetime import time

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSelect, GovSubmitInput
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    SubmitField,
)

from app.prompts.values import ON_THE_CLOCK, AgreedTimes
from app.web.dates import WEEKDAYS, clock_time_in_words
from app.web.languages import _l, later

DAYS = [SelectChoice(str(number), day) for number, day in enumerate(WEEKDAYS)]
TOGETHER, SUGGEST = "together", "suggest"


def clock_times(first: int, last: int, every: int = 60) -> list[SelectChoice]:
    """Return the times of day from one hour to another, so many minutes apart, as choices."""
    times = [time(minutes // 60, minutes % 60) for minutes in range(first * 60, last * 60 + 1, every)]
    return [SelectChoice(one.strftime(ON_THE_CLOCK), later(clock_time_in_words, one)) for one in times]


class TimesForm(FlaskForm):  # type: ignore[misc]
    """When to ask and when to keep quiet, as a young person chooses it."""

    days = SelectMultipleField(_l("On which days?"), choices=DAYS)
    at = SelectField(_l("From what time?"), choices=clock_times(7, 22, 30))
    quiet_from = SelectField(_l("Quiet from"), choices=clock_times(18, 23))
    quiet_until = SelectField(_l("Quiet until"), choices=clock_times(5, 12))

    @classmethod
    def about(cls, times: AgreedTimes) -> "TimesForm":
        """Return the form filled in with what is agreed, or with what was sent."""
        return cls(
            days=[str(day) for day in times.days],
            at=times.at.strftime(ON_THE_CLOCK),
            quiet_from=times.quiet_from.strftime(ON_THE_CLOCK),
            quiet_until=times.quiet_until.strftime(ON_THE_CLOCK),
        )

    def agreed(self) -> AgreedTimes:
        days = tuple(sorted(int(day) for day in self.days.data or ()))
        at, quiet_from, quiet_until = (
            time.fromisoformat(field.data) for field in (self.at, self.quiet_from, self.quiet_until)
        )
        return AgreedTimes(days, at, quiet_from, quiet_until)


class MentorTimesForm(TimesForm):
    """The same as a mentor fills it in: agreed together, or put to the young person."""

    days = SelectMultipleField("On which days", choices=DAYS, widget=GovCheckboxesInput(), description="None: never.")
    at = SelectField("From what time", choices=clock_times(7, 22, 30), widget=GovSelect())
    quiet_from = SelectField("Quiet from", choices=clock_times(18, 23), widget=GovSelect())
    quiet_until = SelectField("Quiet until", choices=clock_times(5, 12), widget=GovSelect())
    how = RadioField(
        "How was it agreed",
        choices=[
            SelectChoice(TOGETHER, "We agreed it together just now: it counts at once"),
            SelectChoice(SUGGEST, "I suggest it: it counts once they say yes"),
        ],
        default=SUGGEST,
        widget=GovRadioInput(),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    @property
    def is_together(self) -> bool:
        return bool(self.how.data == TOGETHER)
