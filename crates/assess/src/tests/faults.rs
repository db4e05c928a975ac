use std::path::Path;

use super::packs;
use crate::{Scale, ScaleFault};

fn faults(text: &str) -> Vec<ScaleFault> {
    Scale::parse(Path::new("broken.toml"), text).expect_err("the scale is broken")
}

fn national_text() -> String {
    std::fs::read_to_string(packs().join("national/scales/gbt-42195-2022.toml")).unwrap()
}

#[test]
fn all_faults_come_at_once_with_their_lines() {
    let text = national_text()
        .replace("from = 66\nto = 89", "from = 67\nto = 89")
        .replace("code = \"B.1.3\"", "code = \"B.1.2\"")
        .replace("icd10 = [\"F00-F99\"]", "icd10 = [\"F99-F00\"]")
        .replace("set_level = 4", "set_level = 7")
        .replace("up_to = 4", "up_to = 9")
        .replace("steps = \"understanding\"", "steps = \"misunderstanding\"")
        .replace("\nmax = 90", "\nmax = 100")
        .replace("at_least = 2", "at_lest = 2");
    let found = faults(&text);
    let all: Vec<String> = found.iter().map(ToString::to_string).collect();
    let all = all.join("\n");
    for part in [
        "level 1 begins at 67",
        "item B.1.2 is there twice",
        "can't be read",
        "no usable effect",
        "raise.up_to = 9",
        "\"misunderstanding\"",
        "max = 100",
        "at_lest",
    ] {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
    let line = text.lines().position(|line| line.contains("at_lest")).unwrap() + 1;
    assert!(found.iter().any(|fault| fault.line == line && fault.message.contains("at_lest")), "{all}");
    assert!(found.iter().all(|fault| fault.line > 0 && !fault.remedy.is_empty()));
    assert!(found.windows(2).all(|pair| pair[0].line <= pair[1].line));
}

#[test]
fn text_that_is_not_toml_is_refused_with_its_line() {
    let found = faults("id = \"x\"\ntitle = = 3\n[[item]\n");
    assert!(found.iter().any(|fault| fault.line == 2), "{found:#?}");
    assert!(!faults("").is_empty());
}

#[test]
fn an_unknown_scale_is_answered_with_the_known_ones() {
    let found = Scale::find(&packs(), "../gbt-42195-2022").unwrap_err();
    assert!(found[0].remedy.contains("gbt-42195-2022"), "{found:#?}");
}
