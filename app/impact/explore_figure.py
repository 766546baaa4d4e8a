"""The interval plot on Explore, as plotly's own JSON; colours come from the page, so that dark is dark."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go

from app.impact.beside_presenters import Line
from app.impact.evidence_words import signed
from app.impact.intervention_presenters import InterventionPage
from app.impact.presenters import Comparison
from app.impact.rows import Row
from app.impact.scales import tick_words
from app.impact.shown_outcomes import capital

DIRECTIONS = {
    "better": ("Better than expected", "circle"),
    "unsure": ("Cannot tell, or early", "circle-open"),
    "worse": ("Lower than expected", "circle"),
}
EDGE = 0.1
NAIVE = "Plain before and after"


def figure_of(shown: Comparison) -> dict[str, Any]:
    """Return the figure: one line of text and one interval for each row that has a figure, best known on top."""
    drawn = [row for row in shown.rows if row.mark is not None]
    figure = go.Figure()
    for direction, (words, symbol) in DIRECTIONS.items():
        held = [row for row in drawn if row.mark is not None and row.mark.direction == direction]
        if held:
            figure.add_trace(_intervals(held, words, symbol, direction))
    with_naive = [row for row in drawn if row.figures.naive is not None]
    if with_naive:
        figure.add_trace(_diamonds(with_naive))
    names = [_name(row) for row in reversed(drawn)]
    figure.update_layout(template=None, showlegend=False, hovermode="closest", meta={"rows": names})
    figure.update_xaxes(
        range=[shown.scale.low - EDGE, shown.scale.high + EDGE],
        tickvals=shown.scale.values,
        ticktext=[tick_words(value) for value in shown.scale.values],
        title_text=f"Change in {shown.outcome.name}, {shown.outcome.axis_words}",
    )
    figure.update_yaxes(categoryorder="array", categoryarray=names, showticklabels=False)
    return dict(json.loads(figure.to_json()))


def shape_figure_of(shown: InterventionPage) -> dict[str, Any]:
    """Return the change by weeks around the first session: an interval for each span of weeks that shows a figure."""
    drawn = [line for line in shown.shape if line.change is not None]
    names = [line.name for line in drawn]
    figure = go.Figure()
    for direction, held in (("naive", _before(drawn)), (shown.direction, _after(drawn))):
        if held:
            figure.add_trace(_spans(held, direction))
    figure.update_layout(template=None, showlegend=False, hovermode="closest", meta={"columns": names})
    figure.update_xaxes(categoryorder="array", categoryarray=names, type="category")
    figure.update_yaxes(title={"text": f"Change in {shown.outcome.name}", "standoff": 12})
    return dict(json.loads(figure.to_json()))


def _before(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.is_before]


def _after(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not line.is_before]


def _spans(lines: Sequence[Line], direction: str) -> Any:  # noqa: ANN401 (plotly has no types)
    change = [line.change or 0.0 for line in lines]
    high = [(line.high or 0.0) - at for line, at in zip(lines, change, strict=True)]
    low = [at - (line.low or 0.0) for line, at in zip(lines, change, strict=True)]
    return go.Scatter(
        name=direction,
        x=[line.name for line in lines],
        y=change,
        mode="markers",
        marker={"size": 13, "symbol": "circle", "line": {"width": 3}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [round(value, 1) for value in high],
            "arrayminus": [round(value, 1) for value in low],
            "thickness": 4,
            "width": 0,
        },
        customdata=[[signed(line.change), signed(line.low), signed(line.high)] for line in lines],
        hovertemplate="%{x}<br>%{customdata[0]}, between %{customdata[1]} and %{customdata[2]}<extra></extra>",
        meta=direction,
    )


def _name(row: Row) -> str:
    return f"{row.intervention}: {row.group}" if row.group else row.intervention


def _as_text(name: str) -> str:
    """Return a name for plotly to show letter by letter: what is pointed at is read as HTML of a few tags and links."""
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _values(rows: Sequence[Row], value: Callable[[Row], float | None]) -> list[float]:
    return [value(row) or 0.0 for row in rows]


def _intervals(rows: Sequence[Row], words: str, symbol: str, direction: str) -> Any:  # noqa: ANN401 (plotly has no types)
    change = _values(rows, lambda row: row.figures.change)
    high = _values(rows, lambda row: row.figures.high)
    low = _values(rows, lambda row: row.figures.low)
    return go.Scatter(
        name=words,
        x=change,
        y=[_name(row) for row in rows],
        mode="markers",
        marker={"size": 14, "symbol": symbol, "line": {"width": 3}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(end - at, 1) for end, at in zip(high, change, strict=True)],
            "arrayminus": [round(at - end, 1) for end, at in zip(low, change, strict=True)],
            "thickness": 4,
            "width": 0,
        },
        customdata=[
            [
                *map(signed, (row.figures.low, row.figures.high, row.figures.change)),
                row.people,
                capital(row.outcome.who),
                _as_text(_name(row)),
            ]
            for row in rows
        ],
        hovertemplate="%{customdata[5]}<br>%{customdata[2]}, between %{customdata[0]} and %{customdata[1]}"
        "<br>%{customdata[4]}: %{customdata[3]}<extra></extra>",
        meta=direction,
    )


def _diamonds(rows: Sequence[Row]) -> Any:  # noqa: ANN401 (plotly has no types)
    return go.Scatter(
        name=NAIVE,
        x=_values(rows, lambda row: row.figures.naive),
        y=[_name(row) for row in rows],
        mode="markers",
        marker={"size": 11, "symbol": "diamond-open", "line": {"width": 1.5}},
        customdata=[[signed(row.figures.naive), _as_text(_name(row))] for row in rows],
        hovertemplate="%{customdata[1]}<br>Plain before and after: %{customdata[0]}, not to be used<extra></extra>",
        meta="naive",
    )
