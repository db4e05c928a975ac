use proptest::prelude::*;

use super::{intact, national_scale, packs};
use crate::{Answer, Form, FormFault, Scale, check_cases};

#[test]
fn every_case_beside_the_scale_comes_out_as_written() {
    let cases = packs().join("national/scales/cases/gbt-42195-2022.toml");
    let count = check_cases(&national_scale(), &cases).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert!(count >= 25);
}

#[test]
fn form_has_26_items_in_four_groups_and_90_points() {
    let scale = national_scale();
    assert_eq!((scale.items.len(), scale.max()), (26, 90));
    let maxima: Vec<i64> = scale.groups.iter().map(|group| group.max).collect();
    assert_eq!(maxima, [32, 15, 28, 15]);
    for item in &scale.items {
        assert_eq!(item.options.last().unwrap().score, 0, "{}", item.code);
        assert!(item.options.iter().all(|o| !o.zh.is_empty() && !o.en.is_empty()), "{}", item.code);
    }
    assert!(scale.item("B.3.9").unwrap().note.is_some());
    assert!(scale.validity.to_confirm);
}

#[test]
fn faults_take_precedence_in_the_written_order() {
    let scale = national_scale();
    let mut form = intact(&scale).flag("coma", true);
    form.answers[0].1 = Answer::Score(5);
    form.answers[3].1 = Answer::NotAScore;
    let out_of_range = FormFault::OutOfRange { items: vec!["B.1.1".into(), "B.1.4".into()] };
    assert_eq!(scale.assess(&form), Err(out_of_range));
    form.answers.retain(|(code, _)| code != "B.2.4" && code != "B.1.3");
    let missing = FormFault::MissingItem { items: vec!["B.1.3".into(), "B.2.4".into()] };
    assert_eq!(scale.assess(&form), Err(missing));
    form = form.score("B.9.9", 1);
    assert_eq!(scale.assess(&form), Err(FormFault::NotAnItem { items: vec!["B.9.9".into()] }));
}

/// Any form without a fault.
fn any_form(scale: &Scale) -> impl Strategy<Value = Form> + use<> {
    let items: Vec<(String, i64)> = scale.items.iter().map(|item| (item.code.clone(), item.max)).collect();
    let scores: Vec<_> = items.iter().map(|(_, max)| 0..=*max).collect();
    (scores, any::<bool>(), prop::option::of("[E-G][0-9]{2}(\\.[0-9])?"), 0..5_u64).prop_map(
        move |(scores, coma, diagnosis, events)| {
            let form = items.iter().zip(scores).fold(Form::default(), |form, ((code, _), s)| form.score(code, s));
            let form = form.flag("coma", coma).events("risk_events_30d", events);
            diagnosis.iter().fold(form, |form, code| form.diagnosis("diagnoses", code))
        },
    )
}

proptest! {
    #[test]
    fn total_is_the_sum_of_subtotals_and_level_never_falls_below_the_preliminary_one(form in any_form(&national_scale())) {
        let scale = national_scale();
        let got = scale.assess(&form).unwrap();
        prop_assert_eq!(got.total, got.subtotals.iter().map(|(_, points)| points).sum::<i64>());
        let expected = if form.flags["coma"] {
            4
        } else {
            (got.preliminary_level + i64::from(!got.adjustments.is_empty())).min(4)
        };
        prop_assert_eq!(got.final_level, expected);
    }

    #[test]
    fn losing_a_point_never_makes_anyone_abler(form in any_form(&national_scale()), at in 0..26_usize) {
        let scale = national_scale();
        let before = scale.assess(&form).unwrap();
        let mut worse = form.clone();
        if let Answer::Score(score @ 1..) = form.answers[at].1 {
            worse.answers[at].1 = Answer::Score(score - 1);
        }
        let after = scale.assess(&worse).unwrap();
        prop_assert!(after.preliminary_level >= before.preliminary_level && after.final_level >= before.final_level);
    }
}
