import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

from flask import Flask

from app import create_app
from app.settings import Environment
from app.web.headers import A_YEAR, CONTENT_POLICY
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import CHANGING, path_of
from tests.people import Cast

ROOT = Path(__file__).parents[2]
HTMX = {"selfRequestsOnly": True, "allowEval": False, "allowScriptTags": False, "includeIndicatorStyles": False}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_every_address_is_kebab_case(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert rule.endpoint == "static" or re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule


def test_every_change_needs_a_csrf_token(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(cast.mentor)
    for rule in app.url_map.iter_rules():
        for method in set(CHANGING) & (rule.methods or set()):
            response = client.open(path_of(app, rule, slug="derwent"), method=method)
            assert response.status_code == 400, f"{method} {rule.rule}: {response.status_code}"


def test_every_answer_carries_the_content_policy_and_is_not_kept(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for response in (
        app.test_client().get("/"),
        app.test_client().get("/no-such-page"),
        sign_in(cast.mentor).get("/caseload"),
        sign_in(cast.young_person).get("/home"),
    ):
        assert response.headers["Content-Security-Policy"] == CONTENT_POLICY
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert {"camera=()", "geolocation=()"} <= set(response.headers["Permissions-Policy"].split(", "))
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in response.headers
        directives = response.headers["Content-Security-Policy"].split("; ")
        assert {"frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"} <= set(directives)
    assert "unsafe" not in CONTENT_POLICY


def test_trace_is_refused_everywhere(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for client in (app.test_client(), sign_in(cast.young_person)):
        for path in ("/", "/home", "/healthy", "/static/js/app.js"):
            answer = client.open(path, method="TRACE", headers={"X-Planted": "driftwood"})
            assert answer.status_code in {302, 303, 405}, path
            assert b"driftwood" not in answer.data


def test_in_production_every_answer_asks_for_https_for_a_year(app: Flask) -> None:
    settings = replace(app.extensions["settings"], environment=Environment.PRODUCTION, trusted_hosts=("localhost",))
    client = create_app(settings).test_client()
    for path in ("/", "/healthy", "/no-such-page", "/caseload", "/static/js/app.js"):
        headers = client.get(path, base_url="https://localhost").headers
        asked = dict(part.strip().partition("=")[::2] for part in headers["Strict-Transport-Security"].split(";"))
        assert int(asked["max-age"]) >= A_YEAR
        assert "includeSubDomains" in asked


def test_in_production_the_session_s_cookie_is_bound_to_the_host(app: Flask, cast: Cast) -> None:
    assert cast
    settings = replace(app.extensions["settings"], environment=Environment.PRODUCTION, trusted_hosts=("localhost",))
    answer = create_app(settings).test_client().get("/c/derwent/sign-in", base_url="https://localhost")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-tidemark=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_htmx_runs_nothing_and_asks_nobody_else(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    pages = [app.test_client().get("/"), sign_in(cast.mentor).get("/caseload"), sign_in(cast.young_person).get("/home")]
    for page in pages:
        (settings,) = re.findall(r"<meta name=\"htmx-config\" content='([^']+)'>", page.text)
        assert json.loads(settings).items() >= HTMX.items()


def test_every_page_with_htmx_has_its_settings() -> None:
    with_htmx = [one.name for one in TEMPLATES if "htmx.min.js" in one.read_text()]
    assert with_htmx
    assert with_htmx == [one.name for one in TEMPLATES if 'name="htmx-config"' in one.read_text()]


def test_no_template_switches_escaping_off_or_styles_inline() -> None:
    assert TEMPLATES
    for template in TEMPLATES:
        text = template.read_text()
        for forbidden in (
            r"\|\s*safe\b",
            r"autoescape false",
            r"\sstyle=",
            r"<style",
            r"\son[a-z]+=",
            r"hx-on",
            r"hx-boost",
        ):
            assert not re.search(forbidden, text), f"{template.name}: {forbidden}"
        for script in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text):
            assert 'type="application/json"' in script, template.name


def test_vendored_files_are_the_ones_that_are_listed() -> None:
    folder = ROOT / "static" / "vendor"
    listed = {
        file["path"]: file["sha256"]
        for package in tomllib.loads((folder / "vendor.toml").read_text())["package"]
        for file in package["files"]
    }
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "vendor.toml"
    }
    assert found == listed


def test_errors_tell_nothing_of_the_inside(app: Flask) -> None:
    text = app.test_client().get("/no-such-page").text
    assert "There is nothing here" in text
    assert "werkzeug" not in text.lower()


IN_AN_ADDRESS = {
    "budget.html": "sums of money",
    "trail.html": "dates, and people by number",
}


def test_a_form_that_ends_up_in_an_address_asks_for_no_name_and_no_word() -> None:
    found = {one.name for one in TEMPLATES if re.search(r"<form(?![^>]*method=\"post\")[^>]*>", one.read_text())}
    assert found == set(IN_AN_ADDRESS)
