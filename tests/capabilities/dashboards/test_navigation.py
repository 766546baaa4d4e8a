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


@pytest.mark.parametrize(
    ("who", "path", "words"),
    [
        ("mentor", "/young-people/{amina}/school", "My young people"),
        ("parent_carer", "/young-people/{amina}/what-followed", "My family"),
        ("council_staff", "/what-helped/treated-as-asked", "What helped"),
        ("council_staff", "/notifications", "Keeping safe"),
    ],
)
def test_a_page_further_in_marks_the_link_that_it_is_under(
    cast: Cast, sign_in: SignIn, who: str, path: str, words: str
) -> None:
    text = sign_in(cast.everybody[who]).get(path.format(amina=cast.amina)).text
    assert re.findall(r'<a href="[^"]+" aria-current="true">([^<]+)</a>', text) == [words]


def test_a_timeline_is_marked_itself_and_not_the_list_it_is_on(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.mentor).get(f"/young-people/{cast.amina}").text
    bar = text.split('<nav class="bar"')[1].split("</nav>")[0]
    assert re.findall(r'aria-current="([a-z]+)">([^<]+)</a>', bar) == [("page", "Amina")]
