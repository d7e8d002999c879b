"""Iterative models that start where an earlier one ended, whatever features came and went meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def warm_started(model: Any, data: Any, y: Any, earlier: Any = None, features: Sequence[str] | None = None) -> Any:
    """Fit a linear classifier or regressor of scikit-learn from an earlier one's coefficients; gives the fitted model.

    Features that both have start from the earlier coefficient, new ones from 0. The optimum is the model's own: only
    the way there is shorter.

    Parameters
    ----------
    model
        An unfitted estimator with ``warm_start``, ``coef_`` and ``intercept_`` (LogisticRegression with lbfgs, SAG or
        newton-cg, SGD, Lasso, ElasticNet).
    data
        A frame, or an array with the names in ``features``.
    earlier
        A fitted model that knows its features (``feature_names_in_``: it was fitted on a frame, or by this function);
        None starts from scratch.

    Raises
    ------
    TypeError
        The model cannot start from coefficients.
    """
    names = list(features if features is not None else data.columns)
    if "warm_start" not in model.get_params():
        raise TypeError(f"{type(model).__name__} has no warm_start: fit it as it is.")
    model.set_params(warm_start=True)
    if earlier is not None and not hasattr(earlier, "feature_names_in_"):
        raise TypeError("The earlier model does not know its features: fit it on a frame, or with warm_started.")
    if earlier is not None and not hasattr(earlier, "coef_"):
        raise TypeError(f"{type(earlier).__name__} has no coefficients to start from: fit it as it is.")
    if earlier is not None and _same_classes(model, earlier, y):
        before = np.atleast_2d(earlier.coef_)
        places = {name: at for at, name in enumerate(earlier.feature_names_in_)}
        start = np.zeros((before.shape[0], len(names)))
        for at, name in enumerate(names):
            if name in places:
                start[:, at] = before[:, places[name]]
        model.coef_ = start if np.ndim(earlier.coef_) == 2 else start[0]
        model.intercept_ = np.array(earlier.intercept_, copy=True)
        if hasattr(earlier, "classes_"):
            model.classes_ = earlier.classes_
    model.fit(data, y)
    model.feature_names_in_ = np.array(names, dtype=object)
    return model


def _same_classes(model: Any, earlier: Any, y: Any) -> bool:
    """Whether both tell the same classes apart, or both give numbers."""
    from sklearn.base import is_classifier

    if not (is_classifier(model) and is_classifier(earlier)):
        return bool(is_classifier(model) == is_classifier(earlier))
    return np.array_equal(earlier.classes_, np.unique(np.asarray(y)))
