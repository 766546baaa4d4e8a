"""HTTP for a phone that asks to be let in: before anybody is signed in, and the same whoever asks."""

from flask import Blueprint, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from app.accounts import letting_in_services as services
from app.accounts.browsers import browser_in_words
from app.accounts.gate import open_to_everybody
from app.accounts.letting_in_queries import ASKS_FOR, has_pictures, open_request
from app.accounts.passwords import hash_token
from app.accounts.picture_page import picture_page, too_few_pictures
from app.accounts.presenters import in_two_groups
from app.accounts.queries import council_by_slug
from app.accounts.services import TooManyTriesError, UnknownPictureCodeError
from app.accounts.sessions import sign_in
from app.accounts.values import Proof
from app.accounts.views import OVER_HTTPS, is_over_https, keep_device_cookie
from app.database import transaction
from app.web.errors import NotFoundError, show_error
from app.web.languages import _, _l
from app.web.pages import go_to, page
from app.web.refusals import only_asks

letting_in = Blueprint("letting_in", __name__)
ASKING_COOKIE = "tidemark-asking"
OVER = _l("That took too long, or it is done. Ask once more.")
CHOOSE = _l("Your mentor let this phone in. Tap four pictures in an order you will know.")
KNOWN = _l("Your mentor let this phone in. Now tap your pictures, in the order you chose.")
NOT_THEM = _l("Those are not your pictures. Try again, or ask your mentor for a new card.")


def asking_cookie() -> str:
    """Return the name of the cookie that holds the secret of a phone that asks."""
    return f"{OVER_HTTPS}{ASKING_COOKIE}" if is_over_https() else ASKING_COOKIE


@letting_in.route("/c/<slug>/let-me-in", methods=["GET", "POST"])
@open_to_everybody
def ask(slug: str) -> ResponseReturnValue:
    """Ask to be let in and show the code; once let in, ask for the four pictures, which enrol the phone."""
    council = council_by_slug(slug) or abort(404)
    token, pictures = request.cookies.get(asking_cookie(), ""), request.form.getlist("picture")
    if request.method == "POST" and (pictures or request.form.get("do") == "open"):
        return _open(slug, token, pictures)
    found = open_request(council.id, hash_token(token))
    if only_asks() and found is not None and found.account_id is not None:
        return _pictures_of_phone(slug, is_new=not has_pictures(found))
    if only_asks() or found is not None:
        code = in_two_groups(services.code_of(token)) if found is not None else ""
        problem = OVER if token and found is None else None
        return page("accounts/let_me_in.html", council=council, code=code, problem=problem)
    return _asked(slug)


def _asked(slug: str) -> ResponseReturnValue:
    council = council_by_slug(slug) or abort(404)
    try:
        with transaction():
            token = services.ask_to_be_let_in(
                council_id=council.id,
                address=request.remote_addr or "",
                browser=browser_in_words(request.user_agent.string),
            )
    except TooManyTriesError:
        return show_error(429)
    response = make_response(go_to("letting_in.ask", slug=slug))
    response.set_cookie(
        asking_cookie(),
        token,
        max_age=int(ASKS_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=is_over_https(),
    )
    return response


@letting_in.get("/c/<slug>/let-me-in/news")
@open_to_everybody
def news(slug: str) -> ResponseReturnValue:
    """Tell the phone that holds the secret when to look again, and anybody else the same as once it is over."""
    council = council_by_slug(slug) or abort(404)
    found = open_request(council.id, hash_token(request.cookies.get(asking_cookie(), "")))
    response = make_response("", 204)
    if found is None or found.account_id is not None:
        response.headers["HX-Redirect"] = url_for("letting_in.ask", slug=slug)
    return response


def _open(slug: str, token: str, pictures: list[str]) -> ResponseReturnValue:
    council = council_by_slug(slug) or abort(404)
    found = open_request(council.id, hash_token(token))
    is_new = found is not None and found.account_id is not None and not has_pictures(found)
    try:
        with transaction():
            enrolment = services.open_with_pictures(council_id=council.id, token=token, pictures=pictures)
            if enrolment is not None:
                sign_in(enrolment.account, Proof.PICTURES)
    except TooManyTriesError:
        return show_error(429)
    except UnknownPictureCodeError:
        return _pictures_of_phone(slug, is_new=is_new, problem=too_few_pictures())
    except NotFoundError:
        return page("accounts/let_me_in.html", status=422, council=council, code="", problem=OVER)
    if enrolment is None:
        return _pictures_of_phone(slug, is_new=is_new, problem=str(NOT_THEM))
    response: Response = keep_device_cookie(make_response(go_to("accounts.welcome")), enrolment.device_token)
    response.delete_cookie(asking_cookie(), secure=is_over_https(), httponly=True, samesite="Lax")
    return response


def _pictures_of_phone(slug: str, *, is_new: bool, problem: str | None = None) -> ResponseReturnValue:
    return picture_page(
        action=url_for("letting_in.ask", slug=slug),
        title=_("Choose 4 pictures") if is_new else _("Tap your 4 pictures"),
        hint=str(CHOOSE if is_new else KNOWN),
        problem=problem,
    )
