//! What the check refuses, with place and code.

use std::fs;
use std::path::Path;

use super::{clauses::clauses, shape::shapes};
use crate::fault::PackFault;
use crate::sample::{Sample, place};

fn places(sample: &Sample, check: fn(&crate::Pack) -> Vec<PackFault>) -> Vec<String> {
    check(&sample.load().expect("the sample loads")).iter().map(place).collect()
}

#[test]
fn the_sample_has_no_fault_of_form() {
    assert_eq!(places(&Sample::new(), clauses), Vec::<String>::new());
    assert_eq!(places(&Sample::new(), shapes), Vec::<String>::new());
}

#[test]
fn a_rule_is_not_a_duty() {
    for kind in ["rule", "standard", "indicator", "workflow", "registry", "task, ledger"] {
        let sample = Sample::new().with("demo/clauses.toml", "kind = \"admin\"", &format!("kind = \"{kind}\""));
        assert_eq!(places(&sample, clauses), ["demo/clauses.toml:10:1 not_a_duty"], "{kind}");
    }
    let sample = Sample::new().with("demo/clauses.toml", "kind = \"admin\"", "kind = \"duty\"");
    assert_eq!(places(&sample, clauses), ["demo/clauses.toml:10:1 unknown_word"]);
}

#[test]
fn a_duty_says_who_by_when_and_how_it_shows() {
    let sample = Sample::new()
        .with("demo/clauses.toml", "responsible = [{ zh = \"民政局\", en = \"Civil affairs\" }]\n", "")
        .with("demo/clauses.toml", "deadline = \"none_stated\"\n", "")
        .with("demo/clauses.toml", "evidence = { zh = \"会议纪要\", en = \"Minutes\" }\n", "");
    assert_eq!(
        places(&sample, clauses),
        [
            "demo/clauses.toml:10:1 duty_without_unit",
            "demo/clauses.toml:10:1 missing_deadline",
            "demo/clauses.toml:10:1 duty_without_evidence",
        ]
    );
}

#[test]
fn clauses_and_elements_name_each_other() {
    let sample = Sample::new().with("demo/groups.toml", "clauses = [\"C-1\"]", "clauses = [\"C-3\"]");
    assert_eq!(places(&sample, clauses), ["demo/clauses.toml:8:19 not_cited_back", "demo/groups.toml:1:1 not_listed"]);
    let sample = Sample::new().with("demo/clauses.toml", "kind = \"rule\"", "kind = \"rule, indicator\"").with(
        "demo/clauses.toml",
        "awaits = { capability = \"hotline\", zh = \"热线\", en = \"Hotline\" }",
        "",
    );
    assert_eq!(
        places(&sample, clauses),
        ["demo/clauses.toml:2:1 not_carried", "demo/clauses.toml:20:1 missing_awaits"]
    );
}

#[test]
fn a_rule_without_a_case_is_found() {
    let sample = Sample::new();
    sample.write("demo/cases/all.toml", "");
    assert_eq!(
        places(&sample, clauses),
        ["demo/clauses.toml:8:19 missing_case", "demo/clauses.toml:8:32 missing_case"]
    );
}

#[test]
fn two_things_in_one_part_are_found_where_the_second_begins() {
    let sample =
        Sample::new().with("demo/groups.toml", "\"age >= param(old_age)\"", "\"\"\"\nage >= 60\n  AND poor\"\"\"");
    assert_eq!(places(&sample, shapes), ["demo/groups.toml:7:7 unsplit_and"]);
    let sample =
        Sample::new().with("demo/groups.toml", "\"age >= param(old_age)\"", "\"(age >= 60 AND poor) OR poor\"");
    assert_eq!(places(&sample, shapes), Vec::<String>::new());
}

#[test]
fn hiding_an_unknown_needs_a_reason() {
    for hidden in ["COALESCE(poor, FALSE)", "NOT COALESCE(poor, TRUE)", "poor IS TRUE", "poor IS NOT TRUE"] {
        let sample = Sample::new().with("demo/benefits.toml", "when = \"poor\"", &format!("when = \"{hidden}\""));
        let found = places(&sample, shapes);
        assert!(found.len() == 1 && found[0].ends_with(" hidden_unknown"), "{hidden}: {found:?}");
    }
    let why = "when = \"COALESCE(poor, FALSE)\", hides_unknown = { zh = \"没有名单就是没有\", en = \"no list, no allowance\" }";
    let sample = Sample::new().with("demo/benefits.toml", "when = \"poor\"", why);
    assert_eq!(places(&sample, shapes), Vec::<String>::new());
}

