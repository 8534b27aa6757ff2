"""What a "not" and an old date reach, and what they do not: harm is told with both near it."""

import pytest

from nlp.serious import SeriousRules

# The "not" belongs to something else: help that did not come, a wish that was not heard.
NOT_DENIED = (
    "Ingen märkte att hon avled under natten",
    "Vi visste inte att han hade avlidit",
    "Ingen såg när han fick strypgrepp",
    "Hjälpen kom inte och hon avled",
    "Personalen tittade inte till henne och han hittades död",
    "Han svarade inte, livlös, ambulans",
    "Ambulansen kom inte i tid, hon avled",
    "Hon ville inte duscha så de spände fast henne",
    "Hon ville inte äta så personalen höll fast henne",
    "När hon inte ville duscha slog personalen henne",
    "Han ville inte lägga sig så vikarien låste in honom",
    "Hon ville inte gå upp och personalen knuffade henne",
    "Hon kunde inte prata, en köttbit fastnade i halsen",
    "Hon sa nej men de slog henne inte ens försiktigt utan hårt",
    "Sonen fick inte veta att hon bröt höften",
    "Dottern har inte informerats om att pappa ramlade och bröt armen",
    "Ingen ringde anhöriga efter frakturen",
    "Ingen ambulans ringdes trots fraktur",
    "Ingen tog henne på allvar, höftfraktur",
    "Fraktur ej upptäckt på tre dagar",
    "Fraktur inte upptäckt förrän efter tre dagar",
    "Trycksår grad 4 ej rapporterat",
    "Trycksår grad 4 inte omlagt",
    "Hon fick inte luft",
    "Felsvalt, ingen hade koll på att hon skulle ha puré",
    "Självmordsförsök inte rapporterat till chefen",
    "Ingen pratade med henne efter självmordsförsöket",
    "Ingen har anmält att en personal tafsade på henne",
    "Ingen tror på mig men han tafsar på mig",
    "Mamma har aldrig vågat säga att sköterskan nöp henne",
    "Hon har inte vågat berätta att han slog henne",
    "Brand i köket, ingen larmade",
    "Ingen personal var på plats när hon satte i halsen",
    "utan att någon såg det satte hon i halsen",
    "Det finns ingen rutin för vad vi gör när någon försökt ta sitt liv, i går hände det",
    "Vi har ingen narkotikajournal, tre morfin saknas",
    "Ingen vet var hon är, hon försvann i natt, minusgrader",
    "Hon ville inte följa med in i duschen så kollegan släpade henne i armarna",
    "Ingen hann fram innan han satte i halsen",
    "Frakturen upptäcktes inte förrän efter en vecka",
    "Vi hade inte tid och hon ramlade ur sängen och bröt lårbenet",
    "Han fick inte hjälp, låg kvar och dog på morgonen",
    "Ingen dokumenterade att hon fått fel insulin",
    "Larmet fungerade inte så ingen kom, hon hade legat på golvet i sex timmar",
    "Sköterskan trodde inte på oss, det var en stroke och hon kom in för sent till sjukhuset",
    "Jag vågar inte säga mitt namn men nattpersonalen slår de boende",
    "Vi kan inte utesluta fraktur",
    "Fraktur kan inte uteslutas, inskickad",
    "Hon ska inte ha Waran längre men fick dubbel dos i går",
    "Han är inte bara knuffad, han har blivit slagen flera gånger",
    "Nobody noticed that she died during the night.",
    "Hon ville inte ta medicinen och de höll fast henne.",
    "Ingen hjälpte henne, hon satte i halsen.",
    "Han fick aldrig hjälp och avled på golvet.",
)
DENIED = (
    "Hon bröt inget när hon ramlade",
    "Ingen misstanke om fraktur",
    "Inga tecken på stroke",
    "Fraktur kunde uteslutas på röntgen",
    "Fraktur är utesluten",
    "Hon har aldrig haft självmordstankar",
    "Läkaren tror inte att det är en fraktur",
    "Inga sår, blödningar eller frakturer",
    "Varken fraktur eller blödning",
    "Han ramlade inte och slog sig inte",
    "Vi har inte låst in någon",
    "Personalen har inte slagit honom",
    "Hon fick inte fel medicin",
    "Det finns inget som tyder på övergrepp",
    "Ingen personal har slagit henne.",
    "Röntgen visade ingen fraktur efter fallet.",
    "Hon förnekar självmordstankar.",
    "Hon sätter aldrig i halsen.",
    "Det är inte fraktur på höften.",
    "Utan fraktur eller blödning.",
    "Fraktur? Nej.",
    "Fraktur sågs inte på röntgen.",
    "Inga Oxynorm saknas.",
    "Hon klarade sig utan att bryta armen, ingen fraktur.",
    "Jag påstår inte att han slog henne.",
    "She has no fracture.",
    "Han har inte ramlat och brutit benet.",
)
# Something old is told beside something new, or told because nobody dealt with it.
NOT_PAST = (
    "Hon bröt höften för tre år sedan och igår bröt hon den andra",
    "Liksom för två år sedan har han fått en fraktur",
    "Samma personal som slog henne för ett år sedan slog henne igen i går",
    "Han har haft stroke sedan tidigare, i dag hängande mungipa, vi väntade med att ringa",
    "Sedan tidigare blodförtunnande, ramlade och slog i huvudet, ambulans",
    "Han avled i fjol efter att fått fel medicin, vi har först nu fått veta det",
    "Förra sommaren fick mamma sina smycken stulna av en vikarie och ingen har utrett det",
    "Hon dog i juli efter fallet på ert boende och vi har inte fått svar",
    "Pappa dog i mars. Ni gav honom fel medicin dagen innan.",
    "Mamma dog i maj, hon hade legat på golvet hela natten",
    "När mamma dog i går morse hade ingen svarat på larmet på tre timmar",
    "Efter begravningen fick vi veta att hon legat utan vatten i två dygn",
    "I fjol bröt hon höften, i går ramlade hon igen och bröt armen",
    "Precis som för två år sedan fick hon fel dos Waran",
    "Pappa dog i augusti, larmet hade varit trasigt i två veckor",
    "Mamma avled i februari sedan hon legat utan tillsyn ett helt dygn",
    "För ett halvår sedan blev hon slagen av en vikarie och det är fortfarande inte utrett",
)
PAST = (
    "För fem år sedan bröt hon höften och har gått med rollator sedan dess",
    "Han hade en stroke 1998",
    "I fjol fick hon fel dos Waran, det är utrett",
    "Ramlade för två år sedan och bröt höften, nu vill hon inte gå alls utan stöd.",
    "För tre år sedan, när hon bodde hemma, bröt hon höften.",
    "Gammal skada (fraktur 1998), ingen brådska.",
    "Som barn blev han slagen av sin far, i en by långt härifrån.",
)


