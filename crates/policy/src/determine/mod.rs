//! Answers for people given as JSON lines, without database or key.

mod input;
mod output;

use std::io::{self, BufRead, Write};

use kernel::Date;

use crate::column::Population;
use crate::model::Pack;
use crate::program::Program;
use input::Line;

/// How many lines were answered, and how many of these with an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    pub lines: usize,
    pub errors: usize,
}

/// Reads people, one JSON object per line with the dictionary's keys, and writes one line for each in the same
/// order: the outcome of every rule about people with its reasons, or what is wrong with the line.
///
/// Members of one household find each other anywhere in the input. Null and absent mean not known.
///
/// # Errors
/// Only when reading or writing fails; a faulty line is answered with its error.
pub fn determine_jsonl(
    pack: &Pack,
    program: &Program,
    as_of: Date,
    reader: &mut dyn BufRead,
    writer: &mut dyn Write,
) -> io::Result<Answered> {
    let input = input::read(reader, &pack.dictionary)?;
    let population = Population::new([input.people]);
    let determinations = program.run(&population, as_of);
    let explainer = program.explainer(&population, Some(&determinations), as_of);
    let mut answered = Answered::default();
    for line in &input.lines {
        answered.lines += 1;
        match line {
            Line::Person { person_id, row } => {
                let answers = explainer.row("person", *row);
                output::answer(writer, person_id, &answers)?;
            }
            Line::Fault(fault) => {
                answered.errors += 1;
                output::fault(writer, fault)?;
            }
        }
    }
    writer.flush()?;
    Ok(answered)
}

#[cfg(test)]
mod tests {
    use kernel::parse_date;

    use super::*;
    use crate::sample::Sample;

    fn answers(input: &str) -> Vec<serde_json::Value> {
        let pack = Sample::new().load().expect("the sample loads");
        let program = Program::compile(&pack).expect("the sample compiles");
        let mut output = Vec::new();
        let as_of = parse_date("2026-11-20").expect("a day");
        let answered = determine_jsonl(&pack, &program, as_of, &mut input.as_bytes(), &mut output);
        let text = String::from_utf8(output).expect("the answers are UTF-8");
        let lines: Vec<_> = text.lines().map(|l| serde_json::from_str(l).expect("each line is JSON")).collect();
        assert_eq!(answered.expect("memory does not fail").lines, lines.len());
        lines
    }

    #[test]
    fn every_rule_is_answered_with_its_reasons() {
        let out = answers("{\"person_id\":\"p1\",\"birth_date\":\"1966-11-20\",\"poor\":true}\n");
        let aid = &out[0]["rules"]["aid"];
        assert_eq!((&out[0]["person_id"], &aid["outcome"]), (&"p1".into(), &"met".into()));
        assert_eq!(aid["amount_fen"], 25_050);
        let labels: Vec<_> = aid["reasons"].as_array().into_iter().flatten().map(|r| &r["label"]).collect();
        assert_eq!(labels, ["alive", "old", "poor"]);
        assert_eq!(aid["reasons"][2]["facts"], serde_json::json!({ "poor": true }));
        assert_eq!(aid["reasons"][2]["zh"], "低保");
        assert!(aid.get("missing").is_none());
    }

    #[test]
    fn the_dead_meet_nothing_because_they_are_not_alive() {
        let out =
            answers("{\"person_id\":\"p1\",\"birth_date\":\"1940-01-01\",\"poor\":true,\"death_date\":\"2026-11-20\"}");
        for rule in ["old", "aid"] {
            let answer = &out[0]["rules"][rule];
            assert_eq!(answer["outcome"], "not_met");
            assert_eq!(
                (&answer["reasons"][0]["label"], &answer["reasons"][0]["outcome"]),
                (&"alive".into(), &"not_met".into())
            );
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let out =
            answers("{\"person_id\":\"p1\",\"age\":70}\n{\"person_id\":\"p2\"}\n{\"person_id\":\"p3\",\"age\":59}");
        assert_eq!(out[0]["rules"]["aid"]["outcome"], "unknown");
        assert_eq!(out[0]["rules"]["aid"]["missing"], serde_json::json!(["poor"]));
        assert_eq!(out[1]["rules"]["aid"]["missing"], serde_json::json!(["birth_date", "poor"]));
        assert_eq!(out[2]["rules"]["aid"]["outcome"], "not_met");
        assert!(out[2]["rules"]["aid"].get("missing").is_none());
    }

    #[test]
    fn a_faulty_line_is_answered_in_its_place() {
        let out = answers("{\"person_id\":\"p1\",\"poor\":\"yes\"}\nnot json\n{\"person_id\":\"p2\"}\n");
        assert_eq!(
            out[0],
            serde_json::json!({ "person_id": "p1", "error": { "code": "wrong_type", "keys": ["poor"] } })
        );
        assert_eq!(out[1], serde_json::json!({ "person_id": null, "error": { "code": "bad_json" } }));
        assert_eq!(out[2]["rules"]["old"]["outcome"], "unknown");
    }

    #[test]
    fn members_of_a_household_find_each_other_anywhere_in_the_input() {
        let sample = Sample::new().with("demo/groups.toml", "age >= param(old_age)", "household_any(poor)");
        let pack = sample.load().expect("the sample loads");
        let program = Program::compile(&pack).expect("the sample compiles");
        let input = "{\"person_id\":\"p1\",\"poor\":false,\"household_id\":\"h1\"}\n\
                     {\"person_id\":\"p2\",\"poor\":false}\n\
                     {\"person_id\":\"p3\",\"poor\":true,\"household_id\":\"h1\"}\n";
        let mut output = Vec::new();
        let as_of = parse_date("2026-11-20").expect("a day");
        determine_jsonl(&pack, &program, as_of, &mut input.as_bytes(), &mut output).expect("memory does not fail");
        let text = String::from_utf8(output).expect("the answers are UTF-8");
        let old: Vec<_> = text.lines().map(|l| l.split("\"old\":{\"outcome\":\"").nth(1).map(|o| &o[..3])).collect();
        assert_eq!(old, [Some("met"), Some("not"), Some("met")]);
    }

    #[test]
    fn extremes_are_answered() {
        let deep = format!("{{\"person_id\":\"p5\",\"x\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
        let input = format!(
            "{}\n{}\n{}\n{}\n{deep}\n",
            r#"{"person_id":"p1","birth_date":"0001-01-01","level":9223372036854775807,"age":-9223372036854775808}"#,
            r#"{"person_id":"p2","birth_date":"9999-12-31","death_date":"0001-01-01"}"#,
            r#"{"person_id":"p3","level":9223372036854775808}"#,
            r#"{"person_id":"p4","level":1.5}"#,
        );
        let out = answers(&input);
        assert_eq!(out[0]["rules"]["old"]["outcome"], "not_met");
        assert_eq!(out[1]["rules"]["old"]["outcome"], "not_met");
        assert_eq!(out[2]["error"]["keys"], serde_json::json!(["level"]));
        assert_eq!(out[3]["error"]["code"], "wrong_type");
        assert_eq!(out[4]["error"]["code"], "bad_json");
    }
}
