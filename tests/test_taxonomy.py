"""The taxonomy: counts, rows of one's own, circles, dangling ids, the digest, and that the data files hold together."""

from __future__ import annotations

import csv
import threading

import pytest

from matcher.errors import InputError
from matcher.features.normalize import normalize
from matcher.features.skills import reader_for
from matcher.taxonomy import COLUMNS, KINDS, MARKS, Alias, Taxonomy, read_resource

MOST_UNRESOLVED = 75


def row(name: str, **cells: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "id": name, "label": name, "kind": "skill", **cells}


# ------------------------------------------------------------ the shipped files


def test_counts_do_not_fall():
    taxonomy = Taxonomy.default()
    assert len(taxonomy) >= 800
    assert sum(len(s.aliases) for s in taxonomy.values()) >= 3500
    assert {s.kind for s in taxonomy.values()} == KINDS


def test_every_id_stands_once():
    from importlib import resources

    folder = resources.files("matcher.resources").joinpath("taxonomy")
    ids = [r["id"] for f in folder.iterdir() if f.name.endswith(".csv") for r in read_resource(f"taxonomy/{f.name}")]
    assert len(ids) == len(set(ids)) == len(Taxonomy.default())


@pytest.mark.parametrize("name", ["cues.csv", "lemmas.csv", "programmes.csv", "institutions.csv"])
def test_tables_of_the_package_are_whole(name):
    rows = read_resource(name)
    assert rows
    assert all(None not in r and None not in r.values() for r in rows), "a row has too many or too few cells"


def test_lemma_exceptions_stand_once():
    forms = [r["form"] for r in read_resource("lemmas.csv")]
    assert len(forms) == len(set(forms))


def test_ids_tell_their_field():
    for name, skill in Taxonomy.default().items():
        assert skill.id == name
        assert name == name.strip().lower()
        assert name.count(".") == 1
        assert skill.field == name.split(".")[0]
        assert skill.label


def test_kin_is_near_but_not_the_same():
    for name, near in Taxonomy.default().kin.items():
        assert name not in near
        assert all(0 < strength < 1 for strength in near.values())


def test_nobody_is_his_own_ancestor():
    taxonomy = Taxonomy.default()
    for name, above in taxonomy.ancestors.items():
        assert name not in above
        assert not [p for p in above if name in taxonomy.ancestors[p]], name


def test_every_implied_phrase_means_something():
    """Phrases of ``implies`` that no entry answers to prove nothing; their number may only fall."""
    reader = reader_for()
    unresolved = [(s.id, p) for s in reader.taxonomy.values() for p in s.implies if reader.resolve(p) is None]
    assert len(unresolved) <= MOST_UNRESOLVED, unresolved


def test_an_entry_does_not_imply_itself():
    reader = reader_for()
    itself = {s.id for s in reader.taxonomy.values() if s.id in {i.id for i in reader.implied_by(s.id)}}
    assert itself <= {"role.geophys"}, "«геофизика» is an alias of the role alone"


@pytest.mark.parametrize(
    "skill", ["it.python", "mech.turning", "chem.hplc", "elec.soldering", "lang.en", "qual.safety"]
)
def test_a_label_finds_its_own_entry(skill):
    taxonomy = Taxonomy.default()
    assert reader_for().resolve(taxonomy[skill].label) == skill


# ------------------------------------------------------------ aliases


@pytest.mark.parametrize(
    ("raw", "text", "marks"),
    [
        ("сварка", "сварка", ""),
        ("=lean", "lean", "exact"),
        ("^ФП", "ФП", "capitals"),
        ("?Go", "Go", "ambiguous"),
        ("?^МО", "МО", "ambiguous capitals"),
        ("^?МО", "МО", "ambiguous capitals"),
        ("?= кьют ", "кьют", "ambiguous exact"),
        ("+насос", "насос", "governed"),
        ("~ремонт", "ремонт", "weak"),
        ("C?", "C?", ""),
    ],
)
def test_marks_of_an_alias(raw, text, marks):
    alias = Alias.parse(raw)
    assert alias.text == text
    assert {m for m in MARKS.values() if getattr(alias, m)} == set(marks.split())


# ------------------------------------------------------------ rows of one's own


