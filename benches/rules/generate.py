"""People in households for the rules, the same bytes for the same seed.

usage: generate.py PEOPLE SEED FILE
"""

import sys

import numpy as np
import polars as pl


def people(count: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    sizes = rng.poisson(2.4, count // 3 + 1000) + 1
    household = np.repeat(np.arange(len(sizes)), sizes)[:count].astype(np.int32)
    assert len(household) == count, "more households are needed"
    old = rng.random(count) < 0.2
    age = np.clip(np.where(old, rng.normal(71, 9, count), rng.gamma(2.4, 15, count)), 0, 104).astype(np.int16)

    def some(share, values, otherwise):
        return np.where(rng.random(count) < share, values, otherwise)

    def whole(low, high):
        return rng.integers(low, high, count).astype(np.int8)

    pension = np.where(age >= 60, some(0.55, rng.lognormal(8.6, 0.5, count), 0), 0)
    return pl.DataFrame(
        {
            "person_id": np.arange(count, dtype=np.int64),
            "household_id": household,
            "age": age,
            "sex": whole(0, 2),
            # 0 single, 1 married, 2 widowed, 3 divorced
            "marital": rng.choice(np.array([0, 1, 2, 3], dtype=np.int8), count, p=[0.3, 0.5, 0.12, 0.08]),
            "income": np.round(some(0.25, 0, rng.lognormal(9.4, 0.9, count)), 2),
            "pension": np.round(pension, 2),
            "assets": np.round(rng.lognormal(10.5, 1.3, count), 2),
            "disability_pct": some(0.09, rng.integers(10, 101, count), 0).astype(np.int16),
            "care_level": np.where(age > 65, some(0.3, rng.integers(1, 6, count), 0), 0).astype(np.int8),
            "employed_months": whole(0, 13),
            "children_u18": rng.poisson(0.8, count).astype(np.int8),
            "district": rng.integers(0, 36, count).astype(np.int16),
            "rural": rng.random(count) < 0.6,
            "alive": rng.random(count) > 0.012,
            # -1: not bereaved
            "bereaved_months": some(0.05, rng.integers(0, 60, count), -1).astype(np.int16),
            "chronic": whole(0, 8),
            "house_owner": rng.random(count) < 0.55,
            "residency_years": np.clip(rng.gamma(3, 8, count), 0, 90).astype(np.float32),
            "prev_benefit": rng.random(count) < 0.15,
        }
    )


if __name__ == "__main__":
    count, seed, file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    people(count, seed).write_parquet(file, compression="snappy")
