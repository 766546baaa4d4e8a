"""The links on top of staff pages lead where the role may go."""

import re

import pytest

from tests.conftest import SignIn
from tests.people import Cast

FIRST_PAGES = {
    "mentor": ("/caseload", ["My young people"]),
    "parent_carer": ("/caseload", ["My family", "How I am"]),
    "provider": ("/offers", ["Short breaks"]),
    "administrator": ("/accounts", ["Accounts", "Single sign-on"]),
    "auditor": ("/audit", ["Audit trail", "Emergency access"]),
}


@pytest.mark.parametrize("who", FIRST_PAGES)
def test_each_role_has_its_own_links_and_every_one_opens(cast: Cast, sign_in: SignIn, who: str) -> None:
    client = sign_in(cast.everybody[who])
    path, words = FIRST_PAGES[who]
    text = client.get(path).text
    bar = text.split('<nav class="bar"')[1].split("</nav>")[0]
    links = re.findall(r'<li><a href="([^"]+)"( aria-current="page")?>([^<]+)</a></li>', bar)
    assert [link[2] for link in links] == words
    assert [bool(link[1]) for link in links] == [True] + [False] * (len(words) - 1)
    for address, _, _ in links:
        assert client.get(address).status_code == 200
    assert "data-leave" in bar
    assert 'action="/sign-out"' in bar
