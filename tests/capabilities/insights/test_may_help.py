"""What may help next is put in an order only where published figures can bear one, and never from withheld ones."""

from uuid import UUID

from app.breaks.values import OpenOffer
from app.impact.disclosure import Figures, State
from app.impact.like_them import Reach, can_be_ordered, like_them
from app.impact.tables import pair_group
from app.insights.may_help import NEED_AND_AGE, Option, own_group, sorted_by_evidence


def figures(change: float, wide: float = 0.3, *, grade: str = "good evidence", state: State = State.GRADED) -> Figures:
    return Figures(state, 40, change=change, low=round(change - wide, 1), high=round(change + wide, 1), grade=grade)


def option(name: str, shown: Figures | None) -> Option:
    offer = OpenOffer(UUID(int=ord(name[0])), name, "Peak Wall", "", None)
    return Option(offer, has_place=False, figures=shown, reach=like_them(shown, []) if shown else None)


def names(options: tuple[Option, ...]) -> list[str]:
    return [one.offer.name for one in options]


def test_figures_too_close_together_stay_in_order_of_the_alphabet() -> None:
    close = sorted_by_evidence(
        [option("Art", figures(0.5)), option("Boats", figures(0.7)), option("Cooking", figures(0.6))]
    )
    assert names(close.better) == ["Art", "Boats", "Cooking"]
    assert not close.is_ordered
    apart = sorted_by_evidence(
        [option("Art", figures(0.5)), option("Boats", figures(1.7)), option("Cooking", figures(0.6))]
    )
    assert names(apart.better) == ["Boats", "Cooking", "Art"]
    assert apart.is_ordered


def test_each_offer_stands_where_what_is_known_of_it_puts_it() -> None:
    found = sorted_by_evidence(
        [
            option("Art", figures(0.9, grade="we cannot tell")),
            option("Boats", None),
            option("Cooking", figures(-0.6)),
            option("Dance", figures(0.4, state=State.EARLY, grade="early")),
            option("Eating", figures(0.8)),
        ]
    )
    assert (names(found.better), names(found.unsure)) == (["Eating"], ["Art", "Dance"])
    assert (names(found.worse), names(found.unknown)) == (["Cooking"], ["Boats"])
    assert not found.is_ordered


def drawn(change: float) -> Figures:
    return Figures(State.SHOWN, drawn_change=change, drawn_low=change - 0.2, drawn_high=change + 0.2)


def test_the_closest_group_that_has_a_figure_speaks_for_people_like_them() -> None:
    whole, own = figures(0.5, 0.2), {"by_need": "Autism", "by_age": "14 to 16"}
    pairs = {pair_group("autism", "14 to 16"): drawn(0.9), pair_group("Autism", "11 to 13"): drawn(0.1)}
    assert own_group(NEED_AND_AGE, pairs, own) == drawn(0.9)
    assert own_group(NEED_AND_AGE, pairs, own | {"by_age": ""}) is None
    assert own_group("by_need", {"Anxiety": drawn(0.2)}, own) is None
    found = like_them(whole, [("main need and age", drawn(0.9)), ("main need", drawn(0.7))])
    assert found is not None
    assert (found.change, found.like) == (0.9, "main need and age")


def test_without_a_figure_of_their_own_group_it_is_everybodys() -> None:
    assert like_them(figures(0.5, 0.2), [("age", figures(0.9))]) == Reach(0.5, 0.3, 0.7)
    assert like_them(Figures(State.COUNT_ONLY, 10), []) is None


def test_one_figure_alone_has_no_order() -> None:
    assert not can_be_ordered([Reach(3.0, 2.9, 3.1)])