@pytest.mark.parametrize("text", NOT_DENIED)
def test_a_not_that_belongs_to_something_else_silences_no_alert(
    rules: SeriousRules, text: str
) -> None:
    assert rules.findings(text)


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_raises_none(rules: SeriousRules, text: str) -> None:
    assert rules.findings(text) == ()


def test_the_end_of_a_wrapped_line_ends_no_sentence(rules: SeriousRules) -> None:
    wrapped = "Vi var på akuten hela eftermiddagen och fick veta att hon har ingen\nfraktur."
    assert rules.findings(wrapped) == ()
    assert rules.findings("Hon fick ingen\nfraktur") != ()


@pytest.mark.parametrize("text", NOT_PAST)
def test_an_old_date_hides_nothing_new_and_nothing_left_undone(
    rules: SeriousRules, text: str
) -> None:
    assert rules.findings(text)


@pytest.mark.parametrize("text", PAST)
def test_what_is_long_past_raises_none(rules: SeriousRules, text: str) -> None:
    assert rules.findings(text) == ()


@pytest.mark.parametrize(
    "unit",
    [
        "igår för ett år sedan slog henne ",
        "slog henne inte och ",
        "ingen fraktur, ",
        "hennes mamma dog i mars ",
        "satte ",
        "inte ",
    ],
)
def test_a_hundred_thousand_characters_are_answered(rules: SeriousRules, unit: str) -> None:
    rules.findings((unit * 100_000)[:100_000])
