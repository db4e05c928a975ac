#!/usr/bin/env python3
"""Splink 5 on the files of generate.py with its best tuning found: EM on birth date and village.

usage: splink_registry.py FOLDER PAIRS.csv
"""
import sys
import warnings

import duckdb
import pandas as pd
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

warnings.filterwarnings("ignore")
folder, out = sys.argv[1], sys.argv[2]
files = []
for name in "ab":
    table = pd.read_parquet(f"{folder}/{name}.parquet").rename(columns={"rec_id": "unique_id"})
    table["yob"], table["g3"], table["s3"] = table.dob.str[:4], table.given.str[:3], table.surname.str[:3]
    files.append(table)
rules = ["national_id", "phone", "dob g3", "dob s3", "given surname", "surname yob village", "given father village",
         "dob village", "yob g3 s3", "given yob village", "address s3"]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[block_on(*rule.split()) for rule in rules],
    comparisons=[
        cl.JaroWinklerAtThresholds("given", [.94, .85]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("surname", [.94, .85]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("father", [.92, .8]),
        cl.DateOfBirthComparison("dob", input_is_string=True, datetime_thresholds=[1, 1, 10],
                                 datetime_metrics=["month", "year", "year"]),
        cl.ExactMatch("village").configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("address", [2]), cl.LevenshteinAtThresholds("phone", [1]),
        cl.LevenshteinAtThresholds("national_id", [1]), cl.ExactMatch("sex"),
    ],
    retain_matching_columns=False, retain_intermediate_calculation_columns=False)
database = DuckDBAPI(duckdb.connect())
linker = Linker([database.register(table, dataset_display_name=name) for name, table in zip("ab", files)], settings)
train = linker.training
train.estimate_probability_two_random_records_match(
    [block_on("national_id"), block_on("given", "surname", "dob")], recall=0.6)
train.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
train.estimate_parameters_using_expectation_maximisation(block_on("given", "surname"))
train.estimate_parameters_using_expectation_maximisation(block_on("dob", "village"))
pairs = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
turned = pairs.unique_id_l.str[0] == "b"
pairs["left_id"] = pairs.unique_id_l.mask(turned, pairs.unique_id_r)
pairs["right_id"] = pairs.unique_id_r.mask(turned, pairs.unique_id_l)
pairs[["left_id", "right_id", "match_probability"]].to_csv(out, index=False)
