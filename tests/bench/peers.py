"""What a portal would use instead: words alone, by well-kept libraries. Peers that are not installed are left out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

Task = Callable[[], object]
Ask = Callable[[int], object]
WORD = re.compile(r"[а-яёa-z0-9+#]+")


def texts(rows: Sequence[dict[str, Any]], *names: str) -> list[str]:
    """Some columns of each row as one text."""
    return [". ".join(str(row.get(n) or "") for n in names) for row in rows]


def of_people(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What peers read of candidates."""
    return texts(rows, "skills", "text")


def of_places(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What peers read of vacancies."""
    return texts(rows, "title", "must_skills")


class Lemmas:
    """pymorphy3 on every word, each distinct word parsed once."""

    def __init__(self) -> None:
        import pymorphy3

        self._morph = pymorphy3.MorphAnalyzer()
        self._known: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Lemmas of a text, with spaces between."""
        out = []
        for word in WORD.findall(text.lower()):
            lemma = self._known.get(word)
            if lemma is None:
                lemma = self._known[word] = self._morph.parse(word)[0].normal_form
            out.append(lemma)
        return " ".join(out)


def vectorizer() -> Any:
    """tf-idf of lemmas as a careful user would set it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(token_pattern=r"\S+", dtype=np.float32, sublinear_tf=True, min_df=2, max_df=0.5)


def careful(people: Sequence[dict[str, Any]], places: Sequence[dict[str, Any]], k: int) -> None:
    """The whole job from the fastest public parts: lemmas with a cache, tf-idf, sparse_dot_topn."""
    from sparse_dot_topn import sp_matmul_topn

    lemmas, words = Lemmas(), vectorizer()
    theirs = words.fit_transform([lemmas.of(t) for t in of_people(people)])
    ours = words.transform([lemmas.of(t) for t in of_places(places)])
    sp_matmul_topn(ours, theirs.T.tocsr(), top_n=k, sort=True, n_threads=1)


def tutorial(people: Sequence[dict[str, Any]], places: Sequence[dict[str, Any]], k: int) -> None:
    """The whole job as tutorials do it: pymorphy3 on every word, tf-idf, cosine of everything, argsort."""
    import pymorphy3
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    morph = pymorphy3.MorphAnalyzer()

    def lemmas(text: str) -> str:
        return " ".join(morph.parse(w)[0].normal_form for w in WORD.findall(text.lower()))

    words = TfidfVectorizer()
    theirs = words.fit_transform([lemmas(t) for t in of_people(people)])
    ours = words.transform([lemmas(t) for t in of_places(places)])
    for low in range(0, ours.shape[0], 100):
        np.argsort(-cosine_similarity(ours[low : low + 100], theirs), axis=1)[:, :k]


class Peers:
    """Peers that score the lemmas of the same texts, their indexes made beforehand.

    Parameters
    ----------
    people, places : rows of both tables
    k : int
        Length of each list.
    """

    def __init__(self, people: Sequence[dict[str, Any]], places: Sequence[dict[str, Any]], k: int) -> None:
        self.k = k
        lemmas, self.words = Lemmas(), vectorizer()
        self.people, self.places = of_people(people), of_places(places)
        self.left = [lemmas.of(t) for t in self.people]
        self.right = [lemmas.of(t) for t in self.places]
        self.theirs, self.ours = self.words.fit_transform(self.left), self.words.transform(self.right)
        self.batch: dict[str, Task] = {}
        """Name -> the best k of all vacancies."""
        self.single: dict[str, Ask] = {}
        """Name -> the best k of one vacancy, by its number."""
        self.add: dict[str, Task] = {}
        """Name -> take one more candidate."""
        for name, peer in (("sparse_dot_topn", self._topn), ("bm25s", self._bm25s), ("tantivy", self._tantivy)):
            if find_spec(name):
                peer()
            else:
                print(f"{name} is not installed: left out")
        self._sklearn()

    def _topn(self) -> None:
        from sparse_dot_topn import sp_matmul_topn

        ours, turned, k = self.ours, self.theirs.T.tocsr(), self.k
        self.batch["sparse_dot_topn, words alone"] = lambda: sp_matmul_topn(
            ours, turned, top_n=k, sort=True, n_threads=1
        )
        self.single["sparse_dot_topn, words alone"] = lambda i: sp_matmul_topn(
            ours[i], turned, top_n=k, sort=True, n_threads=1
        )

    def _bm25s(self) -> None:
        import bm25s

        kept = set(self.words.vocabulary_)
        theirs, ours = ([[w for w in t.split() if w in kept] for t in side] for side in (self.left, self.right))
        found = bm25s.BM25(backend="numba")
        found.index(theirs, show_progress=False)
        found.activate_numba_scorer()

        def best(queries: list[list[str]]) -> object:
            return found.retrieve(queries, k=self.k, show_progress=False, n_threads=0, backend_selection="numba")

        self.batch["bm25s with numba, common words dropped"] = lambda: best(ours)
        self.single["bm25s with numba, common words dropped"] = lambda i: best(ours[i : i + 1])

    def _tantivy(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True)
        builder.add_text_field("body", tokenizer_name="ru_stem")
        self._folder = tempfile.TemporaryDirectory()
        index = tantivy.Index(builder.build(), path=self._folder.name)
        writer = index.writer(500_000_000, num_threads=1)
        for i, text in enumerate(self.people):
            writer.add_document(tantivy.Document(id=i, body=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher, plain = index.searcher(), [re.sub(r"[^\w ]+", " ", t.lower()) for t in self.places]

        def best(i: int) -> object:
            hits = searcher.search(index.parse_query(plain[i], ["body"]), self.k).hits
            return [searcher.doc(at)["id"][0] for _, at in hits]

        writers = [index.writer(50_000_000, num_threads=1)]

        def one_more() -> None:
            writers[0].add_document(tantivy.Document(id=len(self.people), body=self.people[0]))
            writers[0].commit()

        self.batch["tantivy, stems of words"] = lambda: [best(i) for i in range(len(plain))]
        self.single["tantivy, stems of words"] = best
        self.add["tantivy, with its commit"] = one_more

    def _sklearn(self) -> None:
        from sklearn.metrics.pairwise import cosine_similarity

        def best(i: int) -> object:
            likeness = cosine_similarity(self.words.transform([self.right[i]]), self.theirs)[0]
            return np.argsort(-likeness)[: self.k]

        self.single["scikit-learn, cosine of everything"] = best
