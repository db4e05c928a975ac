#!/usr/bin/env python3
"""Splink 5 on the files of `yilian synth --pair`, prepared and tuned as well as we could.

usage: splink_people.py FOLDER PAIRS.csv [plain]

`plain` compares the columns as they come; otherwise those that prepare_people.py made beside them.
"""
import sys
import warnings

import duckdb
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

warnings.filterwarnings("ignore")
folder, out = sys.argv[1], sys.argv[2]
plain = "plain" in sys.argv[3:]
columns = ["unique_id", "birth_date", "yob", "md", "sex", "division", "town", "county", "phone", "address"]
columns += ["id_number", "name", "f1"] if plain else ["id15", "clean", "py", "turned", "given", "py4", "pyend", "door"]
files = [pd.read_parquet(f"{folder}/{name}.parquet", columns=columns) for name in "ab"]
date = cl.CustomComparison(output_column_name="birth_date", comparison_levels=[
    cll.NullLevel("birth_date"),
    cll.ExactMatchLevel("birth_date", term_frequency_adjustments=True),
    cll.CustomLevel("birth_date_l[1:4] = birth_date_r[1:4] and birth_date_l[6:7] = birth_date_r[9:10] "
                    "and birth_date_l[9:10] = birth_date_r[6:7]", "day and month"),
    cll.DamerauLevenshteinLevel("birth_date", 1),
    cll.CustomLevel("yob_l = yob_r and (md_l = '01-01' or md_r = '01-01')", "1 January"),
    cll.CustomLevel("md_l = md_r", "day agrees"),
    cll.CustomLevel("abs(date_diff('day', try_cast(birth_date_l as date), try_cast(birth_date_r as date))) <= 52",
                    "within 52 days"),
    cll.CustomLevel("yob_l = yob_r", "year"),
    cll.CustomLevel("abs(try_cast(yob_l as int) - try_cast(yob_r as int)) <= 5", "5 years"),
    cll.ElseLevel(),
])
division = cl.CustomComparison(output_column_name="division", comparison_levels=[
    cll.NullLevel("division"),
    cll.ExactMatchLevel("division", term_frequency_adjustments=True),
    cll.CustomLevel("town_l = town_r", "township"),
    cll.CustomLevel("county_l = county_r", "county"),
    cll.ElseLevel(),
])
phone = cl.DamerauLevenshteinAtThresholds("phone", [1]).configure(term_frequency_adjustments=True)
if plain:
    comparisons = [
        cl.JaroWinklerAtThresholds("name", [.92, .84, .7]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("id_number", [1, 2]), cl.JaroWinklerAtThresholds("address", [.95, .85])]
    rules = ["id_number", "phone", "name yob", "name division", "birth_date division", "birth_date f1", "birth_date sex town",
             "address", "f1 division yob", "name md"]
    learn = [["name"], ["birth_date", "division"]]
else:
    comparisons = [
        cl.CustomComparison(output_column_name="name", comparison_levels=[
            cll.NullLevel("clean"),
            cll.ExactMatchLevel("clean", term_frequency_adjustments=True),
            cll.ExactMatchLevel("py", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("clean", .9),
            cll.CustomLevel("turned_l = py_r or py_l = turned_r", "parts turned"),
            cll.JaroWinklerLevel("py", .95),
            cll.CustomLevel("jaro_winkler_similarity(turned_l, py_r) > .93", "parts turned, nearly"),
            cll.JaroWinklerLevel("py", .9),
            cll.ExactMatchLevel("given"),
            cll.JaroWinklerLevel("py", .84),
            cll.JaroWinklerLevel("py", .75),
            cll.ElseLevel(),
        ]),
        cl.DamerauLevenshteinAtThresholds("id15", [1, 2]),
        cl.CustomComparison(output_column_name="address", comparison_levels=[
            cll.NullLevel("address"),
            cll.ExactMatchLevel("address"),
            cll.ExactMatchLevel("door"),
            cll.DamerauLevenshteinLevel("door", 1),
            cll.ElseLevel(),
        ])]
    rules = ["id15", "phone", "py yob", "py division", "clean md", "birth_date division", "birth_date py4", "birth_date pyend",
             "birth_date sex town", "address", "door division", "door yob town", "given division", "given birth_date",
             "py4 division yob", "pyend division yob", "given yob sex town"]
    learn = [["py"], ["birth_date", "division"]]
settings = SettingsCreator(
    link_type="link_only", blocking_rules_to_generate_predictions=[block_on(*rule.split()) for rule in rules],
    comparisons=[*comparisons, date, division, phone, cl.ExactMatch("sex")],
    retain_matching_columns=False, retain_intermediate_calculation_columns=False)
database = DuckDBAPI(duckdb.connect())
linker = Linker([database.register(table, dataset_display_name=name) for name, table in zip("ab", files)], settings)
train = linker.training
sure = [["id_number"], ["name", "birth_date"]] if plain else [["id15"], ["py", "birth_date"]]
train.estimate_probability_two_random_records_match([block_on(*rule) for rule in sure], recall=.65)
train.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
for rule in learn:
    train.estimate_parameters_using_expectation_maximisation(block_on(*rule))
pairs = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
turned = pairs.unique_id_l.str[0] == "b"
pairs["left_id"] = pairs.unique_id_l.mask(turned, pairs.unique_id_r)
pairs["right_id"] = pairs.unique_id_r.mask(turned, pairs.unique_id_l)
pairs[["left_id", "right_id", "match_probability"]].to_csv(out, index=False)
