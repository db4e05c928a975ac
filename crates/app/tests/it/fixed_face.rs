//! The two commands that other programs call: JSON lines in, JSON lines out, no database, no key.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::home::yilian;

fn answers(args: &[&str], input: &str) -> Vec<Value> {
    let mut command = yilian(Path::new("/nonexistent/home"));
    let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn assess_answers_as_the_dictionary_says() {
    let full = [
        ("B.1", [4, 4, 4, 4, 4, 4, 4, 4, 0, 0].as_slice(), 8),
        ("B.2", &[4, 4, 4, 3], 4),
        ("B.3", &[4, 4, 4, 4, 4, 4, 1, 1, 2], 9),
        ("B.4", &[2, 2, 4, 3, 4], 5),
    ];
    let mut items = serde_json::Map::new();
    for (group, scores, count) in full {
        for (at, score) in scores.iter().take(count).enumerate() {
            items.insert(format!("{group}.{}", at + 1), json!(score));
        }
    }
    let mut short = items.clone();
    short.remove("B.2.4");
    let input = format!(
        "{}\n{}\nnot json\n",
        json!({"id": "a1", "items": items, "diagnoses": ["F01.9"]}),
        json!({"id": "a2", "items": short, "coma": true})
    );
    let found = answers(&["assess", "--scale", "gbt-42195-2022"], &input);
    assert_eq!(
        found[0],
        json!({"id": "a1", "total": 90, "subtotals": {"B.1": 32, "B.2": 15, "B.3": 28, "B.4": 15},
               "preliminary_level": 0, "final_level": 1, "adjustments": ["dementia_or_mental_diagnosis"]})
    );
    assert_eq!(found[1], json!({"id": "a2", "error": {"code": "missing_item", "items": ["B.2.4"]}}));
    assert_eq!(found[2]["error"]["code"], "bad_json");
}

#[test]
fn determine_answers_as_the_dictionary_says() {
    let alone = json!({"person_id": "p1", "birth_date": "1950-01-01", "residence_division": "653001100205",
        "urban_rural": "rural", "marital_status": "30", "children_count": 0});
    let dead = json!({"person_id": "p2", "birth_date": "1950-01-01", "residence_division": "653001100205",
        "death_date": "2026-01-01", "marital_status": "30", "children_count": 0});
    let silent = json!({"person_id": "p3", "birth_date": "1950-01-01", "residence_division": "653001100205",
        "marital_status": "90", "children_count": 0});
    let input = format!("{alone}\n{dead}\n{silent}\n");
    let found = answers(&["determine", "--pack", "kizilsu-2024", "--as-of", "2026-11-20"], &input);
    assert_eq!(found[0]["rules"]["living_alone"]["outcome"], "met");
    assert_eq!(found[0]["rules"]["monthly_contact"]["outcome"], "met");
    let rules = found[1]["rules"].as_object().unwrap();
    assert!(rules.values().all(|rule| rule["outcome"] == "not_met"));
    let reasons = found[1]["rules"]["living_alone"]["reasons"].as_array().unwrap();
    assert!(reasons.iter().any(|reason| reason["label"] == "alive" && reason["outcome"] == "not_met"));
    assert_eq!(found[2]["rules"]["living_alone"]["outcome"], "unknown");
    assert_eq!(found[2]["rules"]["living_alone"]["missing"], json!(["marital_status"]));
}
