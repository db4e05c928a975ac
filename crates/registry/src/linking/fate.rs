//! What shall become of a waiting row: from how likely its choices are, what was decided before and what its source
//! may do by itself.

use std::collections::BTreeMap;

use kernel::ListId;

use super::compare::Match;
use super::evidence::Evidence;
use super::newcomer;
use super::rules::{Below, Rules};
use super::store::{Candidate, State};
use super::waiting::Waiting;

/// What shall become of one row.
pub(super) enum Fate {
    Link(Match, Because),
    Ask(Vec<Match>),
    /// It is about nobody in the registry.
    New,
    Wait,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    Likely,
    Decided,
}

/// Whether a row that is about nobody makes someone: its source may, nothing is wrong with it but its number, it says
/// enough, and it was neither someone before nor taken back.
pub(super) fn may_be_new(rules: &Rules, row: &Waiting, known: &[Candidate]) -> bool {
    rules.below(&row.source) == Below::New
        && row.unlinked
        && newcomer::says_enough(row)
        && known.iter().all(|candidate| !matches!(candidate.state, State::Undone | State::Same))
}

/// How many rows of each list may be about the same person.
pub(super) fn claims(rules: &Rules, rows: &[Waiting], found: &[Vec<Match>]) -> BTreeMap<(ListId, i64), usize> {
    let mut claims = BTreeMap::new();
    for (row, choices) in rows.iter().zip(found) {
        let (_, ask) = rules.thresholds(&row.source);
        for choice in choices.iter().filter(|choice| choice.probability >= ask) {
            *claims.entry((row.list, choice.person)).or_default() += 1;
        }
    }
    claims
}

/// What shall become of a row with these choices, of which some are `known` from before; `rival`: another row of the
/// list may be about the person too.
pub(super) fn fate(
    rules: &Rules,
    source: &str,
    mut choices: Vec<Match>,
    known: &[Candidate],
    rival: impl Fn(i64) -> bool,
) -> Fate {
    let (link, ask) = rules.thresholds(source);
    let decided =
        |person: i64| known.iter().find(|candidate| candidate.person == person && candidate.state.is_decided());
    // Of whom a row made it was not compared with them.
    let moved = |now: &Evidence, then: &Evidence| {
        !then.fields.is_empty() && (now.bits() - then.bits()).abs() >= rules.decisions.ask_again_bits
    };
    // Someone said that it is this person, and nothing speaks against it since.
    let same = choices.iter().find(|choice| {
        decided(choice.person).is_some_and(|c| c.state == State::Same && !moved(&choice.evidence, &c.evidence))
    });
    if let Some(same) = same.filter(|same| !rival(same.person)) {
        return Fate::Link(same.clone(), Because::Decided);
    }
    choices.retain(|choice| {
        choice.probability >= ask
            && decided(choice.person).is_none_or(|c| c.state == State::Same || moved(&choice.evidence, &c.evidence))
    });
    choices.truncate(rules.decisions.choices);
    match choices.first() {
        None => Fate::Wait,
        Some(best) => {
            let free = !rival(best.person) && decided(best.person).is_none();
            if free && link.is_some_and(|link| best.probability >= link) {
                Fate::Link(best.clone(), Because::Likely)
            } else {
                Fate::Ask(choices)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linking::evidence::FieldEvidence;

    fn rules() -> Rules {
        let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let pack = policy::load(&packs, "kizilsu-2024").unwrap();
        let catalogue =
            crate::sources::Catalogue::load(&packs.join("national/sources.toml"), &pack.dictionary).unwrap();
        Rules::load(&packs.join("national/linkage.toml"), &catalogue).unwrap()
    }

    fn evidence(bits: f64) -> Evidence {
        Evidence { fields: vec![FieldEvidence { field: "name".into(), level: "same".into(), bits }] }
    }

    fn found(person: i64, probability: f64, bits: f64) -> Match {
        Match { person, probability, evidence: evidence(bits) }
    }

    fn known(person: i64, state: State, bits: f64) -> Candidate {
        Candidate { id: 1, person, state, evidence: evidence(bits) }
    }

    fn said(source: &str, choices: Vec<Match>, known: &[Candidate], rival: bool) -> String {
        match fate(&rules(), source, choices, known, |_| rival) {
            Fate::Link(m, Because::Likely) => format!("link {}", m.person),
            Fate::Link(m, Because::Decided) => format!("as decided {}", m.person),
            Fate::Ask(choices) => format!("ask {:?}", choices.iter().map(|c| c.person).collect::<Vec<_>>()),
            Fate::New | Fate::Wait => "wait".into(),
        }
    }

    #[test]
    fn probability_decides_between_linking_asking_and_waiting() {
        let list = "low_income";
        assert_eq!(said(list, vec![found(1, 0.995, 20.0)], &[], false), "link 1");
        assert_eq!(said(list, vec![found(1, 0.985, 20.0), found(2, 0.01, 9.0)], &[], false), "ask [1]");
        assert_eq!(said(list, vec![found(1, 0.19, 20.0)], &[], false), "wait");
        assert_eq!(said(list, vec![found(1, 0.995, 20.0)], &[], true), "ask [1]", "two rows claim one person");
        assert_eq!(said("deaths", vec![found(1, 0.9999, 30.0)], &[], false), "ask [1]", "nobody dies of a likeness");
    }

    #[test]
    fn a_decided_pair_is_asked_again_only_when_the_evidence_moves() {
        let list = "low_income";
        let near = vec![found(1, 0.6, 12.0), found(2, 0.3, 11.0)];
        assert_eq!(said(list, near.clone(), &[known(1, State::Same, 11.0)], false), "as decided 1");
        assert_eq!(said(list, near.clone(), &[known(1, State::Different, 11.0)], false), "ask [2]");
        assert_eq!(said(list, near.clone(), &[known(1, State::Unsure, 11.0)], false), "ask [2]");
        assert_eq!(said(list, near.clone(), &[known(1, State::Different, 7.0)], false), "ask [1, 2]");
        let likely = vec![found(1, 0.999, 30.0)];
        assert_eq!(
            said(list, likely.clone(), &[known(1, State::Different, 12.0)], false),
            "ask [1]",
            "never over a no"
        );
        assert_eq!(said(list, likely.clone(), &[known(1, State::Undone, 30.0)], false), "wait", "it was taken back");
        assert_eq!(said(list, likely, &[known(1, State::Undone, 20.0)], false), "ask [1]", "the evidence changed");
    }
}
