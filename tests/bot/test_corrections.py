"""What a model can learn from managers' corrections: masked, and only what was corrected."""

import pytest

from bot.corrections import corrected_texts
from handlers import case_handling
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder
from tests.lotskoping import MARIA, Lotskoping


@pytest.fixture(scope="module")
def finder() -> PersonalDataFinder:
    return load_personal_data_finder()


def test_a_changed_category_becomes_a_masked_text(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    case = lotskoping.report("Berit låg på golvet vid sängen i morse. Larmmattan var inte på.")
    with lotskoping.unit_of_work() as uow:
        case_handling.change_category(lotskoping.desk(uow, case, MARIA), category="alarm")
        changed = uow.cases.events(case.id)[-1]
        uow.commit()

    (text,) = corrected_texts(lotskoping.services, finder)

    assert text.category == "alarm"
    assert text.text.startswith("[namn] låg på golvet")
    assert text.only_category
    assert (changed.kind, changed.actor_id) == ("category_changed", MARIA)


def test_a_category_that_nobody_has_changed_teaches_nothing(
    lotskoping: Lotskoping, finder: PersonalDataFinder
) -> None:
    lotskoping.report("Personen låg på golvet vid sängen i morse.")

    assert corrected_texts(lotskoping.services, finder) == ()
