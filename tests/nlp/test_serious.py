"""The rules for serious events: what fires, what does not, and that nothing private is repeated."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.serious import SeriousRules, load_serious_rules


@pytest.mark.parametrize(
    ("text", "rule_id"),
    [
        ("Hon tog hela burken tabletter och ville ta sitt liv.", "A1"),
        ("Mannen låstes in på rummet hela natten.", "A6"),
        ("Gav fel insulin till Lars.", "A7"),
        ("Fick grannens tabletter.", "A7"),
        ("Tre Oxynorm saknas i narkotikaskåpet.", "A8"),
        ("Ramlade i duschen, misstänkt höftfraktur.", "A9"),
        ("Ramlat och slagit i huvudet, äter Eliquis.", "A9"),
        ("Trycksår grad 3 på hälen.", "A10"),
        ("Selen brast när hon hängde i liften.", "A11"),
        ("Fick en bit kött i halsen, kvävning, ryggslag.", "A12"),
        ("Personalen gav henne en örfil.", "A13"),
        ("My mother's ring was stolen by one of the staff.", "A13"),
        ("Kvinnan avled i hallen, larmet gick till en nedlagd telefon.", "A1"),
        ("She fell in the bathroom and was taken to hospital.", "A9"),
        ("Han högg mig med kniven.", "A13"),
        ("Larmet besvarades inte på två timmar.", "A12"),
        ("Mamma larmade och ingen kom på hela natten.", "A12"),
        ("Rullstolens broms gick sönder", "A11"),
        ("Bromsen på rollatorn tar inte.", "A11"),
        ("Två boende slog varandra igen.", "A13"),
        ("Hon fick fel medicin och åkte till sjukhus.", "A7"),
        ("Patienten har fått fel dos av Waran.", "A7"),
        ("Chefen slog den boende i ansiktet vid lunchen.", "A13"),
        ("Personalen har slagit en boende.", "A13"),
    ],
)
def test_a_serious_event_fires_its_rule(rules: SeriousRules, text: str, rule_id: str) -> None:
    assert rule_id in {finding.rule_id for finding in rules.findings(text)}


@pytest.mark.parametrize(
    ("text", "rule_id"),
    [
        ("Två boende slog varandra igen.", "A13"),
        ("Hon fick fel medicin och åkte till sjukhus.", "A7"),
    ],
)
def test_no_other_rule_fires_for_a_word_that_looks_alike(
    rules: SeriousRules, text: str, rule_id: str
) -> None:
    assert {finding.rule_id for finding in rules.findings(text)} == {rule_id}


@pytest.mark.parametrize(
    "text",
    [
        "Ramlade i duschen, misstenkt höftfrakturr.",
        "RAMLADE I DUSCHEN, HÖFTFRAKTUR",
        "hon trillade o fick en hoftfraktur",
        "Trillade. Lårbensfrakturen opereras imorgon.",
    ],
)
def test_misspellings_and_compounds_are_found(rules: SeriousRules, text: str) -> None:
    assert "A9" in {finding.rule_id for finding in rules.findings(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Gled ner på golvet, ingen fraktur.",
        "Hon slog en boende i kortspel.",
        "Hon bröt lårbenet för tre år sedan och går nu försiktigt.",
        "Kaffet var slut igen, KATASTROF!!!",
        "Stor beröm till personalen för julfesten.",
        "Vi saknar kaffefilter.",
        "Hon satt i stolen när personalen kom.",  # the chair, not the English word
        "Sjukhuset ringde fel hemtjänstgrupp.",  # "wrong", not the English "fell"
        "Jag har bett om ursäkt, hon släpptes in med hög feber.",  # no bite, no blow
        "Hon fick varm choklad och personalen skällde ut hunden.",
        "Batteriet dog mitt i promenaden.",
        "Mamma dog i mars, sluta skicka räkningar.",
        "Han somnade in lugnt och stilla med familjen omkring sig.",
        "Ni låser in min Ipren i ett skåp.",
        "De bor bredvid varandra och det blev fel person som ringde igen.",  # not Waran
        "Förbandet satt kvar i sju dagar fast det skulle bytas varannan.",
        "Larmet besvarades inom två minuter.",
        "Rullstolens bromsar är justerade, däcken behöver luft.",
        "Hon fick fel medicin men behövde inte åka till sjukhus.",
        "Två boende bråkade igen men ingen slog den andra.",
        "",
    ],
)
def test_denied_old_and_harmless_things_stay_silent(rules: SeriousRules, text: str) -> None:
    assert rules.findings(text) == ()


def test_a_reason_never_repeats_the_text(rules: SeriousRules) -> None:
    findings = rules.findings("Zebulon Kvarnskog fick fel insulin och ligger på sjukhus.")

    assert findings
    assert all("Zebulon" not in f.reason and "Kvarnskog" not in f.reason for f in findings)


def test_every_rule_of_the_list_has_a_flag_and_a_plain_reason(rules: SeriousRules) -> None:
    assert all(rule.flags and rule.reason.startswith("Texten tyder på") for rule in rules.rules)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_rules_raise(text: str) -> None:
    load_once().findings(text)


def load_once(cache: list[SeriousRules] = []) -> SeriousRules:  # noqa: B006 - loaded once
    if not cache:
        cache.append(load_serious_rules())
    return cache[0]
