use std::io::{BufReader, Read};

use super::national_scale;
use crate::jsonl;

const ITEMS: &str = r#""B.1.1":4,"B.1.2":2,"B.1.3":2,"B.1.4":2,"B.1.5":2,"B.1.6":3,"B.1.7":3,"B.1.8":2,"B.2.1":3,"B.2.2":3,"B.2.3":3,"B.2.4":2,"B.3.1":3,"B.3.2":3,"B.3.3":3,"B.3.4":3,"B.3.5":3,"B.3.6":3,"B.3.7":1,"B.3.8":1,"B.3.9":2,"B.4.1":2,"B.4.2":2,"B.4.3":2,"B.4.4":1,"B.4.5":3"#;

fn answer(input: &[u8]) -> String {
    let mut output = Vec::new();
    jsonl(&national_scale(), input, &mut output).unwrap();
    String::from_utf8(output).unwrap()
}

fn check(input: &str, expected: &str) {
    assert_eq!(answer(input.as_bytes()), format!("{expected}\n"), "{input}");
}

const SCORED: &str = r#""total":63,"subtotals":{"B.1":20,"B.2":11,"B.3":22,"B.4":10},"preliminary_level":2"#;

#[test]
fn answer_has_the_written_keys_in_the_written_order() {
    check(
        &format!(
            r#"{{"id":"a1","items":{{{ITEMS}}},"coma":false,"diagnoses":["F01.9"],"risk_events_30d":{{"fall":1,"wandering":0,"choking":0,"suicide_self_harm":0,"other":0}}}}"#
        ),
        &format!(r#"{{"id":"a1",{SCORED},"final_level":3,"adjustments":["dementia_or_mental_diagnosis"]}}"#),
    );
    check(
        &format!(r#"{{"id":"a2","items":{{{}}}}}"#, ITEMS.replace(r#""B.2.4":2,"#, "")),
        r#"{"id":"a2","error":{"code":"missing_item","items":["B.2.4"]}}"#,
    );
}

#[test]
fn absent_evidence_means_none() {
    let plain = format!(r#"{SCORED},"final_level":2,"adjustments":[]"#);
    check(&format!(r#"{{"id":"a","items":{{{ITEMS}}}}}"#), &format!(r#"{{"id":"a",{plain}}}"#));
    check(
        &format!(r#"{{"id":7,"items":{{{ITEMS}}},"coma":null,"diagnoses":null,"risk_events_30d":null,"by":"x"}}"#),
        &format!(r#"{{"id":7,{plain}}}"#),
    );
    check(&format!(r#"{{"items":{{{ITEMS}}}}}"#), &format!(r#"{{"id":null,{plain}}}"#));
}

#[test]
fn events_of_all_kinds_are_counted_together() {
    let line = |events: &str| format!(r#"{{"id":"a","items":{{{ITEMS}}},"risk_events_30d":{events}}}"#);
    let raised = format!(r#"{{"id":"a",{SCORED},"final_level":3,"adjustments":["risk_events"]}}"#);
    check(&line(r#"{"fall":1,"choking":1}"#), &raised);
    check(&line(r#"{"other":2.0}"#), &raised);
    check(&line(r#"{"fall":18446744073709551615,"other":1}"#), r#"{"id":"a","error":{"code":"bad_json"}}"#);
    check(&line(r#"{"fall":-2}"#), r#"{"id":"a","error":{"code":"bad_json"}}"#);
    check(&line(r#"{"fall":"two"}"#), r#"{"id":"a","error":{"code":"bad_json"}}"#);
    check(&line("[1,1]"), r#"{"id":"a","error":{"code":"bad_json"}}"#);
}

#[test]
fn scores_that_are_no_option_are_named() {
    let with = |value: &str| {
        format!(r#"{{"id":"a","items":{{{}}}}}"#, ITEMS.replace(r#""B.4.4":1"#, &format!(r#""B.4.4":{value}"#)))
    };
    for value in ["4", "-1", "1.5", r#""1""#, "true", "[1]", "{}", "1e300", "99999999999999999999999"] {
        check(&with(value), r#"{"id":"a","error":{"code":"out_of_range","items":["B.4.4"]}}"#);
    }
    check(&with("1.0"), &format!(r#"{{"id":"a",{SCORED},"final_level":2,"adjustments":[]}}"#));
    check(&with("null"), r#"{"id":"a","error":{"code":"missing_item","items":["B.4.4"]}}"#);
    check(
        &format!(r#"{{"id":"a","items":{{"B.5.1":1,{ITEMS},"A.1":0}}}}"#),
        r#"{"id":"a","error":{"code":"not_an_item","items":["B.5.1","A.1"]}}"#,
    );
}

#[test]
fn coma_does_not_excuse_a_faulty_form() {
    let answer = answer(br#"{"id":"a","items":{},"coma":true}"#);
    assert!(answer.starts_with(r#"{"id":"a","error":{"code":"missing_item","items":["B.1.1","B.1.2","#), "{answer}");
    assert_eq!(answer, self::answer(br#"{"id":"a","coma":true}"#));
}

#[test]
fn unreadable_lines_are_answered_in_place() {
    let input = format!(
        "\u{feff}{{\"id\":\"a\",\"items\":{{{ITEMS}}}}}\r\n\nnot json\n[1]\nnull\n{{\"id\":\"b\",\"items\":5}}\n{{\"id\":\"c\",\"coma\":\"yes\"}}\n{{\"id\":\"d\"}} x\n{{\"id\":{{}}}}"
    );
    let bad = |id: &str| format!(r#"{{"id":{id},"error":{{"code":"bad_json"}}}}"#);
    let lines =
        [bad("null"), bad("null"), bad("null"), bad("null"), bad("\"b\""), bad("\"c\""), bad("null"), bad("null")];
    let expected = format!("{{\"id\":\"a\",{SCORED},\"final_level\":2,\"adjustments\":[]}}\n{}\n", lines.join("\n"));
    assert_eq!(answer(input.as_bytes()), expected);
    assert_eq!(answer(b""), "");
    assert_eq!(answer(b"\xff\xfe{}\n"), format!("{}\n", bad("null")));
}

#[test]
fn a_key_given_twice_is_ambiguous() {
    check(&format!(r#"{{"id":"a","items":{{{ITEMS},"B.1.1":0}}}}"#), r#"{"id":"a","error":{"code":"bad_json"}}"#);
    let twice = format!(r#"{{"id":"a","coma":true,"items":{{{ITEMS}}},"coma":false}}"#);
    check(&twice, r#"{"id":"a","error":{"code":"bad_json"}}"#);
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let endless = std::io::repeat(b'[').take(64 << 20).chain(&b"\n{\"id\":1}\n"[..]);
    let mut output = Vec::new();
    let summary = jsonl(&national_scale(), BufReader::new(endless), &mut output).unwrap();
    assert_eq!((summary.scored, summary.faulty), (0, 2));
    assert!(output.starts_with(br#"{"id":null,"error":{"code":"bad_json"}}"#));
}
