from __future__ import annotations

from ugc.ingest.duplicates import NearDuplicates

LONG = (
    "Оформляла кредит в отделении на Садовой, менеджер Анна всё объяснила, деньги пришли в тот же день, "
    "но через месяц обнаружила страховку, о которой никто не предупреждал"
)


def test_nearly_the_same_text_points_to_the_first():
    index = NearDuplicates()
    assert index.see("a", LONG) is None
    assert index.see("b", LONG + "!!!") == "a"
    assert index.see("c", LONG.replace("Анна", "Ирина").upper()) == "a"
    assert (
        index.see("d", "Доставили вовремя, курьер вежливый, коробка целая, чайник работает, спасибо магазину")
        is None
    )


def test_short_texts_and_the_review_itself_are_no_duplicates():
    index = NearDuplicates()
    assert [index.see(str(number), "Отличный банк, всем советую") for number in range(3)] == [None] * 3
    assert index.see("a", LONG) is None
    assert index.see("a", LONG) is None
    assert index.see("a", LONG + " и точка") is None


def test_a_duplicate_of_a_duplicate_points_to_the_first_of_all():
    index = NearDuplicates()
    index.remember([("a", LONG, None), ("b", LONG + ".", "a")])
    assert index.see("c", LONG + " !") == "a"
    assert index.see("b", LONG + ".") == "a"
    assert index.see("a", LONG) is None


def test_a_first_one_that_comes_again_does_not_point_to_its_own_copy():
    index = NearDuplicates()
    index.remember([("b", LONG, "a")])
    assert index.see("a", LONG + ".") is None


def test_a_similar_topic_is_no_duplicate():
    index = NearDuplicates()
    index.see("a", LONG)
    other = LONG.replace(
        "деньги пришли в тот же день", "ждали одобрения почти две недели и звонили каждый день"
    )
    assert index.see("b", other) is None


def test_the_oldest_texts_are_let_go(monkeypatch):
    monkeypatch.setattr("ugc.ingest.duplicates._KEPT", 5)
    index = NearDuplicates()
    index.see("first", LONG)
    for number in range(6):
        index.see(str(number), " ".join(f"слово{number}{place}" for place in range(12)))
    assert len(index) == 5
    assert index.see("again", LONG) is None
