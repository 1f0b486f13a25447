from __future__ import annotations

from pathlib import Path

import pytest

from ugc.errors import InputError, MappingError
from ugc.ingest.columns import FIELDS, is_known, map_columns, normal_name, parse_options
from ugc.ingest.profile import Profile
from ugc.ingest.readers.table import Row


def profile_of(*rows):
    profile = Profile(Path("reviews.csv"))
    for number, row in enumerate(rows, 1):
        profile.see(Row(number, row))
    return profile


def fields(*rows, **asked):
    return {name: columns[0] for name, columns in map_columns(profile_of(*rows), asked).fields.items()}


def named(**values):
    """A row and what each of its columns should be taken for."""
    return values


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {
                "Дата публикации": "Вчера, 18:58",
                "Автор": "Ольга",
                "Текст отзыва": "хорошо",
                "Оценка": "5",
                "Количество фотографий": "2",
                "Теги": "нет",
            },
            {
                "date": "Дата публикации",
                "author": "Автор",
                "text": "Текст отзыва",
                "rating": "Оценка",
                "photos_count": "Количество фотографий",
            },
        ),
        (
            {
                "review": "good",
                "rating": "5",
                "date": "2025-06-05",
                "bank": "Dashen",
                "source": "Google Play",
            },
            {"text": "review", "rating": "rating", "date": "date", "company": "bank", "source": "source"},
        ),
        (
            {
                "Treść opinii": "polecam",
                "Ocena": "4,5/5",
                "Data wystawienia": "12 maja 2024",
                "Zalety": "cena",
                "Wady": "waga",
                "Autor": "Jan",
                "Produkt": "Dyson",
            },
            {
                "text": "Treść opinii",
                "rating": "Ocena",
                "date": "Data wystawienia",
                "pros": "Zalety",
                "cons": "Wady",
                "author": "Autor",
                "product": "Produkt",
            },
        ),
        (
            {
                "ОТЗЫВ": "плохо",
                "Балл": "2",
                "Город": "Казань",
                "Достоинства": "цена",
                "Недостатки": "всё",
                "Ответ компании": "жаль",
                "Дата ответа": "01.05.2025",
                "Компания": "Ясень",
                "Заголовок": "ужас",
            },
            {
                "text": "ОТЗЫВ",
                "rating": "Балл",
                "city": "Город",
                "pros": "Достоинства",
                "cons": "Недостатки",
                "reply_text": "Ответ компании",
                "reply_date": "Дата ответа",
                "company": "Компания",
                "title": "Заголовок",
            },
        ),
        (
            {
                "review_id": "1",
                "date": "2025-05-31",
                "time": "14:52",
                "rating": "5",
                "title": "t",
                "content": "c c c",
                "author": "a",
                "user_id": "7",
                "store": "gp",
                "app_version": "1.2",
                "locale": "en_US",
                "answer_text": "thanks",
                "answer_date": "2025-06-01",
            },
            {
                "source_id": "review_id",
                "date": "date",
                "time": "time",
                "rating": "rating",
                "title": "title",
                "text": "content",
                "author": "author",
                "author_id": "user_id",
                "source": "store",
                "app_version": "app_version",
                "language": "locale",
                "reply_text": "answer_text",
                "reply_date": "answer_date",
            },
        ),
        (
            {
                "Review ID": "x",
                "Review Created (UTC)": "2025-05-31 10:00:00",
                "Review Username": "Ann",
                "Review User Email": "a@b.ru",
                "Review Title": "t",
                "Review Content": "nice shop",
                "Review Stars": "5",
                "Source Of Review": "Organic",
                "Review Language": "en",
                "Company Reply Date (UTC)": "2025-06-01",
                "Location Name": "Main street",
            },
            {
                "source_id": "Review ID",
                "date": "Review Created (UTC)",
                "author": "Review Username",
                "author_mail": "Review User Email",
                "title": "Review Title",
                "text": "Review Content",
                "rating": "Review Stars",
                "language": "Review Language",
                "reply_date": "Company Reply Date (UTC)",
                "place": "Location Name",
            },
        ),
        (
            {
                "id": "1",
                "wbUserDetails.name": "Анна",
                "text": "ок ок ок",
                "pros": "да",
                "cons": "нет",
                "productValuation": 5,
                "createdDate": "2025-05-31T10:00:00Z",
                "answer.text": "спасибо",
                "answer.createDate": "2025-06-01T10:00:00Z",
                "votes.pluses": 3,
                "nmId": 123,
            },
            {
                "source_id": "id",
                "author": "wbUserDetails.name",
                "text": "text",
                "pros": "pros",
                "cons": "cons",
                "rating": "productValuation",
                "date": "createdDate",
                "reply_text": "answer.text",
                "reply_date": "answer.createDate",
                "helpful_votes": "votes.pluses",
                "product": "nmId",
            },
        ),
        (
            {
                "attributes.rating": 5,
                "attributes.title": "t",
                "attributes.body": "good app",
                "attributes.reviewerNickname": "nick",
                "attributes.createdDate": "2025-05-31T10:00:00Z",
            },
            {
                "rating": "attributes.rating",
                "title": "attributes.title",
                "text": "attributes.body",
                "author": "attributes.reviewerNickname",
                "date": "attributes.createdDate",
            },
        ),
        (
            {
                "reviewId": "r",
                "reviewer.displayName": "Ann",
                "starRating": "FIVE",
                "comment": "very nice",
                "createTime": "2025-05-31T10:00:00Z",
                "updateTime": "2025-06-01T10:00:00Z",
                "reviewReply.comment": "thanks",
                "reviewReply.updateTime": "2025-06-02T10:00:00Z",
            },
            {
                "source_id": "reviewId",
                "author": "reviewer.displayName",
                "rating": "starRating",
                "text": "comment",
                "date": "createTime",
                "edited_at": "updateTime",
                "reply_text": "reviewReply.comment",
                "reply_date": "reviewReply.updateTime",
            },
        ),
    ],
)
def test_names_in_three_languages_and_of_known_exports(row, expected):
    assert fields(row) == expected


