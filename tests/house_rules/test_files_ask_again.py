"""A file that names people leaves only with somebody who has just said who they are; the others say why they may."""

import inspect

from flask import Flask

from app.accounts.gate import FRESHLY, PUBLIC, declared_permission

ENDINGS = (".csv", ".xlsx", ".pdf", ".png", ".zip")
NAMES_NOBODY = {
    "impact_files": "published group figures of ten people and more",
    "impact_levels": "published group figures of ten people and more",
    "impact": "published group figures of ten people and more",
}
THEIR_OWN = {"profiles.pdf_of_mine": "a young person’s own page, which they read on their own phone"}
SHOWN_ON_THE_PAGE = {"attachments": "a picture or a sound inside a page; a file only so that no browser runs it"}


def gives_a_file(app: Flask, endpoint: str, rule: str) -> bool:
    source = inspect.getsource(inspect.unwrap(app.view_functions[endpoint]))
    return rule.endswith(ENDINGS) or "attachment; " in source or "send_file" in source or "as_file(" in source


def test_every_file_that_names_people_asks_again(app: Flask) -> None:
    fresh, open_files = set[str](), set[str]()
    for rule in app.url_map.iter_rules():
        if declared_permission(app, rule.endpoint) == PUBLIC or not gives_a_file(app, rule.endpoint, rule.rule):
            continue
        asks = getattr(app.view_functions[rule.endpoint], FRESHLY, False)
        (fresh if asks else open_files).add(rule.endpoint)
    assert fresh >= {"oversight.trail_csv", "copies.mine", "profiles.pdf_of_young_person", "concerns.meeting_json"}
    excused = {*NAMES_NOBODY, *SHOWN_ON_THE_PAGE}
    assert {one for one in open_files if one.partition(".")[0] not in excused} == set(THEIR_OWN)


def test_forgetting_and_what_is_kept_of_the_forgotten_ask_again(app: Flask) -> None:
    for endpoint in ("records.forget", "records.confirm", "records.kept", "emergency.ask"):
        assert getattr(app.view_functions[endpoint], FRESHLY), endpoint
