"""One outcome of a council, fitted only once somebody asks for a figure."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from app.impact.baselines import before_and_after
from app.impact.council_panel import CouncilPanel
from app.impact.disclosure import MINIMUM
from app.impact.fits import Fits, Laid, fit_laid, lay_panel
from app.impact.held import Held
from app.impact.panel import person_weeks


class CouncilFit:
    """One outcome of a council, laid out and fitted when first asked for: figures may not be wanted at all.

    `complete` adds what only figures need to the council's panel; `held` are variances to go by.
    """

    def __init__(
        self, council: CouncilPanel, complete: Callable[[CouncilPanel], CouncilPanel], held: Held | None = None
    ) -> None:
        self.council = council
        self._complete, self.held = complete, held

    @cached_property
    def laid(self) -> Laid | None:
        """Who began what when; None where there is nothing to fit."""
        panel = self.council.panel
        if panel.check_ins.person.size == 0 or not panel.interventions:
            return None
        return lay_panel(panel, MINIMUM)

    @cached_property
    def fits(self) -> Fits | None:
        """Everything that figures are made from. The plain before and after is that of the scores as they came."""
        if self.laid is None:
            return None
        council = self._complete(self.council)
        fits = fit_laid(replace(self.laid, panel=council.panel), self.held)
        if council.recorded is None:
            return fits
        cells = person_weeks(council.recorded, fits.panel.people)
        as_came = before_and_after(cells, fits.begun, len(fits.panel.interventions))
        return replace(fits, naive_change=as_came.change)

    @property
    def was_fitted(self) -> bool:
        return self.__dict__.get("fits") is not None
