from flask import Flask

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.values import Permission

OPEN_TO_EVERYBODY = {
    "static",
    "accounts.welcome",
    "accounts.healthy",
    "accounts.sign_in_page",
    "accounts.leave",
    "accounts.card",
    "accounts.picture_code",
    "safeguarding.help_now",
    "letting_in.ask",
    "letting_in.news",
    "second_step.ask",
    "second_step.options",
    "second_step.prove",
    "phone.manifest",
    "phone.service_worker",
    "phone.offline",
    "my_data.is_it_done",
    "profile_links.read",
    "looks.choose_language",
    "forgotten.ask",
    "forgotten.choose",
    "sign_on.begin",
    "sign_on.answer",
    "sign_on.account",
    "sign_on.invited",
}


def test_every_endpoint_declares_who_may_use_it(app: Flask) -> None:
    declared = {rule.endpoint: declared_permission(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {name for name, permission in declared.items() if permission == PUBLIC} == OPEN_TO_EVERYBODY
    undeclared = {name for name, p in declared.items() if p != PUBLIC and not isinstance(p, Permission)}
    assert undeclared == set()
