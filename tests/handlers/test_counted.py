"""What the board's copy keeps of a case counts as the case did, and holds none of its words."""

import json
from dataclasses import replace
from datetime import timedelta

from handlers.counted import case_of, line_of
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.injury import Informing, InjuryClass, MisconductDegree
from handlers.domain.risk import Severity
from handlers.statistics import all_tables, events_of
from tests.handlers.test_case_handling import assess, close, handle
from tests.lotskoping import Lotskoping


def test_a_line_counts_as_the_case_did_and_keeps_no_word_of_it(lotskoping: Lotskoping):
    cases: list[Case] = []
    for number in range(12):
        case = lotskoping.report()
        if number % 2:
            handle(lotskoping, lotskoping.case(case.id))
        if number % 4 == 3:
            close(lotskoping, lotskoping.case(case.id))
        elif number % 3 == 0:
            assess(lotskoping, lotskoping.case(case.id), Severity.MODERATE)
        cases.append(lotskoping.case(case.id))
    cases[0] = replace(
        cases[0], injury=InjuryClass.CARE_INJURY, informing=Informing(impossible="Nej")
    )
    cases[1] = replace(cases[1], misconduct=MisconductDegree.RISK, late_before=True)
    day = local_date(lotskoping.clock()) + timedelta(days=90)
    lines = json.loads(json.dumps([line_of(case) for case in cases]))
    again = [case_of(line) for line in lines]
    assert all_tables(events_of(again), day) == all_tables(events_of(cases), day)
    said = {case.feedback for case in cases} | {cause.text for c in cases for cause in c.causes}
    assert not any(word and word in json.dumps(lines, ensure_ascii=False) for word in said)
