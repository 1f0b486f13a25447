from __future__ import annotations

import json
from datetime import datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ugc.errors import InputError
from ugc.ingest.readers import open_table
from ugc.ingest.readers.table import flatten, unique_names

TEXTS = ["Отличный банк, спасибо", 'сказал: "подождите"\nи ушёл', "Świetna obsługa"]


def table_of(path):
    table = open_table(path)
    return table, list(table.rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(write, delimiter):
    lines = [f"Отзыв{delimiter}Оценка", f'"да{delimiter} и нет"{delimiter}4', f"просто{delimiter}5"]
    table, rows = table_of(write("a.csv", "\n".join(lines)))
    assert table.columns == ("Отзыв", "Оценка")
    assert [row.values for row in rows] == [
        {"Отзыв": f"да{delimiter} и нет", "Оценка": "4"},
        {"Отзыв": "просто", "Оценка": "5"},
    ]
    assert [row.number for row in rows] == [2, 3]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16 LE"), ("utf-16-le", "UTF-16 LE"),
     ("utf-16-be", "UTF-16 BE"), ("cp1251", "cp1251"), ("koi8-r", "koi8-r"), ("cp866", "cp866")],
)  # fmt: skip
def test_every_encoding(write, encoding, name):
    text = "Отзыв;Оценка\r\nОчень хороший банк, «советую»;5\r\nПлохо: ждали три часа;1\r\n".replace(
        "«", '"'
    ).replace("»", '"')
    table, rows = table_of(write("a.csv", text, encoding))
    assert name in table.kind
    assert [row.values["Отзыв"] for row in rows] == ['Очень хороший банк, "советую"', "Плохо: ждали три часа"]


def test_polish_in_cp1250(write):
    table, rows = table_of(write("a.csv", "Treść;Ocena\nŹle, żółw i gęś;1\nPolecam każdemu;5\n", "cp1250"))
    assert "cp1250" in table.kind
    assert rows[0].values["Treść"] == "Źle, żółw i gęś"


def test_lines_in_a_second_encoding_are_mended_and_told(write):
    content = "text,rating\nОтличный банк,5\n".encode() + "Плохой банк,1\n".encode("cp1251")
    content += "Świetny sklep,5\n".encode() + "Zła obsługa, żenada\n".replace(", ", " ").encode("cp1250")
    table, rows = table_of(write("mixed.csv", content))
    assert [row.values["text"] for row in rows] == [
        "Отличный банк", "Плохой банк", "Świetny sklep", "Zła obsługa żenada",
    ]  # fmt: skip
    assert "2 lines" in table.notes[0]


def test_a_line_that_no_encoding_explains_is_a_problem_of_its_row(write):
    content = (
        "text,rating\nОтличный банк,5\n".encode()
        + b"\x81\x8d\x8f\x90\x98\x9d\x81\x88,1\n"
        + "Нормально,4\n".encode()
    )
    _, rows = table_of(write("mixed.csv", content))
    assert [row.problem is None for row in rows] == [True, False, True]
    assert "encoding" in rows[1].problem


def test_line_breaks_and_quotes_inside_a_cell(write):
    _, rows = table_of(
        write("a.csv", 'text,rating\r\n"первая\r\nвторая ""в кавычках""\n\nтретья",5\r\nещё,4\r\n')
    )
    assert rows[0].values["text"] == 'первая\nвторая "в кавычках"\n\nтретья'
    assert rows[1].number == 3


def test_unicode_line_separators_part_no_rows(write):
    _, rows = table_of(write("a.csv", "text,rating\nодна\u2028две\x0bтри\u0085четыре,5\nдругая,4\n"))
    assert len(rows) == 2


def test_old_mac_line_ends(write):
    _, rows = table_of(write("a.csv", "text,rating\rхорошо,5\rплохо,1\r"))
    assert [row.values["text"] for row in rows] == ["хорошо", "плохо"]


def test_a_spreadsheets_own_first_line(write):
    table, rows = table_of(write("a.csv", "sep=;\ntext;rating\nхорошо, да;5\n"))
    assert table.columns == ("text", "rating")
    assert rows[0].values == {"text": "хорошо, да", "rating": "5"}


def test_titles_above_the_header(write):
    table, rows = table_of(write("a.csv", "Отчёт по отзывам;;\n;;\nДата;Отзыв;Оценка\n01.05.2025;хорошо;5\n"))
    assert table.columns == ("Дата", "Отзыв", "Оценка")
    assert rows[0].number == 4


def test_no_header_at_all(write):
    table, rows = table_of(write("a.csv", "Отличный банк,5,2024-05-01\nПлохой банк,1,2024-05-02\n"))
    assert table.columns == ("column 1", "column 2", "column 3")
    assert len(rows) == 2
    assert "no header" in table.notes[0]


def test_one_column_with_commas_in_its_texts(write):
    table, rows = table_of(write("a.csv", "review\nGood, very good\nBad, slow, rude\nok\n"))
    assert table.columns == ("review",)
    assert rows[1].values == {"review": "Bad, slow, rude"}


def test_a_row_with_too_many_cells_is_a_problem(write):
    _, rows = table_of(write("a.csv", "text,rating\nхорошо,5\nплохо, медленно,1\nещё раз,4\nи ещё,3,,\n"))
    assert [row.problem is None for row in rows] == [True, False, True, True]
    assert "3 cells where the header has 2" in rows[1].problem


