from __future__ import annotations

import pytest

from ugc.text.links import LINK, is_personal, public_address


@pytest.mark.parametrize(
    "link",
    [
        "https://bank.ru/lk?token=abc",
        "https://bank.ru/?utm_source=x&Session-ID=1",
        "https://a.pl/x;jsessionid=AB12",
        "https://shop.ru/reset?to=ivan%40mail.ru",
        "https://user:pass@host.ru/",
        "https://wa.me/79161234567",
        "vk.com/id123456",
        "https://ok.ru/profile/580000000",
        "https://steamcommunity.com/profiles/76561197979911480/recommended/20",
        "https://site.ru/users/12345",
        "https://bank.ru/confirm/3f2a9c0d4e5b6a7c8d9e0f1a2b3c4d5e",
        "https://www.facebook.com/profile.php?id=1",
        "https://x.ru/#access_token=abc",
    ],
)
def test_links_that_say_who_somebody_is(link):
    assert is_personal(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.banki.ru/services/responses/bank/response/12336496/",
        "https://play.google.com/store/apps/details?id=com.bank&reviewId=gp:AOqpTOH",
        "https://site.ru/upload/iblock/a57/6erbfdgl4v98rbwtbr3p2h6jow684w9n/new.pdf",
        "https://otzovik.com/review_12345.html",
        "www.ceneo.pl/79688141#tab=reviews",
        "t.me/channel/15",
        "https://site.ru/usage/1234?page=2&token=",
    ],
)
def test_links_to_public_pages(link):
    assert not is_personal(link)


def test_a_link_ends_before_the_punctuation_of_its_sentence():
    found = LINK.search("Смотрите (https://a.ru/b?c=d), там всё.")
    assert found is not None
    assert found[0] == "https://a.ru/b?c=d"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.ru/review/1", ("https://a.ru/review/1", False)),
        ("https://a.ru/review/1?page=2&token=abc", ("https://a.ru/review/1?page=2", True)),
        ("https://a.ru/review/1?email=x@y.ru", ("https://a.ru/review/1", True)),
        ("https://a.ru/r#sid=5", ("https://a.ru/r", True)),
        ("https://steamcommunity.com/profiles/7656119/recommended/20", (None, True)),
        ("javascript:alert(1)", (None, False)),
        ("data:text/html,x", (None, False)),
        ("/relative/path", (None, False)),
        ("http://[broken", (None, False)),
        ("ftp://a.ru/x", (None, False)),
        ("https://x", (None, False)),
    ],
)
def test_what_is_kept_of_the_address_of_a_review(url, kept):
    assert public_address(url) == kept
