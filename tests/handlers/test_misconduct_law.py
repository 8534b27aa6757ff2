"""What may be misconduct is of SoL or LSS, whatever its subject, so that its degree can be said."""

import pytest

from handlers import investigation, replies
from handlers.domain.injury import MisconductDegree
from handlers.domain.people import Unit, Validity, with_social_law
from tests.bot.web.test_casework import Browser
from tests.clock import T0
from tests.handlers.test_work_reminders import do
from tests.lotskoping import MARIA, MONIKA, Lotskoping

LOCKED_IN = "Personalen låste in den boende i rummet och slog henne."


def a_unit(*laws: str) -> Unit:
    valid = Validity(first_on=T0.date())
    return Unit(id="u", name="u", kind="unit", area_id="a", legal_areas=laws, valid=valid)


@pytest.mark.parametrize(
    ("laws", "unit", "expected"),
    [
        (("HSL",), a_unit("HSL", "SoL"), ("HSL", "SoL")),
        (("HSL",), a_unit("HSL", "LSS"), ("HSL", "LSS")),
        (("HSL",), a_unit("SoL", "LSS"), ("HSL", "SoL", "LSS")),
        (("HSL",), a_unit("HSL"), ("HSL",)),
        (("HSL",), None, ("HSL", "SoL")),
        (("LSS",), a_unit("HSL", "SoL"), ("LSS",)),
        ((), a_unit("HSL", "SoL"), ()),
    ],
)
def test_the_units_social_law_is_added(
    laws: tuple[str, ...], unit: Unit | None, expected: tuple[str, ...]
):
    assert with_social_law(laws, unit) == expected


@pytest.mark.parametrize(("unit", "law"), [("bjorkgarden", "SoL"), ("gruppbostad-eken", "LSS")])
def test_a_possible_misconduct_is_of_a_law_that_lex_sarah_stands_in(
    lotskoping: Lotskoping, unit: str, law: str
):
    case = lotskoping.report(LOCKED_IN, unit=unit)
    assert case.possible_misconduct
    assert law in case.legal_areas


@pytest.mark.parametrize("who", [MARIA, MONIKA])
def test_the_page_asks_how_grave_a_possible_misconduct_is(lotskoping: Lotskoping, who: str):
    case = lotskoping.report(LOCKED_IN)
    browser = Browser(lotskoping, who)
    assert 'name="misconduct"' in browser.page(f"/arenden/{case.id}")
    deed = investigation.change_legal_areas
    do(lotskoping, case, MARIA, deed, legal_areas=["HSL"], reason="Det gäller vården")
    assert 'name="misconduct"' in browser.page(f"/arenden/{case.id}")


def test_sas_says_the_degree_of_a_misconduct_in_home_nursing(lotskoping: Lotskoping):
    case = lotskoping.report(LOCKED_IN, unit="hemsjukvarden")
    assert "SoL" not in case.legal_areas
    sas = Browser(lotskoping, MONIKA)
    assert 'value="serious"' in sas.page(f"/arenden/{case.id}")
    sas.do(case, "lag", misconduct="serious")
    assert lotskoping.case(case.id).misconduct == MisconductDegree.SERIOUS


def test_a_later_addition_that_tells_of_misconduct_brings_its_law(lotskoping: Lotskoping):
    case = lotskoping.report("Personen fick fel medicin i morse.")
    do(lotskoping, case, MARIA, investigation.change_legal_areas, legal_areas=["HSL"])
    case = lotskoping.case(case.id)
    municipality, now = lotskoping.services.municipality, lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        analysis = lotskoping.services.analyst.analyse(LOCKED_IN)
        replies.raise_new_concerns(uow, case, analysis, "added/1", now, municipality)
        uow.commit()
    assert lotskoping.case(case.id).legal_areas == ("HSL", "SoL")
