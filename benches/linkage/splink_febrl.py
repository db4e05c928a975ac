#!/usr/bin/env python3
"""Splink 5 on one of the FEBRL sets written by febrl.py.

usage: splink_febrl.py LEFT.csv [RIGHT.csv] PAIRS.csv
"""
import sys
import warnings

import duckdb
import pandas as pd
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

warnings.filterwarnings("ignore")
*paths, out = sys.argv[1:]
files = []
for path in paths:
    table = pd.read_csv(path, dtype=str).rename(columns={"rec_id": "unique_id"})
    table = table.apply(lambda column: column.str.strip())
    files.append(table.where(table.notna(), None))
rules = ["soc_sec_id", "date_of_birth", "given_name surname", "surname postcode", "given_name postcode", "address_1",
         "suburb street_number", "substr(date_of_birth,1,4) postcode", "address_2",
         "substr(surname,1,3) substr(given_name,1,3)"]
settings = SettingsCreator(
    link_type="link_only" if len(files) == 2 else "dedupe_only",
    blocking_rules_to_generate_predictions=[block_on(*rule.split()) for rule in rules],
    comparisons=[
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        *(cl.JaroWinklerAtThresholds(column, [.92, .8]) for column in ["address_1", "address_2", "suburb"]),
    ])
database = DuckDBAPI(duckdb.connect())
linker = Linker([database.register(table, dataset_display_name=name) for name, table in zip("ab", files)], settings)
train = linker.training
train.estimate_probability_two_random_records_match(
    [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=.6)
train.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
for rule in [["date_of_birth"], ["postcode"], ["surname", "given_name"]]:
    train.estimate_parameters_using_expectation_maximisation(block_on(*rule))
pairs = linker.inference.predict(threshold_match_probability=0.0001).as_pandas_dataframe()
if len(files) == 2:
    pairs = pairs.sort_values("match_probability", ascending=False, kind="stable")
    pairs = pairs.drop_duplicates("unique_id_l").drop_duplicates("unique_id_r")
pairs[["unique_id_l", "unique_id_r", "match_probability"]].to_csv(out, index=False)
