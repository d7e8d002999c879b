"""Fits and cross-validations from products against scikit-learn's on the data itself."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_score

from helix_jupyter.features import Gram, IllConditioned, backward, forward, warm_started

# scikit-learn takes directions for nothing that are shorter than this share of the longest
EXACT = 1e-14


def made(rows: int = 120, columns: int = 6, seed: int = 0, offset: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(seed)
    scales = 10.0 ** random.uniform(-3, 3, columns)
    values = random.normal(size=(rows, columns)) * scales + offset
    y = values[:, : max(1, columns // 2)] @ (1 / scales[: max(1, columns // 2)]) + random.normal(size=rows)
    return pd.DataFrame(values, columns=[f"x{at}" for at in range(columns)]), y


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.sampled_from([0.0, 1e-3, 10.0]), st.sampled_from([0.0, 1e5]))
@example(seed=25, count=8, alpha=0.0, offset=0.0)  # scales so far apart that a coarser refit leaves a column out
def test_any_choice_is_fitted_as_a_refit_does(seed: int, count: int, alpha: float, offset: float) -> None:
    data, y = made(columns=8, seed=seed, offset=offset)
    features = list(np.random.default_rng(seed).permutation(data.columns)[:count])
    fit = Gram.of(data, y).fit(features, alpha)
    model = (Ridge(alpha, solver="svd") if alpha else LinearRegression(tol=EXACT)).fit(data[features], y)
    spread = data[features].std().to_numpy()
    scale = np.abs(model.coef_ * spread).max()
    assert np.abs((np.array(list(fit.coefficients.values())) - model.coef_) * spread).max() <= 1e-8 * scale
    assert np.abs(fit.predict(data) - model.predict(data[features])).max() <= 1e-8 * np.abs(y).max()
    assert fit.r2 == pytest.approx(model.score(data[features], y), abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.sampled_from([0.0, 5.0]), st.integers(2, 6))
def test_a_cross_validation_is_that_of_the_data(seed: int, count: int, alpha: float, folds: int) -> None:
    data, y = made(seed=seed, offset=100.0)
    features = list(data.columns[:count])
    gram = Gram.of(data, y, folds, seed)
    model = Ridge(alpha, solver="svd") if alpha else LinearRegression(tol=EXACT)
    split = PredefinedSplit(gram.fold_of)
    assert gram.scores(features, alpha) == pytest.approx(cross_val_score(model, data[features], y, cv=split), abs=1e-8)


def test_further_columns_are_as_if_they_had_always_been_there() -> None:
    data, y = made(columns=7)
    first, more = data.iloc[:, :4], data.iloc[:, 4:]
    extended = Gram.of(first, y).extended(first, more, y)
    whole = Gram.of(data, y)
    assert extended.features == whole.features
    assert extended.scores(whole.features) == pytest.approx(whole.scores(whole.features), abs=1e-10)
    assert extended.fit(["x6", "x0"]).coefficients == pytest.approx(whole.fit(["x6", "x0"]).coefficients, rel=1e-10)
    assert pickle.loads(pickle.dumps(extended)).score(["x1"]) == extended.score(["x1"])


def test_no_feature_at_all_is_the_mean() -> None:
    data, y = made()
    fit = Gram.of(data, y).fit([])
    assert (fit.intercept, fit.r2) == (pytest.approx(y.mean()), pytest.approx(0.0))


DEPENDENT = {
    "a copy": lambda data: data["x0"],
    "a sum": lambda data: data["x0"] + data["x1"],
    "nearly a copy": lambda data: data["x0"] * (1 + 1e-9 * np.arange(len(data))),
}


@pytest.mark.parametrize("make", DEPENDENT.values(), ids=DEPENDENT.keys())
def test_columns_that_depend_on_each_other_are_named(make: Any) -> None:
    random = np.random.default_rng(0)
    data = pd.DataFrame(random.normal(size=(80, 3)), columns=["x0", "x1", "x2"])
    data["more"], y = make(data), random.normal(size=80)
    gram = Gram.of(data, y)
    with pytest.raises(IllConditioned, match="depend on each other") as problem:
        gram.fit(list(data.columns))
    assert {"x0", "more"} <= set(problem.value.columns)
    assert "x2" not in problem.value.columns
    assert gram.fit(["x0", "x1", "x2"]).loss < 1e-12
    fallen_back = gram.fit(list(data.columns), data=data, y=y)
    left, best = (np.sum((y - model.predict(data)) ** 2) for model in (fallen_back, LinearRegression().fit(data, y)))
    assert left <= best * (1 + 1e-9), "scikit-learn takes nearly equal columns for one"
    assert gram.fit(list(data.columns), alpha=1.0).predict(data) == pytest.approx(
        Ridge(1.0, solver="svd").fit(data, y).predict(data), abs=1e-8
    )


def test_a_constant_column_is_named() -> None:
    data, y = made()
    data["one"] = 1.0
    with pytest.raises(IllConditioned, match="Column one does not vary"):
        Gram.of(data, y).fit(["x0", "one"])


def test_what_is_raised_comes_through_a_process() -> None:
    for problem in (IllConditioned(["a", "b"], 1e20), IllConditioned(["a"], is_flat=True)):
        again = pickle.loads(pickle.dumps(problem))
        assert (str(again), again.columns, again.condition) == (str(problem), problem.columns, problem.condition)


@pytest.mark.parametrize("value", [1.0, 0.1, 1e6 + 0.1])
def test_of_a_target_that_does_not_vary_nothing_is_explained_and_nothing_is_divided_by(value: float) -> None:
    data, _ = made()
    gram = Gram.of(data, np.full(len(data), value))
    with np.errstate(all="raise"):
        found = [gram.fit(["x0"]).r2, *gram.scores(["x0"])]
    assert set(found) <= {0.0, 1.0}


def test_a_fold_in_which_the_target_does_not_vary_counts_as_scikit_learn_has_it() -> None:
    data, y = made()
    fold_of = np.repeat([0, 1, 2], 40)
    y[fold_of == 1] = 7.0
    score = cross_val_score(LinearRegression(tol=EXACT), data[["x0"]], y, cv=PredefinedSplit(fold_of))
    assert Gram.of(data, y, fold_of).scores(["x0"]) == pytest.approx(score, abs=1e-8)


def test_forward_finds_what_the_target_is_made_of_and_backward_what_it_is_not() -> None:
    random = np.random.default_rng(3)
    data = pd.DataFrame(random.normal(size=(400, 8)), columns=list("abcdefgh"))
    y = 3 * data["c"] - 2 * data["f"] + data["a"] + 0.1 * random.normal(size=400)
    gram = Gram.of(data, y)
    steps = forward(gram, most=3)
    assert [step.feature for step in steps] == ["c", "f", "a"]
    assert [step.score for step in steps] == sorted(step.score for step in steps)
    assert steps[-1].score == gram.score(["c", "f", "a"])
    assert set(backward(gram, loss=1e-3)[-1].features) == {"a", "c", "f"}
    assert [step.feature for step in forward(gram, start=["c"], candidates=["f", "b"], most=2)] == ["f"]


def test_candidates_may_be_a_frames_columns_or_none_at_all() -> None:
    data, y = made()
    gram = Gram.of(data, y, folds=np.int64(4))
    assert forward(gram, candidates=data.columns[:2]) == forward(gram, candidates=["x0", "x1", "x0"]) != []
    assert forward(gram, candidates=[]) == []


def test_forward_passes_over_copies() -> None:
    data, y = made()
    data["copy"] = data["x0"]
    assert not {"x0", "copy"} <= set(forward(Gram.of(data, y))[-1].features)


WRONG = {
    "texts": (lambda data, y: Gram.of(data.assign(t="a"), y), "t: not numeric"),
    "gaps": (lambda data, y: Gram.of(data.assign(g=np.nan), y), "g: gaps"),
    "a gap in y": (lambda data, y: Gram.of(data, np.where(np.arange(len(y)) == 3, np.nan, y)), "y has gaps"),
    "a short y": (lambda data, y: Gram.of(data, y[1:]), "one number for each"),
    "no folds": (lambda data, y: Gram.of(data, y, 0), "folds=0 does not fit"),
    "folds with gaps": (lambda data, y: Gram.of(data, y, [0, 2] * 60), "without gaps"),
    "one fold": (lambda data, y: Gram.of(data, y, 1).score(["x0"]), "one fold only"),
    "twice": (lambda data, y: Gram.of(data, y).fit(["x0", "x0"]), "chosen twice"),
    "a known name": (lambda data, y: Gram.of(data, y).extended(data, data[["x1"]], y), "x1: known by this name"),
    "other columns": (
        lambda data, y: Gram.of(data, y).extended(data[["x0"]], data[["x1"]], y),
        "other columns or rows",
    ),
    "words for y": (lambda data, y: Gram.of(data, np.where(y > 0, "yes", "no")), "y is not numeric"),
    "an array": (lambda data, y: Gram.of(data.to_numpy(), y), "ndarray has no names"),
    "a negative penalty": (lambda data, y: Gram.of(data, y).score(["x0"], -1.0), "alpha=-1: give 0 or more"),
    "one name twice": (lambda data, y: Gram.of(pd.concat([data, data[["x0"]]], axis=1), y), "stands twice"),
}


@pytest.mark.parametrize(("act", "problem"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_is_refused(act: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        act(*made())


def test_an_unknown_feature_is_named() -> None:
    with pytest.raises(KeyError, match="nope"):
        Gram.of(*made()).fit(["x0", "nope"])


@pytest.mark.parametrize("classes", [2, 3])
def test_a_warm_start_ends_where_a_cold_one_does_and_sooner(classes: int) -> None:
    random = np.random.default_rng(0)
    data = pd.DataFrame(random.normal(size=(600, 12)), columns=[f"x{at}" for at in range(12)])
    y = (data["x0"] + data["x1"] + random.normal(size=600) > 0).astype(int)
    if classes == 3:
        y += data["x2"] > 1

    def model() -> LogisticRegression:
        return LogisticRegression(tol=1e-6, max_iter=2_000)

    earlier = warm_started(model(), data.drop(columns="x11"), y)
    changed = data.drop(columns="x10")
    warm, cold = warm_started(model(), changed, y, earlier), model().fit(changed, y)
    assert warm.predict_proba(changed) == pytest.approx(cold.predict_proba(changed), abs=1e-4)
    assert warm.n_iter_.sum() <= cold.n_iter_.sum()
    again = warm_started(model(), changed, y, warm)
    assert again.n_iter_.sum() < cold.n_iter_.sum(), "from the optimum itself"
    assert list(warm.feature_names_in_) == list(changed.columns)


def test_what_cannot_start_warm_is_refused() -> None:
    data, y = made()
    with pytest.raises(TypeError, match="no warm_start"):
        warm_started(LinearRegression(), data, y)
    with pytest.raises(TypeError, match="does not know its features"):
        warm_started(LogisticRegression(), data, y > 0, LogisticRegression().fit(data.to_numpy(), y > 0))
    forest = RandomForestRegressor(n_estimators=2)
    with pytest.raises(TypeError, match="RandomForestRegressor has no coefficients"):
        warm_started(forest, data, y, warm_started(forest, data, y))


def test_a_classifier_does_not_start_from_a_regression() -> None:
    data, y = made()
    model = warm_started(LogisticRegression(), data, y > 0, warm_started(Lasso(), data, y))
    assert model.coef_ == pytest.approx(LogisticRegression().fit(data, y > 0).coef_)
