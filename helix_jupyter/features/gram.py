"""The cross products of all columns, once: every least-squares fit and cross-validation of a choice of them follows.

For n rows and p columns the products cost n p^2 once; a fit of s columns then costs s^3 / 3, whatever n is, a further
column n p. The columns are centred before anything is multiplied, and scaled before anything is solved; how much the
normal equations may then lose is watched (Golub and Van Loan, Matrix Computations, section 5.3.7), and where that is
too much, the columns that depend on each other are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# what a coefficient may lose, relative to the largest (in units of its standardised column)
TOLERANCE = 1e-9
_Y = "\0target"


class IllConditioned(ValueError):
    """The chosen columns depend on each other too much for the normal equations; ``columns`` names the culprits.

    A column that does not vary in the rows of a fit depends on the intercept: its ``condition`` is infinite.
    """

    def __init__(self, columns: Sequence[str], condition: float = np.inf, is_flat: bool = False) -> None:
        super().__init__(tuple(columns), condition, is_flat)  # as it is made, so that it can be pickled
        self.columns, self.condition, self.is_flat = tuple(columns), condition, is_flat

    def __str__(self) -> str:
        named = (
            f"Column {self.columns[0]}" if len(self.columns) == 1 else f"Columns {', '.join(map(str, self.columns))}"
        )
        problem = (
            f"{'does' if len(self.columns) == 1 else 'do'} not vary in the rows of a fit"
            if self.is_flat
            else f"depend on each other (condition {self.condition:.1e})"
        )
        return (
            f"{named} {problem}: a fit would lose more than {TOLERANCE:g} of a coefficient. "
            "Drop one or give alpha; fit() falls back on the data where it has them: fit(features, data=X, y=y)."
        )


@dataclass(frozen=True)
class Fit:
    """A linear model: ``coefficients`` by feature, ``intercept``; ``loss``: what rounding may have taken, relative."""

    coefficients: Mapping[str, float]
    intercept: float
    alpha: float
    r2: float
    loss: float

    @property
    def features(self) -> tuple[str, ...]:
        """The features, in the order in which they were chosen."""
        return tuple(self.coefficients)

    def predict(self, data: pd.DataFrame) -> Array:
        """Predictions, one for each row of ``data``."""
        slopes = np.array(list(self.coefficients.values()))
        predicted: Array = data[list(self.features)].to_numpy(float) @ slopes + self.intercept
        return predicted


@dataclass(frozen=True)
class Gram:
    """Counts, sums and cross products of columns and target, for each fold of a cross-validation.

    Made by ``Gram.of``; a plain value, to be stored and loaded like any other.

    Attributes
    ----------
    columns
        Names of the features, and the target last.
    shift
        What was taken off each column before anything was summed, shape (p + 1,).
    counts
        Rows of each fold, shape (k,).
    sums
        Of the shifted columns, shape (k, p + 1).
    products
        Of each two shifted columns, shape (k, p + 1, p + 1).
    fold_of
        Fold of each row, shape (n,).
    """

    columns: tuple[str, ...]
    shift: Array
    counts: Array
    sums: Array
    products: Array
    fold_of: NDArray[np.int64]

    @classmethod
    def of(cls, data: pd.DataFrame, y: Any, folds: int | Sequence[int] = 5, seed: int = 0) -> Gram:
        """The products of all columns of ``data`` and the target ``y``.

        Parameters
        ----------
        data
            Numbers without gaps, n rows; categories as columns of their own.
        y
            n numbers.
        folds
            How many parts a cross-validation has (rows are dealt at random from ``seed``), or the fold of each row.

        Raises
        ------
        ValueError
            A column is not numeric or has gaps, a name stands twice, or lengths and folds do not fit.
        """
        names, values = _numbers(data)
        target = _target(y)
        if target.shape != (len(values),):
            raise ValueError(f"y has the shape {target.shape} for {len(values)} rows: give one number for each.")
        if not np.isfinite(target).all():
            raise ValueError("y has gaps or infinite values: drop these rows first.")
        fold_of = _folds(folds, len(values), seed)
        whole = np.column_stack([values, target])
        shift = whole.mean(axis=0)
        whole -= shift
        parts = [whole[fold_of == fold] for fold in range(int(fold_of.max()) + 1)]
        return cls(
            (*names, _Y),
            shift,
            np.array([float(len(part)) for part in parts]),
            np.array([part.sum(axis=0) for part in parts]),
            np.array([part.T @ part for part in parts]),
            fold_of,
        )

    @property
    def features(self) -> tuple[str, ...]:
        """All features, chosen or not."""
        return self.columns[:-1]

    def extended(self, known: pd.DataFrame, new: pd.DataFrame, y: Any) -> Gram:
        """With further columns: n p products for each of ``new``, nothing for what is known.

        Parameters
        ----------
        known, y
            The columns and target that this was made of.

        Raises
        ------
        ValueError
            ``known`` has other columns or other rows, or a name of ``new`` is known.
        """
        names, values = _numbers(known)
        if names != self.features or len(values) != len(self.fold_of):
            raise ValueError("known has other columns or rows than this was made of: make it anew with Gram.of.")
        added, further = _numbers(new)
        if len(further) != len(values):
            raise ValueError(f"new has {len(further)} rows, not {len(values)}.")
        if twice := set(added) & set(names):
            raise ValueError(f"{', '.join(sorted(twice))}: known by this name already. Drop it, or rename the new one.")
        old = np.column_stack([values, np.asarray(y, dtype=float)]) - self.shift
        shift = further.mean(axis=0)
        further = further - shift
        p, q = len(names), len(added)
        order = [*range(p), *range(p + 1, p + 1 + q), p]  # the target stays last
        products = np.empty((len(self.counts), p + 1 + q, p + 1 + q))
        sums = np.empty((len(self.counts), p + 1 + q))
        for fold in range(len(self.counts)):
            rows = self.fold_of == fold
            across = old[rows].T @ further[rows]
            products[fold] = np.block([[self.products[fold], across], [across.T, further[rows].T @ further[rows]]])
            sums[fold] = [*self.sums[fold], *further[rows].sum(axis=0)]
        return replace(
            self,
            columns=(*names, *added, _Y),
            shift=np.array([*self.shift, *shift])[order],
            sums=sums[:, order],
            products=products[:, order][:, :, order],
        )

    def fit(self, features: Sequence[str], alpha: float = 0.0, data: pd.DataFrame | None = None, y: Any = None) -> Fit:
        """Least squares on these features and all rows; ``alpha`` is ridge regression's penalty, as scikit-learn's.

        ``data`` and ``y`` are what to fall back on where the features depend on each other too much: an orthogonal
        factorisation of the columns themselves.

        Raises
        ------
        IllConditioned
            They do, and there is nothing to fall back on.
        KeyError
            A feature is not known.
        """
        at = self._places(features, alpha)
        count, sums, products = self.counts.sum(), self.sums.sum(axis=0), self.products.sum(axis=0)
        try:
            return self._solved(at, features, alpha, count, sums, products)
        except IllConditioned:
            if data is None:
                raise
            return _orthogonal(data[list(features)].to_numpy(float), np.asarray(y, dtype=float), features, alpha)

    def score(self, features: Sequence[str], alpha: float = 0.0) -> float:
        """The mean of R^2 on each fold, of a fit on the others: what ``cross_val_score`` gives, from products alone.

        Raises
        ------
        IllConditioned, KeyError
            As ``fit``.
        """
        return float(np.mean(self.scores(features, alpha)))

    def scores(self, features: Sequence[str], alpha: float = 0.0) -> Array:
        """R^2 on each fold of a fit on the others, shape (k,)."""
        at = self._places(features, alpha)
        if len(self.counts) < 2:
            raise ValueError("There is one fold only: make it with Gram.of(data, y, folds=5).")
        count, sums, products = self.counts.sum(), self.sums.sum(axis=0), self.products.sum(axis=0)
        found = []
        for fold in range(len(self.counts)):
            n, s, c = self.counts[fold], self.sums[fold], self.products[fold]
            fit = self._solved(at, features, alpha, count - n, sums - s, products - c)
            slopes = np.array(list(fit.coefficients.values()))
            # in shifted columns the intercept is another one
            intercept = fit.intercept - self.shift[-1] + slopes @ self.shift[at]
            residual = np.zeros(len(self.columns))
            residual[at], residual[-1] = -slopes, 1.0
            squared = residual @ c @ residual - 2 * intercept * (residual @ s) + n * intercept**2
            found.append(_r2(squared, c[-1, -1] - s[-1] ** 2 / n, c[-1, -1]))
        return np.array(found)

    def _places(self, features: Sequence[str], alpha: float) -> list[int]:
        places = {name: at for at, name in enumerate(self.features)}
        unknown = [name for name in features if name not in places]
        if unknown:
            raise KeyError(f"unknown: {', '.join(map(str, unknown))}. extended() adds columns.")
        if alpha < 0:
            raise ValueError(f"alpha={alpha:g}: give 0 or more.")
        if len(set(features)) < len(features):
            raise ValueError("A feature is chosen twice.")
        return [places[name] for name in features]

    def _solved(
        self, at: Sequence[int], features: Sequence[str], alpha: float, count: float, sums: Array, products: Array
    ) -> Fit:
        """From counts, sums and products of some rows to the model of these features."""
        from scipy.linalg import cho_solve, cholesky, lapack

        places = [*at, len(self.columns) - 1]
        chosen = products[np.ix_(places, places)] - np.outer(sums[places], sums[places]) / count
        gram, right, total = chosen[:-1, :-1], chosen[:-1, -1], chosen[-1, -1]
        scale = np.sqrt(np.diag(gram) + alpha)
        is_flat = np.diag(gram) <= products[at, at] * 1e-14
        flat = [name for name, none_left in zip(features, is_flat, strict=True) if none_left]
        if flat and not alpha:
            raise IllConditioned(flat, is_flat=True)
        loss, slopes = 0.0, np.empty(0)
        if len(at):
            scaled = (gram + alpha * np.eye(len(at))) / np.outer(scale, scale)
            try:
                factor = cholesky(scaled, lower=True)
            except np.linalg.LinAlgError:
                raise IllConditioned(_dependent(scaled, features)) from None
            reciprocal, _ = lapack.dpocon(factor, np.abs(scaled).sum(axis=0).max(), uplo="L")
            loss = np.finfo(float).eps / max(reciprocal, np.finfo(float).tiny)
            if loss > TOLERANCE:
                raise IllConditioned(_dependent(scaled, features), 1 / max(reciprocal, np.finfo(float).tiny))
            slopes = cho_solve((factor, True), right / scale) / scale
        means = self.shift + sums / count
        left = total - 2 * slopes @ right + slopes @ gram @ slopes
        return Fit(
            dict(zip(features, map(float, slopes), strict=True)),
            float(means[-1] - slopes @ means[list(at)]),
            alpha,
            _r2(left, total, products[-1, -1]),
            float(loss),
        )


def _r2(left: float, total: float, size: float) -> float:
    """The share of a sum of squares that is explained; of what does not vary, 1 or 0, as scikit-learn has it.

    ``size`` is what ``total`` was before the mean was taken off: less than its last digits is nothing.
    """
    nothing = 1e-14 * size
    if total > nothing:
        return float(1.0 - left / total)
    return float(left <= nothing)


def _target(y: Any) -> Array:
    try:
        return np.asarray(y, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("y is not numeric: give numbers, of two words for instance (y == 'yes').") from None


def _numbers(data: pd.DataFrame) -> tuple[tuple[str, ...], Array]:
    """Names and values of a frame's columns."""
    if not hasattr(data, "columns"):
        raise ValueError(f"A {type(data).__name__} has no names for its columns: give a pandas.DataFrame.")
    names = tuple(data.columns)
    if len(set(names)) < len(names):
        raise ValueError("A column's name stands twice: rename one.")
    kinds = {name: dtype.kind for name, dtype in data.dtypes.items()}
    if wrong := [str(name) for name, kind in kinds.items() if kind not in "biuf"]:
        raise ValueError(f"{', '.join(wrong)}: not numeric. Make columns of numbers of it first (pandas.get_dummies).")
    values = data.to_numpy(dtype=float)
    gaps = [str(name) for name, is_whole in zip(names, np.isfinite(values).all(axis=0), strict=True) if not is_whole]
    if gaps:
        raise ValueError(f"{', '.join(gaps)}: gaps or infinite values. Fill or drop them first.")
    return names, values


