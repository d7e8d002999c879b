"""Two estimators: parameters that differ, weights aligned by the features' names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helix_jupyter.version import compare_models as module
from helix_jupyter.version.compare_models import ModelParameter, compare_models, is_model

X = pd.DataFrame({"age": [1.0, 2.0, 3.0, 4.0], "hours": [1.0, 0.0, 1.0, 0.5]})
Y = [0, 0, 1, 1]


def changed(found) -> list[str]:
    return [weight.feature for weight in found.weights]


def test_coefficients_are_aligned_by_name() -> None:
    turned = X[["hours", "age"]].rename(columns={"age": "years"})
    found = compare_models(Ridge().fit(X, Y), Ridge(alpha=3.0).fit(turned, Y))
    assert found.parameters == (ModelParameter("alpha", "1.0", "3.0"),)
    assert (found.weight, found.named) == ("coefficient", True)
    sides = {weight.feature: (weight.before is None, weight.after is None) for weight in found.weights}
    assert sides == {
        "age": (False, True),
        "years": (True, False),
        "hours": (False, False),
        "(intercept)": (False, False),
    }
    sizes = [abs(weight.change) for weight in found.weights]
    assert sizes == sorted(sizes, reverse=True)


def test_117_parameters_one_changed_is_one_row() -> None:
    """mlflow#10477, mlflow#4761: of a hundred parameters only the one that differs is told."""

    class Wide(LinearRegression):
        def get_params(self, deep: bool = True) -> dict[str, object]:
            return {f"parameter_{number}": number for number in range(116)} | {"last": self.copy_X}

    found = compare_models(Wide(copy_X=True), Wide(copy_X=False))
    assert found.parameters == (ModelParameter("last", "True", "False"),)
    assert found.same_parameters == 116


def test_names_come_from_the_steps_of_a_pipeline() -> None:
    table = X.assign(kind=["a", "b", "a", "b"])
    encode = ColumnTransformer([("number", StandardScaler(), ["age"]), ("word", OneHotEncoder(), ["kind"])])
    before = Pipeline([("encode", encode), ("model", LogisticRegression(C=1.0))]).fit(table, Y)
    found = compare_models(before, _again(before, table, model__C=0.1))
    assert [parameter.name for parameter in found.parameters] == ["model__C"]
    assert set(changed(found)) <= {"number__age", "word__kind_a", "word__kind_b", "(intercept)"}
    assert "number__age" in changed(found)


def _again(model, table, **parameters):
    from sklearn.base import clone

    return clone(model).set_params(**parameters).fit(table, Y)


def test_words_of_a_vectoriser_are_names() -> None:
    texts = ["good film", "bad film", "good plot", "bad plot"]
    before = make_pipeline(CountVectorizer(), LogisticRegression(C=1.0)).fit(texts, [1, 0, 1, 0])
    after = make_pipeline(CountVectorizer(), LogisticRegression(C=9.0)).fit(texts, [1, 0, 1, 0])
    assert {"good", "bad"} <= set(changed(compare_models(before, after)))


def test_names_come_from_lists_beside_the_model_by_length() -> None:
    values = X.to_numpy()
    before, after = Ridge().fit(values, Y), Ridge(alpha=5.0).fit(values, Y)
    found = compare_models(before, after, [["one"], ["a", "b"]], [["a", "b"]])
    assert found.named
    assert set(changed(found)) == {"a", "b", "(intercept)"}
    counted = compare_models(before, after)
    assert not counted.named
    assert set(changed(counted)) == {"feature 0", "feature 1", "(intercept)"}


def test_importances_of_a_search() -> None:
    def fitted(seed: int) -> GridSearchCV:
        forest = RandomForestClassifier(n_estimators=3, random_state=seed)
        return GridSearchCV(forest, {"max_depth": [2]}, cv=2).fit(X, Y)

    found = compare_models(fitted(0), fitted(5))
    assert found.weight == "importance"
    assert set(changed(found)) <= {"age", "hours"}


def test_a_row_of_weights_per_class() -> None:
    values, classes = np.vstack([X.to_numpy()] * 3), ["x"] * 4 + ["y"] * 4 + ["z"] * 4
    values[4:8] += 3
    before, after = (LogisticRegression(C=c).fit(values, classes) for c in (1.0, 0.1))
    assert "y: feature 0" in changed(compare_models(before, after, [], []))


def test_only_the_largest_changes_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WEIGHTS", 1)
    found = compare_models(Ridge().fit(X, Y), Ridge(alpha=3.0).fit(X, Y))
    assert (len(found.weights), found.left) == (1, 2)


def test_other_kinds_and_unfitted_ones() -> None:
    found = compare_models(Ridge(), LogisticRegression())
    assert found.types == ("Ridge", "LogisticRegression")
    assert found.weights == ()
    assert not is_model(Ridge)
    assert not is_model(3)


def test_what_a_parameter_holds_may_be_anything() -> None:
    def first(x):  # pragma: no cover
        return x

    def second(x):  # pragma: no cover
        return x + 1

    before, after = (CountVectorizer(preprocessor=one) for one in (first, second))
    (found,) = compare_models(before, after).parameters
    assert " at 0x" not in f"{found.before}{found.after}"
    assert compare_models(before, CountVectorizer(preprocessor=first)).parameters == ()


def test_weights_without_names_are_not_set_beside_each_other_where_features_came_or_went() -> None:
    from sklearn.linear_model import LinearRegression

    wide = LinearRegression().fit([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]], [1.0, 2.0, 3.0])
    narrow = LinearRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]], [1.0, 2.0, 3.0])
    assert compare_models(wide, narrow).weights == ()