PLAY = (
    "Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,"
    "Review Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,"
    "Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Millis Since Epoch,"
    "Developer Reply Text,Review Link"
)


def test_google_play_console_takes_milliseconds_before_the_text_of_a_date():
    cells = (
        "com.bank,10,4.8,ru,phone,2025-05-31T14:52:00Z,1748703120000,2025-05-31T15:52:00Z,1748706720000,5,,хорошо,"
        "2025-06-01T14:52:00Z,1748789520000,спасибо,https://play.google.com/x?reviewId=1"
    )
    found = map_columns(profile_of(dict(zip(PLAY.split(","), cells.split(","), strict=True)))).fields
    assert found["date"] == ("Review Submit Millis Since Epoch", "Review Submit Date and Time")
    assert found["edited_at"][0] == "Review Last Update Millis Since Epoch"
    assert found["reply_date"][0] == "Developer Reply Millis Since Epoch"
    assert found["rating"] == ("Star Rating",)
    assert found["text"] == ("Review Text",)
    assert found["app_version"] == ("App Version Name",)
    assert found["language"] == ("Reviewer Language",)
    assert found["url"] == ("Review Link",)


def test_contents_tell_where_names_do_not():
    rows = [
        {
            "A": f"{n}",
            "B": "мне всё очень понравилось",
            "C": f"{n % 5 + 1}",
            "D": f"0{n % 9 + 1}.05.2025",
            "E": "10",
        }
        for n in range(30)
    ]
    mapping = map_columns(profile_of(*rows))
    assert mapping.fields == {"text": ("B",), "rating": ("C",), "date": ("D",)}
    assert [choice.why for choice in mapping.choices] == [
        "",
        "longest free text",
        "holds ratings",
        "holds dates",
        "",
    ]


def test_counts_are_not_taken_for_ratings():
    rows = [{"text": "хорошо очень", "лайков": str(n % 6), "просмотров": str(n)} for n in range(30)]
    assert set(fields(*rows)) == {"text"}


def test_a_known_name_with_other_contents_is_not_believed():
    rows = [{"date": "в отпуске", "rating": "мягкий", "text": "текст отзыва тут"}]
    assert set(fields(*rows)) == {"text"}


def test_a_column_named_store_may_be_a_place():
    assert fields({"text": "хорошо очень", "store": "Main street 5"})["place"] == "store"


def test_map_fixes_a_field_by_exact_or_normal_name_or_takes_it_away():
    row = {"Отзыв": "хорошо", "Доп. Текст": "подробный рассказ", "Оценка": "5"}
    assert fields(row, text="Доп. Текст")["text"] == "Доп. Текст"
    assert fields(row, text="доп текст")["text"] == "Доп. Текст"
    assert "rating" not in fields(row, rating="")


def test_map_to_an_absent_column_lists_those_that_are_there():
    with pytest.raises(MappingError, match="Отзыв, Оценка"):
        fields({"Отзыв": "хорошо", "Оценка": "5"}, text="Текст")


def test_no_text_says_which_columns_there_are_and_what_to_do():
    with pytest.raises(MappingError, match=r"num, flag.*--map text=COLUMN"):
        fields({"num": "1", "flag": "2"})


def test_options():
    assert parse_options(["text=Отзыв", "rating=a=b", "date="]) == {
        "text": "Отзыв",
        "rating": "a=b",
        "date": "",
    }
    for wrong in (["text"], ["nothing=x"], ["text=a", "text=b"]):
        with pytest.raises(InputError):
            parse_options(wrong)


def test_names_are_compared_without_case_strokes_and_diacritics():
    assert normal_name("  Treść_Opinii ") == normal_name("tresc opinii")
    assert normal_name("reviewReply.comment") == "review reply comment"
    assert normal_name("Подтверждённый") == "подтвержденный"
    assert is_known("ОЦЕНКА")
    assert not is_known("x" * 100)


def test_every_field_of_the_synonyms_is_a_field():
    from ugc.ingest.columns import _synonyms

    assert set(_synonyms()) == set(FIELDS)