def _folds(folds: int | Sequence[int], rows: int, seed: int) -> NDArray[np.int64]:
    if isinstance(folds, (int, np.integer)):
        if not 1 <= folds <= rows:
            raise ValueError(f"folds={folds} does not fit {rows} rows.")
        dealt = np.arange(rows) % folds
        np.random.default_rng(seed).shuffle(dealt)
        return dealt
    given = np.asarray(folds, dtype=np.int64)
    if given.shape != (rows,) or set(np.unique(given)) != set(range(int(given.max(initial=-1)) + 1)):
        raise ValueError(f"folds: give the number of a fold, from 0 on without gaps, for each of {rows} rows.")
    return given


def _dependent(scaled: Array, features: Sequence[str]) -> list[str]:
    """The columns that have a part in the direction in which the correlations are nearly singular."""
    _, vectors = np.linalg.eigh(scaled)
    weights = np.abs(vectors[:, 0])
    return [name for name, weight in zip(features, weights, strict=True) if weight > 0.1 * weights.max()]


def _orthogonal(values: Array, target: Array, features: Sequence[str], alpha: float) -> Fit:
    """Least squares by an orthogonal factorisation of the columns; the shortest solution where there are many."""
    from scipy.linalg import lstsq

    means, middle = values.mean(axis=0), target.mean()
    rows, right = values - means, target - middle
    spread = np.maximum(np.abs(rows).max(axis=0, initial=0.0), np.finfo(float).tiny)
    if alpha:
        rows = np.vstack([rows, np.sqrt(alpha) * np.eye(len(features))])
        right = np.concatenate([right, np.zeros(len(features))])
    # columns that differ by less than rounding are one
    slopes = lstsq(rows / spread, right, cond=1e-12, lapack_driver="gelsy")[0] / spread
    left = right[: len(target)] - rows[: len(target)] @ slopes
    total = target - middle
    r2 = _r2(float(left @ left), float(total @ total), float(target @ target))
    return Fit(dict(zip(features, map(float, slopes), strict=True)), float(middle - slopes @ means), alpha, r2, 0.0)