fn all(sample: &Sample) -> Vec<String> {
    crate::check(sample.packs(), "demo").faults.iter().map(place).collect()
}

#[test]
fn the_sample_passes() {
    let report = crate::check(Sample::new().packs(), "demo");
    assert!(report.passed(), "{report}");
    assert_eq!((report.counts.implemented, report.counts.duty, report.counts.awaiting), (1, 1, 1));
    assert_eq!(report.to_confirm.iter().map(|open| open.id.as_str()).collect::<Vec<_>>(), ["grant"]);
}

#[test]
fn faults_of_expressions_stand_where_they_are_written() {
    let sample = Sample::new()
        .with("demo/groups.toml", "\"age >= param(old_age)\"", "\"\"\"\n  age >= param(old_age)\n  OR agee > 3\"\"\"")
        .with("demo/benefits.toml", "when = \"poor\"", "when = \"\\u0061ge > '岁' OR sex = 3\"")
        .with("demo/benefits.toml", "amount = \"param(grant)\"", "amount = \"param(grants)\"");
    assert_eq!(
        all(&sample),
        [
            "demo/benefits.toml:6:17 unknown_parameter",
            "demo/benefits.toml:10:26 wrong_type",
            "demo/benefits.toml:10:44 wrong_type",
            "demo/groups.toml:7:6 unknown_key",
        ]
    );
}

const TAKEN_OVER: &str = r#"id = "city"
version = "1"
title = { zh = "本市", en = "City" }
builds_on = ["demo"]
divisions = ["3711"]
divisions_stand_in = { zh = "没写地名", en = "no place is named" }
in_force_from = 2024-01-01

[document]
publisher = { zh = "市民政局", en = "City civil affairs" }
draft = true
consultation = { from = 2024-01-01, until = 2024-01-07, channels = [{ zh = "电话", en = "By phone" }] }
"#;

#[test]
fn a_plan_is_taken_over_with_a_pack_toml_alone() {
    let sample = Sample::new();
    sample.write("city/pack.toml", TAKEN_OVER);
    let report = crate::check(sample.packs(), "city");
    assert!(report.passed(), "{report}");
    assert_eq!((report.counts.clauses, report.counts.groups, report.counts.cases), (3, 1, 0));
    let pack = crate::load(sample.packs(), "city").expect("it loads");
    assert_eq!(
        (pack.id.as_str(), pack.population.len(), pack.made_of.as_slice()),
        ("city", 1, &["base".to_owned(), "demo".to_owned()][..])
    );
    let shown = crate::show(&pack, kernel::Lang::En);
    assert!(shown.contains("divisions stand in: no place is named") && shown.contains("draft for comments"), "{shown}");
    assert!(
        shown.contains("consultation: 2024-01-01 – 2024-01-07; By phone") && shown.contains("published on: not stated")
    );
}

#[test]
fn what_a_pack_says_itself_comes_first_and_needs_cases_of_its_own() {
    let sample = Sample::new();
    sample.write("city/pack.toml", TAKEN_OVER);
    sample.write("city/groups.toml", "[[group]]\nid = \"poor_old\"\nlabel = { zh = \"困难老人\", en = \"Poor\" }\nclauses = [\"X-1\"]\nparts = [{ id = \"p\", when = \"group(old) AND poor OR poor\", zh = \"困难\", en = \"poor\" }]\n");
    sample.write("city/clauses.toml", "[[clause]]\nid = \"X-1\"\ntitle = { zh = \"困难\", en = \"Poor\" }\nsummary = { zh = \"困难\", en = \"Poor\" }\nstate = \"implemented\"\nkind = \"rule\"\nimplemented_by = [\"group:poor_old\"]\n");
    let pack = crate::load(sample.packs(), "city").expect("it loads");
    let clauses: Vec<_> = pack.clauses.iter().map(|clause| clause.id.as_str()).collect();
    assert_eq!(clauses, ["X-1", "C-1", "C-2", "C-3"]);
    assert_eq!(pack.rules[0].id, "poor_old");
    let found: Vec<_> = crate::check(sample.packs(), "city").faults.iter().map(place).collect();
    assert_eq!(found, ["city/clauses.toml:7:19 missing_case"]);
}