@pytest.fixture
def own_file(tmp_path):
    def write(*rows: dict[str, str]):
        path = tmp_path / "own.csv"
        with open(path, "w", encoding="utf-8-sig", newline="") as f:
            writer = csv.DictWriter(f, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def test_own_rows_extend_the_shipped_ones(own_file):
    path = own_file(row("own.vzhuh", label="вжух-протокол", parents="it.programming", kin="it.python:0.4"))
    taxonomy = Taxonomy.load(path)
    assert len(taxonomy) == len(Taxonomy.default()) + 1
    assert taxonomy.ancestors["own.vzhuh"]["it.programming"] == 1
    assert taxonomy.descendants["it.programming"]["own.vzhuh"] == 1
    assert taxonomy.kin["it.python"]["own.vzhuh"] == 0.4


def test_own_rows_override_the_shipped_ones(own_file):
    path = own_file(row("it.python", label="Удав", aliases="питон королевский"))
    taxonomy = Taxonomy.load(path)
    assert len(taxonomy) == len(Taxonomy.default())
    assert taxonomy["it.python"].label == "Удав"
    assert Taxonomy.default()["it.python"].label == "Python"


def test_own_rows_instead_of_the_shipped_ones(own_file):
    assert list(Taxonomy.load(own_file(row("own.a"), row("own.b", parents="own.a")), base=False)) == ["own.a", "own.b"]


def test_a_row_without_a_label_adds_to_its_entry(tmp_path):
    (tmp_path / "own.csv").write_text(
        "phrase;id;aliases;parents\nвжух;it.python;вжух-скрипт;it.scripting\nникто не решил;;никто;\n", encoding="utf-8"
    )
    taxonomy = Taxonomy.load(tmp_path / "own.csv")
    python, shipped = taxonomy["it.python"], Taxonomy.default()["it.python"]
    assert python.label == shipped.label
    assert python.aliases == (*shipped.aliases, Alias("вжух-скрипт"))
    assert set(python.parents) == {*shipped.parents, "it.scripting"}
    assert taxonomy.digest != Taxonomy.default().digest
    assert [m.skill for m in normalize("пишу вжух-скрипты", taxonomy=taxonomy)] == ["it.python"]


def test_a_directory_is_read_in_the_order_of_names(tmp_path):
    for name, label in (("b.csv", "Второй"), ("a.csv", "Первый")):
        (tmp_path / name).write_text(f"id,label\nown.x,{label}\n", encoding="utf-8")
    taxonomy = Taxonomy.load(tmp_path, base=False)
    assert [s.label for s in taxonomy.values()] == ["Второй"]
    assert taxonomy["own.x"].kind == "skill"


@pytest.mark.parametrize(
    ("data", "message"),
    [("имя\nx\n".encode(), "has no column id. Its columns: имя"), (b"id,label\n\xff,x\n", "is not UTF-8")],
)
def test_a_file_of_another_kind_is_refused(tmp_path, data, message):
    (tmp_path / "own.csv").write_bytes(data)
    with pytest.raises(InputError, match=message):
        Taxonomy.load(tmp_path / "own.csv")


def test_a_file_that_is_not_there():
    with pytest.raises(InputError, match=r"Cannot read the taxonomy file нет\.csv"):
        Taxonomy.load("нет.csv")


def test_no_rows_no_entries():
    taxonomy = Taxonomy([])
    assert len(taxonomy) == 0
    assert taxonomy.ancestors == taxonomy.descendants == taxonomy.kin == {}


# ------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row("a", parents="b")], "entry 'a' names 'b', which is no entry"),
        ([row("a", kin="b:0.5")], "entry 'a' names 'b', which is no entry"),
        ([row("a", kin="a")], r"kin 'a' of 'a' must look like id:0\.6"),
        ([row("a", kin="a:near")], r"kin 'a:near' of 'a' must look like id:0\.6"),
        ([row("a", kind="умение")], "kind 'умение' of 'a' is none of"),
        ([{"id": "a", "aliases": "b"}], "row 2: a new entry needs a label"),
        ([row("a"), row("a b")], "taxonomy row 3: the id 'a b' must hold no spaces"),
    ],
)
def test_wrong_rows_are_refused(rows, message):
    with pytest.raises(InputError, match=message):
        Taxonomy(rows)


# ------------------------------------------------------------ circles, kin, digest


@pytest.mark.parametrize(
    ("parents", "above"),
    [
        ({"a": "b", "b": "a"}, {"a": {"b": 1}, "b": {"a": 1}}),
        ({"a": "a"}, {"a": {}}),
        ({"a": "b", "b": "c", "c": "a"}, {"a": {"b": 1, "c": 2}, "b": {"c": 1, "a": 2}, "c": {"a": 1, "b": 2}}),
        (
            {"a": "b|c", "b": "d", "c": "d", "d": ""},
            {"a": {"b": 1, "c": 1, "d": 2}, "b": {"d": 1}, "c": {"d": 1}, "d": {}},
        ),
        ({"a": "b|c", "b": "c", "c": ""}, {"a": {"b": 1, "c": 1}, "b": {"c": 1}, "c": {}}),
    ],
)
def test_circles_do_not_hang_and_steps_are_the_shortest(parents, above):
    taxonomy = Taxonomy([row(name, parents=p) for name, p in parents.items()])
    assert taxonomy.ancestors == above
    assert taxonomy.descendants == {a: {b: above[b][a] for b in above if a in above[b]} for a in above}


def test_kin_goes_both_ways_and_keeps_the_stronger():
    taxonomy = Taxonomy([row("a", kin="b:0.3"), row("b", kin="a:0.7|c:0.2"), row("c")])
    assert taxonomy.kin == {"a": {"b": 0.7}, "b": {"a": 0.7, "c": 0.2}, "c": {"b": 0.2}}


@pytest.mark.parametrize(
    "cells", [{"label": "иное"}, {"aliases": "x"}, {"parents": "b"}, {"source": "иной"}, {"kin": "b:0.5"}]
)
def test_the_digest_tells_any_change(cells):
    assert Taxonomy([row("a"), row("b")]).digest != Taxonomy([row("a", **cells), row("b")]).digest


def test_the_digest_of_equal_content_is_equal():
    assert Taxonomy([row("a")]).digest == Taxonomy(iter([row("a")])).digest
    assert Taxonomy([row("a")]).digest != Taxonomy([row("a"), row("b")]).digest
    assert len(Taxonomy([]).digest) == 16


def test_shifted_cells_are_another_digest():
    assert Taxonomy([row("a", implies="x", typical="")]).digest != Taxonomy([row("a", implies="", typical="x")]).digest


def test_entries_are_frozen():
    with pytest.raises(AttributeError):
        Taxonomy([row("a")])["a"].label = "b"


def test_the_default_is_read_once_from_many_threads():
    found = []
    threads = [threading.Thread(target=lambda: found.append(Taxonomy.default())) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 4
    assert all(t is found[0] for t in found)
