"""Events told in passing, in everyday words and with slips of the pen; and what is no event."""

import pytest

from nlp.serious import SeriousRules

EVENTS = (
    "Morfar hittades död på toaletten, ingen hade tittat till honom på natten",
    "Hon slutade andas efter att ha fått sin kvällsmedicin",
    "Han skar upp handlederna med en rakhyvel",
    "Kunden säger att hon ska ta alla sina sömntabletter i kväll",
    "Hon blev förlamad i ena sidan och vi fick vänta på ambulansen i en timme",
    "Personalen låser ytterdörren så de boende inte kan gå ut",
    "Han sitter fastspänd i rullstolen hela dagarna",
    "De tog hennes rullator så att hon inte skulle kunna gå",
    "Hon ligger med sänggrindar uppe fast hon sagt nej",
    "Brukaren fick sin sons medicin",
    "Jag gav henne fel spruta, hon skulle ha Lantus men fick Novorapid",
    "Waranet gavs dubbelt i två dagar",
    "Hon har inte fått sitt insulin på två dagar",
    "Digoxin gavs trots att det var utsatt",
    "Narkotikaskåpet stod öppet och 10 Oxascand var borta",
    "En burk Tramadol är försvunnen",
    "Hon föll från liften och bröt nyckelbenet",
    "Han ramlade i trappan och fick sy åtta stygn",
    "Hon tuppade av och slog i huvudet i elementet",
    "Snubblade över mattan, ligger nu på ortopeden med bruten höft",
    "Såret har blivit så djupt att man ser skelettet",
    "Fyra boende har fått covid på en vecka",
    "Hon gled ur selen och slog i golvet",
    "Rullstolen tippade bakåt i rampen och hon slog i bakhuvudet",
    "Hon fick en bit äpple i halsen och vi fick göra Heimlich",
    "Farmor gick ut i natten i bara nattlinne och hittades av polisen",
    "Han brände sig på kokande vatten",
    "Jag larmade på natten, låg på golvet i tre timmar innan någon kom",
    "Vikarien nyper henne i armen när hon är långsam",
    "Mannen i rummet bredvid tafsar på henne",
    "Undersköterskan stal 500 kr ur hennes plånbok",
    "De skriker åt henne och kallar henne för idiot",
    "Hon fick ligga i sin egen avföring till lunch",
    "Han har inte fått duscha på sex veckor",
    "En assistent filmade henne naken och la ut på Snapchat",
    "Mamma har blåmärken på överarmarna efter hårda tag",
    "Två boende slogs igen, den ena blödde",
    "Nattsköterskan örfilade honom",
    "My father was left on the floor all night",
    "A carer hit my mother",
)
SLIPS = (
    "Sjävmårdsförsök med tabletter, hittad 22.15.",
    "Hofftfarktur efter fall i badrumet.",
    "Hon trilldae o de blev 8 stygn i pannan.",
    "Insullni fick han dubelt i kväll.",
    "Larmet besvardes inte på två timar, hon låg på golvet.",
    "Hon hade ine ramlat utan han knuffade henne.",
)
NOTHING = (
    "Vi firade att han blev hundra år",
    "Hon ramlade inte men var nära",
    "Dosetten var fel delad men upptäcktes innan den gavs",
    "Hon har ont i höften sedan många år",
    "Tack för fin vård när farmor dog",
    "Sänggrind på egen begäran",
    "Låset på dörren kärvar",
    "Städningen är dålig",
    "Vi har slut på handskar",
    "Insulinpennan är beställd",
    "Hon tog sina tabletter själv",
    "Brandvarnaren piper, byt batteri",
    "Han gick ut på promenad i solen",
    "Hon slog rekord i bowling",
    "Personalen låste upp dörren åt oss",
    "Hissen stannade mellan två våningar en stund",
    "Kan ni laga liften innan sommaren",
    "Såret är läkt",
    "Rodnad på hälen, grad 1",
    "Vi blev bjudna på kaffe och tårta",
    "Hon hörde inte när vi ringde på",
    "Han är sur för att maten är kall",
    "Larmknappen behöver nytt band",
    "Det är bra att ni spärrade kortet så fort",
    "Hon har bundit en fin krans",
    "Han binder böcker i snickeriet",
    "Jag hittade hennes ring, den var inte stulen",
    "Hon sover gott med sin morfinpump, inga problem",
    "De slog upp tältet på gården",
    "Han blev blöt i regnet",
)


@pytest.mark.parametrize("text", [*EVENTS, *SLIPS])
def test_an_event_told_in_everyday_words_is_found(rules: SeriousRules, text: str) -> None:
    assert rules.findings(text)


@pytest.mark.parametrize("text", NOTHING)
def test_an_everyday_matter_raises_none(rules: SeriousRules, text: str) -> None:
    assert rules.findings(text) == ()
