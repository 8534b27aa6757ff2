"""What the model is compared with: majority, keyword lists, and TF-IDF with a linear model.

The last one needs scikit-learn, which only development installs have.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from handlers.domain.category import Category, Taxonomy
from nlp.corpus_file import CorpusText
from nlp.evaluation import macro_f1
from nlp.keywords import KeywordClassifier
from nlp.text import model_text

Pairs = list[tuple[str, str]]  # true and guessed category
MacroF1 = dict[str, float | None]  # by the name of the baseline; None: not measured
LINEAR = "TF-IDF, words and letters, linear"
TWO_LISTS = ("fall", "medication")


def baselines(
    training: Sequence[CorpusText], sets: Sequence[Sequence[CorpusText]], taxonomy: Taxonomy
) -> list[MacroF1]:
    """Macro-F1 of each baseline on each set; all texts are ones whose category counts.

    Where scikit-learn is not installed, the linear one is None.
    """
    linear = _linear(training)
    found = []
    for texts in sets:
        truth = [str(text.category) for text in texts]
        guesses = {
            "majority": [_majority(training)] * len(texts),
            "two keyword lists": _two_lists(training, texts, taxonomy),
            "keywords of all categories": _keywords(texts, taxonomy),
            LINEAR: None if linear is None else linear(_read(texts)) if texts else [],
        }
        found.append({name: _macro_f1(truth, guess) for name, guess in guesses.items()})
    return found


def _macro_f1(truth: Sequence[str], guess: Sequence[str] | None) -> float | None:
    return None if guess is None else round(macro_f1(list(zip(truth, guess, strict=True))), 4)


def _majority(training: Sequence[CorpusText]) -> str:
    return Counter(str(text.category) for text in training).most_common(1)[0][0]


def _two_lists(
    training: Sequence[CorpusText], texts: Sequence[CorpusText], taxonomy: Taxonomy
) -> list[str]:
    """Falls and drugs by keyword, the commonest class for all else."""
    known = [found for code in TWO_LISTS if (found := taxonomy.find_category(code)) is not None]
    otherwise = _majority(training)
    return [_first_hit(text.text.lower(), known) or otherwise for text in texts]


def _first_hit(lowered: str, categories: Sequence[Category]) -> str | None:
    for category in categories:
        if any(keyword.strip("=") in lowered for keyword in category.keywords):
            return category.code
    return None


def _keywords(texts: Sequence[CorpusText], taxonomy: Taxonomy) -> list[str]:
    classifier = KeywordClassifier(taxonomy)
    return [classifier.suggestions(read)[0].category for read in _read(texts)]


def _read(texts: Sequence[CorpusText]) -> list[str]:
    return [model_text(text.text, text.subject) for text in texts]


def _linear(training: Sequence[CorpusText]) -> Callable[[list[str]], list[str]] | None:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        return None
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        ),
        LogisticRegression(C=10, max_iter=300),
    )
    model.fit(_read(training), [str(text.category) for text in training])
    return lambda read: [str(guess) for guess in model.predict(read)]