def test_a_quotation_mark_left_open_costs_one_row(write):
    _, rows = table_of(write("a.csv", 'text,rating\nхорошо,5\n"не закрыта,3\nвторая,1\nтретья,2\n'))
    assert [row.problem is None for row in rows] == [True, False, True, True]
    assert rows[3].values == {"text": "третья", "rating": "2"}


def test_blank_and_doubled_names_of_columns():
    assert unique_names(["a", None, "a", " b  c ", ""]) == ("a", "column 2", "a (2)", "b c", "column 5")


def test_workbook(tmp_path):
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Пояснения"
    notes.append(["Выгрузка из CRM"])
    sheet = book.create_sheet("Отзывы")
    sheet.append(["Отчёт за май", None, None])
    sheet.append(["Текст отзыва", "Оценка", "Дата"])
    sheet.append(["хорошо", 5, datetime(2025, 5, 31, 14, 52)])  # noqa: DTZ001 - cells have no zone
    sheet.append([None, None, None])
    sheet.append(["плохо", "#N/A", "Вчера"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    table, rows = table_of(path)
    assert table.kind == "XLSX, sheet Отзывы"
    assert table.columns == ("Текст отзыва", "Оценка", "Дата")
    assert rows[0].values["Дата"] == datetime(2025, 5, 31, 14, 52)  # noqa: DTZ001 - cells have no zone
    assert [row.number for row in rows] == [3, 5]
    assert rows[1].values == {"Текст отзыва": "плохо", "Дата": "Вчера"}
    assert "Пояснения" in table.notes[0]


def test_damaged_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["text"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged"):
        open_table(path)


NESTED = {
    "id": 7,
    "attributes": {"body": "да", "rating": 5, "tags": ["a", "b"], "none": None},
    "photos": [{"u": 1}],
}


def test_flatten():
    assert flatten(NESTED) == {
        "id": 7, "attributes.body": "да", "attributes.rating": 5, "attributes.tags": "a, b",
        "photos": [{"u": 1}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        [{"text": "a"}, {"text": "b"}],
        {"reviews": [{"text": "a"}, {"text": "b"}]},
        {"meta": {"n": 2, "list": [1, 2]}, "data": {"items": [{"text": "a"}, {"text": "b"}]}, "next": None},
        ["a", "b"],
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_arrays(write, document, indent):
    table, rows = table_of(write("a.json", json.dumps(document, indent=indent, ensure_ascii=False)))
    assert table.kind.startswith("JSON")
    assert [row.values for row in rows] == [{"text": "a"}, {"text": "b"}]
    assert [row.number for row in rows] == [1, 2]


def test_json_with_a_second_array(write):
    document = {"data": [{"id": 1, "attributes": {"body": "да"}}], "included": [{"id": 9}]}
    table, rows = table_of(write("a.json", json.dumps(document)))
    assert rows[0].values == {"id": 1, "attributes.body": "да"}
    assert "included" in table.notes[0]
    with pytest.raises(InputError, match="several arrays"):
        open_table(write("b.json", json.dumps({"x": [{"a": 1}], "y": [{"a": 1}]})))


def test_a_long_json_array_is_read_in_pieces(write):
    texts = [f"отзыв {number} 👍 " * 20 + "а" * number for number in range(2500)]
    content = json.dumps([{"text": text} for text in texts], ensure_ascii=False)
    table, rows = table_of(write("a.json", content))
    assert table.kind == "JSON, UTF-8"
    assert [row.values["text"] for row in rows] == texts
    table, rows = table_of(write("b.json", content.replace("👍", ""), "cp1251"))
    assert table.kind == "JSON, cp1251"
    assert [row.values["text"] for row in rows] == [text.replace("👍", "") for text in texts]


@pytest.mark.parametrize("cut", [30, 45, 61])
def test_json_that_was_cut_off(write, cut):
    whole = json.dumps([{"text": "first one", "rating": 5}, {"text": "second", "rating": 1}])
    with pytest.raises(InputError, match="cut off"):
        list(open_table(write("a.json", whole[:cut])).rows())


def test_jsonl_with_a_broken_line(write):
    table, rows = table_of(write("a.jsonl", '{"text": "a"}\n\n{"text": broken\n{"text": "b"}'))
    assert table.kind.startswith("JSONL")
    assert [(row.number, row.problem is None) for row in rows] == [(1, True), (3, False), (4, True)]


def test_jsonl_under_another_name(write):
    table, rows = table_of(write("a.csv", '{"text": "a"}\n{"text": "b"}\n'))
    assert table.kind.startswith("JSONL")
    assert len(rows) == 2


def test_one_json_object_is_one_review(write):
    _, rows = table_of(write("a.json", json.dumps({"text": "a", "rating": 5}, indent=1)))
    assert [row.values for row in rows] == [{"text": "a", "rating": 5}]


def test_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": TEXTS, "rating": [5, 1, None], "author": [{"name": "A"}, {"name": "B"}, None]}),
        path,
    )
    table, rows = table_of(path)
    assert table.kind == "Parquet"
    assert rows[0].values == {"text": TEXTS[0], "rating": 5, "author.name": "A"}
    assert rows[2].values == {"text": TEXTS[2]}
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InputError, match="cannot be read"):
        open_table(path)
