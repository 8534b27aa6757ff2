"""An export that is not as agreed is refused in plain words, and nothing is lost unseen."""

from pathlib import Path

import pytest

from bot.commands.models import import_history
from handlers.domain.category import load_taxonomy
from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.corpus_file import read_corpus
from nlp.history import History, load_crosswalk, read_history
from nlp.personal_data import PersonalDataFinder

_WALK = 'text = "Händelse"\ncategory = "Typ"\n[categories]\n"Fall utan skada" = "fall"\n'


def _read(
    folder: Path, finder: PersonalDataFinder, export: str | bytes, walk: str = _WALK
) -> History:
    (folder / "walk.toml").write_text(walk, encoding="utf-8")
    raw = export if isinstance(export, bytes) else export.encode()
    (folder / "old.csv").write_bytes(raw)
    crosswalk = load_crosswalk(folder / "walk.toml", load_taxonomy())
    return read_history(folder / "old.csv", crosswalk, finder)


def test_a_quote_that_is_never_closed_names_its_line(
    tmp_path: Path, finder: PersonalDataFinder
) -> None:
    rows = ["Händelse;Typ", *["Hon föll;Fall utan skada"] * 30]
    rows[11] = '"Hon föll;Fall utan skada'

    with pytest.raises(ConfigurationFault, match="begins on line 12 has a quotation mark"):
        _read(tmp_path, finder, "\n".join(rows))


def test_a_quote_that_another_row_closes_names_its_line(
    tmp_path: Path, finder: PersonalDataFinder
) -> None:
    rows = ["Händelse;Typ", *["Hon föll;Fall utan skada"] * 30]
    rows[5], rows[20] = '"Hon föll;Fall utan skada', 'Hon sa";Fall utan skada'

    with pytest.raises(ConfigurationFault, match="begins on line 6 has"):
        _read(tmp_path, finder, "\n".join(rows))


def test_a_text_of_several_lines_is_one_text(tmp_path: Path, finder: PersonalDataFinder) -> None:
    read = _read(
        tmp_path,
        finder,
        'Händelse;Typ\n"Hon föll.\n\nHon sa ""aj""; inget mer.";fall utan  SKADA\n',
    )

    assert [text.text for text in read.texts] == ['Hon föll.\n\nHon sa "aj"; inget mer.']


def test_a_field_without_end_names_its_line(tmp_path: Path, finder: PersonalDataFinder) -> None:
    with pytest.raises(ConfigurationFault, match="begins on line 2 has"):
        _read(tmp_path, finder, 'Händelse;Typ\n"' + "Hon föll. " * 20_000)


def test_unknown_categories_are_counted_by_name(tmp_path: Path, finder: PersonalDataFinder) -> None:
    read = _read(
        tmp_path, finder, "Händelse;Typ\nA;Okänd\nB;Okänd\n;Okänd\nC; fall UTAN skada \nD\n"
    )

    assert dict(read.unknown) == {"Okänd": 2, "": 1}
    assert (read.without_text, read.left_out, len(read.texts)) == (1, 4, 1)


def test_ids_differ_between_files(tmp_path: Path, finder: PersonalDataFinder) -> None:
    first = _read(tmp_path, finder, "Händelse;Typ\nHon föll;Fall utan skada\n")
    second = _read(tmp_path, finder, "Händelse;Typ\nHan föll;Fall utan skada\n")

    assert first.texts[0].text_id != second.texts[0].text_id


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_files_of_spreadsheet_programs_are_read(
    tmp_path: Path, finder: PersonalDataFinder, encoding: str
) -> None:
    read = _read(tmp_path, finder, "Händelse;Typ\r\nHon föll;Fall utan skada\r\n".encode(encoding))

    assert [text.text for text in read.texts] == ["Hon föll"]


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ("Händelse,Typ\nA,B\n", "parted by ','; add --delimiter ','"),
        ("Text;Typ\nA;B\n", "no column 'Händelse'; the columns are 'Text', 'Typ'"),
        ("Händelse;Typ;Händelse\nA;B;C\n", "'Händelse' stands twice"),
        ("", "the file is empty"),
    ],
)
def test_a_table_of_another_shape_is_refused_in_plain_words(
    tmp_path: Path, finder: PersonalDataFinder, export: str, said: str
) -> None:
    with pytest.raises(ConfigurationFault) as fault:
        _read(tmp_path, finder, export)

    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        (_WALK.replace('text = "Händelse"', "text = 3"), "'text' must be a text"),
        ('text = "A"\ncategory = "B"\ncategories = "x"\n', "'categories' must be a table"),
        ('kind = "nonsense"\n' + _WALK, "kind is 'nonsense'; it can be deviation"),
        (_WALK + '"fall UTAN skada" = "alarm"\n', "stands twice with different codes"),
        (_WALK.replace('"fall"', "7"), "points to 7, which is no category"),
        ('category = "B"\n[categories]\n', "'text' is missing"),
    ],
)
def test_a_crosswalk_of_another_shape_is_refused_in_plain_words(
    tmp_path: Path, finder: PersonalDataFinder, walk: str, said: str
) -> None:
    with pytest.raises(ConfigurationFault) as fault:
        _read(tmp_path, finder, "Händelse;Typ\n", walk)

    assert said in str(fault.value)


def test_a_crosswalk_in_another_coding_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "walk.toml").write_bytes(_WALK.encode("cp1252"))

    with pytest.raises(ConfigurationFault, match="save the crosswalk as UTF-8"):
        load_crosswalk(tmp_path / "walk.toml", load_taxonomy())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "walk.toml").write_text(_WALK, encoding="utf-8")
    (tmp_path / "old.csv").write_text("Händelse;Typ\nHon föll;Fall utan skada\n", encoding="utf-8")
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationFault, match="file"):
        import_history(
            tmp_path / "old.csv", tmp_path / "walk.toml", tmp_path / "file" / "out.jsonl"
        )


def test_a_model_knows_which_texts_it_has_learnt_from(model_dir: Path, small_corpus: Path) -> None:
    (version,) = model_store.versions(model_dir)
    texts = [text.text for text in read_corpus(small_corpus, load_taxonomy())]

    assert model_store.learnt(model_dir / version, texts) == len(texts)
    assert model_store.learnt(model_dir / version, ["Något helt nytt."]) == 0