#[test]
fn served_stands_for_what_the_benefit_calls_served() {
    let served = |text: &str, asks: &str| {
        let sample = Sample::new()
            .with("demo/benefits.toml", "per = \"month\"", &format!("per = \"month\"\nserved = \"{text}\""))
            .with(
                "demo/groups.toml",
                "\"age >= param(old_age)\"",
                &format!("\"age >= param(old_age) OR {asks} IS NULL\""),
            );
        let faults = crate::check(sample.packs(), "demo").faults;
        faults.iter().filter(|f| f.code != "part_not_shown" && f.code != "case_failed").map(place).collect::<Vec<_>>()
    };
    assert_eq!(served("poor", "served(aid)"), Vec::<String>::new());
    assert_eq!(served("served(aid)", "served(aid)"), ["demo/benefits.toml:8:18 cycle", "demo/groups.toml:5:66 cycle"]);
    assert_eq!(served("poor", "served(old)"), ["demo/groups.toml:5:66 unknown_rule"]);
}

#[test]
fn groups_that_need_each_other_are_a_circle() {
    let sample = Sample::new().with("demo/groups.toml", "age >= param(old_age)", "rule(aid)");
    let found = all(&sample);
    assert!(found.iter().any(|fault| fault.ends_with(" cycle")), "{found:?}");
}

#[test]
fn the_packs_of_this_repository_pass() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    for pack in crate::pack_ids(&packs) {
        let report = crate::check(&packs, &pack);
        assert!(report.passed(), "{report}");
    }
}

#[test]
fn a_case_that_fails_says_what_was_found() {
    let sample = Sample::new()
        .with(
            "demo/cases/all.toml",
            "expect = { old = \"met\", aid = \"met\" }",
            "expect = { old = \"met\", aid = \"unknown\" }",
        )
        .with("demo/cases/all.toml", "aid = 25050", "aid = 10000")
        .with("demo/cases/all.toml", "[\"poor\"]", "[\"birth_date\"]")
        .with(
            "demo/cases/all.toml",
            "expect = { old = \"not_met\", aid = \"not_met\" }\n\n",
            "expect = { old = \"not_met\", aids = \"not_met\" }\n\n",
        );
    let report = crate::check(sample.packs(), "demo");
    let found: Vec<_> = report.faults.iter().map(|f| format!("{} {}", place(f), f.message)).collect();
    assert_eq!(
        found,
        [
            "demo/cases/all.toml:6:25 case_failed case `poor and sixty today`: aid is met, expected unknown",
            "demo/cases/all.toml:7:12 case_failed case `poor and sixty today`: aid pays 25050 fen, expected 10000 fen",
            "demo/cases/all.toml:13:29 case_failed case `sixty tomorrow`: there is no rule `aids`",
            "demo/cases/all.toml:26:13 case_failed case `nobody asked`: aid lacks [poor], expected [birth_date]",
        ]
    );
    assert_eq!((report.counts.cases, report.counts.cases_passed), (5, 2));
}

#[test]
fn a_threshold_shown_from_one_side_only_is_found() {
    let sample = Sample::new()
        .with("demo/cases/all.toml", "1950-01-01, poor = false", "1950-01-01, poor = true")
        .with(
            "demo/cases/all.toml",
            "expect = { old = \"met\", aid = \"not_met\" }",
            "expect = { old = \"met\", aid = \"met\" }",
        )
        .with(
            "demo/cases/all.toml",
            ", death_date = 2026-11-20 }\nexpect = { old = \"not_met\", aid = \"not_met\" }",
            " }\nexpect = { old = \"met\" }",
        );
    assert_eq!(all(&sample), ["demo/benefits.toml:10:3 part_not_shown", "demo/pack.toml:9:10 part_not_shown"]);
}

/// Every TOML block of the guide's worked example, added to a copy of the pack.
#[test]
fn the_guides_example_passes_in_both_languages() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let guides =
        [include_str!("../../../../docs/guides/packs.md"), include_str!("../../../../docs/guides/packs.zh-CN.md")];
    for guide in guides {
        let folder = tempfile::tempdir().expect("a folder for the draft");
        let draft = folder.path().join("draft");
        copy(&packs.join("kizilsu-2024"), &draft);
        for block in guide.split("```toml\n[[").skip(1).map(|rest| rest.split("\n```").next().unwrap_or("")) {
            let file = match block.split("]]").next() {
                Some("clause") => "clauses.toml",
                Some("parameter") => "parameters/heating.toml",
                Some("benefit") => "benefits.toml",
                _ => "cases/heating.toml",
            };
            let before = fs::read_to_string(draft.join(file)).unwrap_or_default();
            fs::write(draft.join(file), format!("{before}\n[[{block}\n")).expect("the draft can be written");
        }
        let report = crate::check(&packs, &draft.display().to_string());
        assert!(report.passed(), "{report}");
        assert!(report.counts.benefits > crate::check(&packs, "kizilsu-2024").counts.benefits);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of the draft");
    for entry in fs::read_dir(from).expect("the pack's folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file of the draft");
        }
    }
}
