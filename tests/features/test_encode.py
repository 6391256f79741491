"""TermVectorizer: rows of length one, one answer whatever the order, scikit-learn's manners."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import MatcherError
from matcher.features.encode import QUANTUM, TermVectorizer

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
BAGS = st.lists(
    st.dictionaries(st.sampled_from(["токарь", "сварка", "пайка", "чпу", "c++", "sql"]), st.integers(1, 9), max_size=6),
    min_size=1,
    max_size=8,
)


def test_rare_terms_weigh_more_by_the_stated_formula():
    v = TermVectorizer().fit([{"сварка": 1, "чпу": 1}, {"сварка": 2}])
    assert v.vocabulary_ == {"сварка": 0, "чпу": 1}
    assert v.idf_.tolist() == [math.log(3 / 3) + 1, math.log(3 / 2) + 1]
    common, rare = v.transform([{"сварка": 1, "чпу": 1}]).toarray()[0] / QUANTUM
    assert rare / common == pytest.approx(math.log(3 / 2) + 1, rel=1e-3)


@pytest.mark.parametrize(("sublinear", "ratio"), [(True, 1 + math.log(5)), (False, 5)])
def test_the_weight_of_a_count(sublinear, ratio):
    v = TermVectorizer(sublinear=sublinear).fit([{"a": 1, "b": 1}])
    a, b = v.transform([{"a": 5, "b": 1}]).toarray()[0]
    assert a / b == pytest.approx(ratio, rel=2e-3)


@QUICK
@given(BAGS)
def test_rows_have_length_one(bags):
    rows = TermVectorizer().fit(bags).transform(bags)
    assert rows.shape[0] == len(bags)
    assert rows.dtype == np.int32
    lengths = np.sqrt((rows.toarray().astype(float) ** 2).sum(axis=1)) / QUANTUM
    for bag, length in zip(bags, lengths, strict=True):
        assert length == pytest.approx(1 if bag else 0, abs=1e-3)


@QUICK
@given(BAGS, st.randoms())
def test_permuting_bags_permutes_rows(bags, random):
    order = list(range(len(bags)))
    random.shuffle(order)
    v, w = TermVectorizer().fit(bags), TermVectorizer().fit([bags[i] for i in order])
    assert v.vocabulary_ == w.vocabulary_
    assert np.array_equal(v.idf_, w.idf_)
    assert np.array_equal(v.transform(bags).toarray()[order], w.transform([bags[i] for i in order]).toarray())


@QUICK
@given(BAGS)
def test_the_order_within_a_bag_does_not_matter(bags):
    turned = [dict(reversed(bag.items())) for bag in bags]
    a, b = TermVectorizer().fit(bags).transform(bags), TermVectorizer().fit(turned).transform(turned)
    assert (a != b).nnz == 0
    assert a.has_sorted_indices


def test_unknown_terms_are_left_out():
    v = TermVectorizer().fit([{"a": 1}])
    assert v.transform([{"zzz": 3}, {}, {"a": 1, "zzz": 9}]).toarray().tolist() == [[0], [0], [QUANTUM]]


def test_nothing_learnt_from_nothing():
    v = TermVectorizer().fit([])
    assert v.vocabulary_ == {}
    assert v.transform([{"a": 1}]).shape == (1, 0)
    assert TermVectorizer().fit([{"a": 1}]).transform([]).shape == (0, 1)


def test_bags_may_come_from_a_generator():
    v = TermVectorizer().fit(bag for bag in [{"a": 1}, {"b": 1}])
    assert v.transform(bag for bag in [{"a": 1}]).shape == (1, 2)


def test_names_of_the_columns():
    assert TermVectorizer().fit([{"я": 1, "а": 1, "z": 1}]).get_feature_names_out().tolist() == ["z", "а", "я"]


def test_what_was_learnt_can_be_given_back():
    bags = [{"a": 1, "b": 2}, {"b": 1}]
    v = TermVectorizer().fit(bags)
    w = TermVectorizer.from_learnt(list(v.get_feature_names_out()), v.idf_)
    assert (v.transform(bags) != w.transform(bags)).nnz == 0


# ------------------------------------------------------------ scikit-learn's manners


def test_parameters_are_stored_and_set():
    v = TermVectorizer(sublinear=False)
    assert v.get_params() == v.get_params(deep=False) == {"sublinear": False}
    assert v.set_params(sublinear=True) is v
    assert v.sublinear is True
    assert v.set_params() is v


def test_an_unknown_parameter_is_refused():
    with pytest.raises(MatcherError, match="has no parameter 'log'; it has \\['sublinear'\\]"):
        TermVectorizer().set_params(log=True)


def test_parameters_have_names():
    with pytest.raises(TypeError):
        TermVectorizer(False)


def test_the_constructor_only_stores():
    assert vars(TermVectorizer()) == {"sublinear": True}


def test_scikit_learn_clones_it():
    from sklearn.base import clone

    fitted = TermVectorizer(sublinear=False).fit([{"a": 1}])
    copy = clone(fitted)
    assert copy is not fitted
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "vocabulary_")


def test_fit_returns_itself_and_forgets_the_past():
    v = TermVectorizer()
    assert v.fit([{"a": 1}]) is v
    assert list(v.fit([{"b": 1}], y=None).vocabulary_) == ["b"]
