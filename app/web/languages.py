"""The language of a page: which there are, which one somebody chose or their phone asks for, and words in it.

A language is a folder of `app/translations` with a compiled catalogue, so that one is added without a line of code.
What people write themselves is never translated.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import flask_babel
from babel import Locale
from flask import Flask, Response, current_app, g, request

P = ParamSpec("P")
R = TypeVar("R")
TRANSLATIONS = Path(__file__).parents[1] / "translations"
CATALOGUE = Path("LC_MESSAGES") / "messages.mo"
ENGLISH = "en"
COOKIE = "tidemark-language"
A_YEAR = 365 * 86_400
IN_ENGLISH = "tidemark_in_english"


def _(words: str, **values: Any) -> str:  # noqa: ANN401 (whatever reads as text)
    """Return words in the language of the request in hand, with `%(name)s` filled in."""
    return str(flask_babel.gettext(words, **values))


def _l(words: str, **values: Any) -> str:  # noqa: ANN401 (whatever reads as text)
    """Return what reads as these words in the language of each request that shows it; for names of constants.

    It is text in templates, in `f"{…}"`, `+` and `%`, but `"".join()` and JSON need `str(…)` around it.
    """
    return cast("str", flask_babel.lazy_gettext(words, **values))


def later(words: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> str:
    """Return what reads as the words that a function finds, in the language of each request that shows it."""
    return cast("str", flask_babel.LazyString(words, *args, **kwargs))


def ngettext(one: str, several: str, number: int, **values: Any) -> str:  # noqa: ANN401 (whatever reads as text)
    """Return the words that fit a number, which is `%(num)s` in them; a language may have more than two forms."""
    return str(flask_babel.ngettext(one, several, number, **values))


@dataclass(frozen=True, slots=True)
class Language:
    """One language that young people's pages can be read in."""

    code: str
    name: str
    """What those who speak it call it."""
    direction: str
    """`ltr` or `rtl`."""

    @property
    def tag(self) -> str:
        """Return what stands in `lang=""`."""
        return "en-GB" if self.code == ENGLISH else self.code.replace("_", "-")


def languages() -> dict[str, Language]:
    """Return the languages there are, English first, by code."""
    return _languages_in(TRANSLATIONS)


@cache
def _languages_in(folder: Path) -> dict[str, Language]:
    codes = sorted(path.parents[1].name for path in folder.glob(f"*/{CATALOGUE}"))
    return {code: _language(code) for code in (ENGLISH, *codes)}


def _language(code: str) -> Language:
    locale = Locale.parse(code)
    name = locale.get_display_name(code) or code
    return Language(code, name[0].upper() + name[1:], locale.text_direction)


def known(code: str | None) -> str | None:
    """Return a language's code where there is such a language, else None."""
    return code if code in languages() else None


def phone_language() -> str:
    """Return the language that was chosen on this phone, else the first one that its browser asks for and there is."""
    chosen = known(request.cookies.get(COOKIE))
    offered = [one.replace("_", "-") for one in languages()]
    guess = request.accept_languages.best_match(offered, default=ENGLISH) or ENGLISH
    return chosen or guess.replace("-", "_")


def page_language() -> Language:
    """Return the language of the page in hand, for templates."""
    return languages()[language_now()]


def language_now() -> str:
    """Return the code of the language in force: of the request, or of `speaking`; English outside of both."""
    locale = flask_babel.get_locale()
    return known(str(locale)) or ENGLISH


def is_english() -> bool:
    return language_now() == ENGLISH


def locale_now() -> Locale:
    return flask_babel.get_locale() or Locale(ENGLISH)


def speaking(code: str) -> AbstractContextManager[None]:
    """Let words be in a language whatever the request says; English where there is no such language."""
    return cast("AbstractContextManager[None]", flask_babel.force_locale(known(code) or ENGLISH))


def start_again() -> None:
    """Ask anew for the language, after somebody chose another one."""
    flask_babel.refresh()


def in_list(names: Sequence[str]) -> str:
    """Return `Jo`, `Jo and Sana`, `Jo, Sana and Ali`; empty for nobody."""
    said = [str(name) for name in names]
    if len(said) < 2:  # noqa: PLR2004 (a list of two has an "and")
        return "".join(said)
    comma = "، " if page_language().direction == "rtl" else ", "
    return _("%(names)s and %(last)s", names=comma.join(said[:-1]), last=said[-1])


def number_in_words(number: float) -> str:
    """Return a whole number with the marks between thousands that the language has."""
    return f"{number:,.0f}" if is_english() else flask_babel.format_decimal(round(number))


def in_english_only(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a page that needs no sign-in is for adults, whose pages are in English."""
    setattr(view, IN_ENGLISH, True)
    return view


def remember_on_phone(response: Response, code: str) -> None:
    """Keep a language on the phone in hand, for the pages before sign-in and for those kept for no signal."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, code, max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)


def install_languages(app: Flask, language_of_viewer: Callable[[], str | None]) -> None:
    """Choose each request's language; `language_of_viewer` is asked for that of whoever is signed in, None: none."""

    def chosen() -> str:
        if not request:
            return ENGLISH
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, IN_ENGLISH, False):
            return ENGLISH
        if "viewer" not in g:
            return phone_language()
        return known(language_of_viewer()) or phone_language()

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    flask_babel.Babel(app, default_locale=ENGLISH, locale_selector=chosen)
    app.jinja_env.globals.update(page_language=page_language, languages=languages)

    @app.after_request
    def say_language(response: Response) -> Response:
        if response.mimetype in {"text/html", "application/manifest+json"}:
            response.headers["Content-Language"] = page_language().tag
            response.vary.update(("Accept-Language", "Cookie"))
        return response
