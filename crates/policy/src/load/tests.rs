//! Each fault is found at its line and column, and several are found at once.

use kernel::parse_date;

use crate::sample::Sample;
use crate::value::Value;

#[test]
fn a_sound_pack_loads_with_what_it_builds_on() {
    let pack = Sample::new().load().expect("the sample is sound");
    assert_eq!(
        pack.rules.iter().map(|r| (r.kind(), r.id.as_str())).collect::<Vec<_>>(),
        [("group", "old"), ("benefit", "aid")]
    );
    let poor = pack.dictionary.get("person", "poor").expect("a fact of the base");
    assert_eq!(poor.absent, Some(Value::Bool(false)));
    let grant = pack.parameter("grant").expect("a parameter");
    let on = |day| grant.on(parse_date(day).expect("a day")).map(|v| v.value.clone());
    assert_eq!(on("2025-12-31"), Some(Value::Fen(10_000)));
    assert_eq!(on("2026-01-01"), Some(Value::Fen(25_050)));
    assert_eq!(on("1999-12-31"), None);
}

#[test]
fn faults_of_all_files_come_at_once() {
    let sample = Sample::new()
        .with("demo/groups.toml", "clauses = [\"C-1\"]", "clauses = [\"C-1\"]\ncolour = \"red\"")
        .with("demo/benefits.toml", "per = \"month\"", "per = \"moon\"")
        .with("demo/benefits.toml", "kind = \"cash\"", "kind = 7")
        .with(
            "demo/clauses.toml",
            "evidence = { zh = \"会议纪要\", en = \"Minutes\" }",
            "evidence = { zh = \"会议纪要\" }",
        )
        .with("base/facts.toml", "absent = false", "absent = \"no\"")
        .with("demo/cases/all.toml", "poor = true, death_date", "pooor = true, name = \"x\", death_date");
    assert_eq!(
        sample.faults(),
        [
            "base/facts.toml:62:10 wrong_type",
            "demo/benefits.toml:5:8 wrong_type",
            "demo/benefits.toml:7:7 unknown_word",
            "demo/cases/all.toml:31:36 unknown_fact",
            "demo/cases/all.toml:31:50 identity_fact",
            "demo/clauses.toml:18:12 missing_label",
            "demo/groups.toml:5:1 unknown_key",
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_does_not_hide_the_others() {
    let sample = Sample::new().with("demo/groups.toml", "id = \"old\"", "id = old").with(
        "demo/pack.toml",
        "version = \"1\"",
        "version = 1",
    );
    assert_eq!(sample.faults(), ["demo/groups.toml:2:6 syntax", "demo/pack.toml:2:11 wrong_type"]);
}

#[test]
fn an_id_given_twice_is_found() {
    let sample = Sample::new().with("demo/benefits.toml", "id = \"aid\"", "id = \"old\"").with(
        "demo/benefits.toml",
        "id = \"poor\"",
        "id = \"old\"",
    );
    assert_eq!(sample.faults(), ["demo/benefits.toml:1:1 duplicate_id", "demo/benefits.toml:10:3 duplicate_id"]);
}

#[test]
fn references_to_nothing_are_found() {
    let sample = Sample::new()
        .with("demo/clauses.toml", "\"benefit:aid\"", "\"visit:aid\", \"aid\"")
        .with("demo/groups.toml", "[\"C-1\"]", "[\"C-9\"]")
        .with("demo/pack.toml", "[\"base\"]", "[\"base\", \"nowhere\"]");
    assert_eq!(sample.faults(), ["demo/clauses.toml:8:45 wrong_reference", "demo/pack.toml:4:22 unknown_pack"]);
    let sample = Sample::new().with("demo/clauses.toml", "\"benefit:aid\"", "\"visit:aid\"").with(
        "demo/groups.toml",
        "[\"C-1\"]",
        "[\"C-9\"]",
    );
    assert_eq!(sample.faults(), ["demo/clauses.toml:8:32 dangling_reference", "demo/groups.toml:1:1 unknown_clause"]);
}

#[test]
fn parameters_have_a_value_on_every_day_in_force() {
    let sample = Sample::new().with(
        "demo/parameters/all.toml",
        "{ from = 2000-01-01, value = 60",
        "{ from = 2024-01-02, value = 60",
    );
    assert_eq!(sample.faults(), ["demo/parameters/all.toml:7:11 parameter_gap"]);
    let sample = Sample::new().with("demo/parameters/all.toml", "value = 10000", "until = 2025-12-30, value = 10000");
    assert_eq!(sample.faults(), ["demo/parameters/all.toml:16:3 parameter_gap"]);
    let sample = Sample::new().with("demo/parameters/all.toml", "from = 2026-01-01", "from = 1999-01-01");
    assert_eq!(sample.faults(), ["demo/parameters/all.toml:16:3 out_of_order"]);
}

#[test]
fn columns_of_lists_give_facts_that_exist() {
    let sample = Sample::new();
    sample.write(
        "base/sources.toml",
        "[[source]]\nid = \"poor_list\"\nlabel = { zh = \"低保\", en = \"Allowance\" }\ndepartment = \"police\"\n\
         entity = \"person\"\nmode = \"fuller\"\norder = 1\nkey = [\"id_number\"]\nscope_by = \"none\"\nprecedence = 5\n\
         presence = { poor = 1 }\n\n[[source.column]]\nname = \"姓名\"\ngives = \"name\"\n\n\
         [[source.column]]\nname = \"低保\"\naliases = [\"姓名\"]\ngives = [\"poor\", \"poorer\"]\nformat = \"boole\"\n",
    );
    assert_eq!(
        sample.faults(),
        [
            "base/sources.toml:6:8 unknown_word",
            "base/sources.toml:11:21 wrong_type",
            "base/sources.toml:19:12 duplicate_header",
            "base/sources.toml:20:18 unknown_fact",
            "base/sources.toml:21:10 unknown_word",
        ]
    );
}

#[test]
fn a_case_speaks_of_a_day_in_force() {
    let sample = Sample::new().with("demo/cases/all.toml", "as_of = 2025-11-20", "as_of = 2023-12-31");
    assert_eq!(sample.faults(), ["demo/cases/all.toml:21:1 out_of_range"]);
}

#[test]
fn a_benefit_rests_on_a_clause_and_a_fact_on_a_department() {
    let sample = Sample::new().with("demo/benefits.toml", "clauses = [\"C-1\"]", "clauses = []").with(
        "base/facts.toml",
        "supplier = \"police\"\nsensitivity = \"class\"\nabsent",
        "supplier = \"nobody\"\nsensitivity = \"class\"\nabsent",
    );
    assert_eq!(sample.faults(), ["base/facts.toml:55:1 unknown_department", "demo/benefits.toml:1:1 missing_clause"]);
}

#[test]
fn a_draft_may_lie_elsewhere() {
    let (sample, elsewhere) = (Sample::new(), Sample::new());
    std::fs::remove_dir_all(elsewhere.packs().join("base")).expect("the draft's folder holds the draft alone");
    std::fs::rename(elsewhere.packs().join("demo"), elsewhere.packs().join("draft")).expect("a folder is renamed");
    let draft = elsewhere.packs().join("draft").display().to_string();
    let pack = crate::load(sample.packs(), &draft).expect("what it builds on lies below the packs folder");
    assert_eq!(pack.id, "demo");
    assert!(pack.rule("aid").is_some_and(|rule| rule.at.file.ends_with("draft/benefits.toml")));
    assert_eq!(crate::pack_ids(sample.packs()), ["base", "demo"]);
}

#[test]
fn a_misspelt_file_name_is_found() {
    let sample = Sample::new();
    sample.write("demo/group.toml", "");
    assert_eq!(sample.faults(), ["demo/group.toml:0:0 unknown_file"]);
}

#[test]
fn a_pack_may_restate_a_parameter_it_builds_on() {
    let sample = Sample::new();
    sample.write(
        "base/parameters/all.toml",
        "[[parameter]]\nid = \"old_age\"\ntype = \"int\"\nlabel = { zh = \"岁\", en = \"age\" }\n\
         values = [{ from = 2000-01-01, value = 65, source = \"x\" }]\n",
    );
    let pack = sample.load().expect("restating is allowed");
    assert_eq!(pack.parameters.iter().filter(|p| p.id == "old_age").count(), 1);
    assert_eq!(pack.parameter("old_age").map(|p| p.values[0].value.clone()), Some(Value::Int(60)));
}

#[test]
fn the_packs_of_this_repository_load() {
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    if let Err(faults) = crate::load(&packs, "kizilsu-2024") {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{} faults\n{}", lines.len(), lines.join("\n"));
    }
}
