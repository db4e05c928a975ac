//! Whether a scale's tables fit together: codes, maxima, bands without gap or overlap, adjustments.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::icd10::Icd10Range;
use crate::load::{AdjustmentRow, Draft, Faults, Head, ItemRow};
use crate::scale::{Adjustment, AnswerOption, Effect, Evidence, Group, Item, Level, Scale};

/// The finished scale, or none when the head is unreadable; faults say what else is wrong.
pub(crate) fn scale(draft: Draft, faults: &mut Faults<'_>) -> Option<Scale> {
    let mut steps: BTreeMap<String, Vec<AnswerOption>> = BTreeMap::new();
    for row in draft.steps {
        let (span, row) = (row.span(), row.into_inner());
        if steps.insert(row.id.clone(), row.options).is_some() {
            faults.at(span, format!("steps {:?} are there twice", row.id), "give each list of steps its own id");
        }
    }
    unique(&draft.groups, |group| &group.code, "group", faults);
    unique(&draft.items, |item| &item.code, "item", faults);
    unique(&draft.adjustments, |adjustment| &adjustment.code, "adjustment", faults);
    let group_codes: BTreeSet<&str> = draft.groups.iter().map(|g| g.as_ref().code.as_str()).collect();
    let mut items = Vec::new();
    for row in &draft.items {
        if !group_codes.contains(row.as_ref().group.as_str()) {
            let message =
                format!("item {} names the group {:?}, which is not here", row.as_ref().code, row.as_ref().group);
            faults.at(row.span(), message, "add a [[group]] of that code or name one that is here");
        }
        items.extend(item(row, &steps, faults));
    }
    check_groups(&draft.groups, &items, faults);
    let levels = check_levels(&draft.levels, items.iter().map(|item| item.max).sum(), faults);
    let adjustments: Vec<Adjustment> =
        draft.adjustments.iter().filter_map(|row| adjustment(row, &draft.levels, faults)).collect();
    let head = draft.head?;
    check_head(&head, &items, &draft.levels, faults);
    Some(Scale {
        in_force_from: faults.date(&head.in_force_from)?,
        id: head.id.into_inner(),
        title: head.title,
        standard: head.standard,
        source: head.source,
        validity: head.validity,
        groups: draft.groups.into_iter().map(Spanned::into_inner).collect(),
        items,
        levels,
        adjustments,
        raise: head.raise.into_inner(),
    })
}

fn unique<T>(rows: &[Spanned<T>], code: impl Fn(&T) -> &String, what: &str, faults: &mut Faults<'_>) {
    let mut seen = BTreeSet::new();
    for row in rows {
        if !seen.insert(code(row.as_ref())) {
            let message = format!("{what} {} is there twice", code(row.as_ref()));
            faults.at(row.span(), message, "remove one or correct its code");
        }
    }
}

fn item(row: &Spanned<ItemRow>, steps: &BTreeMap<String, Vec<AnswerOption>>, faults: &mut Faults<'_>) -> Option<Item> {
    let (span, row) = (row.span(), row.as_ref());
    let options = match (&row.steps, &row.options) {
        (None, Some(options)) => options.clone(),
        (Some(id), None) => match steps.get(id) {
            Some(options) => options.clone(),
            None => {
                faults.at(span, format!("item {} names steps {id:?}, which are not here", row.code), "add a [[steps]]");
                return None;
            }
        },
        _ => {
            let message = format!("item {} has neither or both of steps and options", row.code);
            faults.at(span, message, "give one of the two");
            return None;
        }
    };
    if options.windows(2).any(|pair| pair[0].score <= pair[1].score) || options.iter().any(|o| o.score < 0) {
        let message = format!("the scores of item {} do not fall from the highest to 0", row.code);
        faults.at(span.clone(), message, "list the options highest score first, each score once");
    }
    if options.first().is_none_or(|highest| highest.score != row.max) {
        let message = format!("item {} says max = {}, its highest option another score", row.code, row.max);
        faults.at(span, message, "correct max or the options");
    }
    let (code, group, label) = (row.code.clone(), row.group.clone(), row.label.clone());
    Some(Item { code, group, label, max: row.max, options, note: row.note.clone() })
}

fn check_groups(groups: &[Spanned<Group>], items: &[Item], faults: &mut Faults<'_>) {
    for group in groups {
        let sum: i64 = items.iter().filter(|item| item.group == group.as_ref().code).map(|item| item.max).sum();
        if sum != group.as_ref().max {
            let message =
                format!("group {} says max = {}, its items add up to {sum}", group.as_ref().code, group.as_ref().max);
            faults.at(group.span(), message, "correct max or the items");
        }
    }
}

fn check_levels(rows: &[Spanned<Level>], max: i64, faults: &mut Faults<'_>) -> Vec<Level> {
    let mut sorted: Vec<&Spanned<Level>> = rows.iter().collect();
    sorted.sort_by_key(|band| band.as_ref().from);
    let mut next = 0;
    for band in &sorted {
        let level = band.as_ref();
        if level.from > level.to {
            faults.at(band.span(), format!("level {} ends before it begins", level.level), "exchange from and to");
        } else if level.from != next {
            let message =
                format!("level {} begins at {}, the bands below end at {}", level.level, level.from, next - 1);
            faults.at(band.span(), message, "let the bands cover every total exactly once");
        }
        next = level.to + 1;
    }
    if next != max + 1 {
        let span = sorted.last().map(|band| band.span()).unwrap_or_default();
        let message = format!("the bands end at {}, the highest total is {max}", next - 1);
        faults.at(span, message, "let the bands cover every total exactly once");
    }
    let mut seen = BTreeSet::new();
    for row in rows {
        if !seen.insert(row.as_ref().level) {
            let message = format!("level {} is there twice", row.as_ref().level);
            faults.at(row.span(), message, "remove one or correct its number");
        }
    }
    rows.iter().map(|row| row.as_ref().clone()).collect()
}

fn adjustment(row: &Spanned<AdjustmentRow>, levels: &[Spanned<Level>], faults: &mut Faults<'_>) -> Option<Adjustment> {
    let (span, row) = (row.span(), row.as_ref());
    let code = &row.code;
    let effect = match (row.set_level, row.raise) {
        (Some(level), None) if levels.iter().any(|band| band.as_ref().level == level) => Some(Effect::SetLevel(level)),
        (None, Some(steps)) if steps > 0 => Some(Effect::Raise(steps)),
        _ => {
            let message = format!("adjustment {code} has no usable effect");
            faults.at(span.clone(), message, "give set_level (a level of this scale) or raise (1 or more)");
            None
        }
    };
    let evidence = match (&row.flag, &row.diagnoses, &row.events) {
        (Some(field), None, None) => Some(Evidence::Flag { field: field.clone() }),
        (None, Some(diagnoses), None) => {
            let ranges: Vec<Icd10Range> = diagnoses.icd10.iter().filter_map(|text| text.parse().ok()).collect();
            if ranges.is_empty() || ranges.len() < diagnoses.icd10.len() {
                let message = format!("adjustment {code} has a range of diagnoses that can't be read");
                faults.at(span, message, "write ranges of ICD-10 categories as F00-F99");
            }
            Some(Evidence::Diagnosis { field: diagnoses.field.clone(), ranges })
        }
        (None, None, Some(events)) if events.at_least > 0 => {
            Some(Evidence::Events { field: events.field.clone(), at_least: events.at_least })
        }
        _ => {
            let message = format!("adjustment {code} has no usable evidence");
            faults.at(span, message, "give one of flag, diagnoses and events (with at_least 1 or more)");
            None
        }
    };
    Some(Adjustment { code: code.clone(), label: row.label.clone(), evidence: evidence?, effect: effect? })
}

fn check_head(head: &Head, items: &[Item], levels: &[Spanned<Level>], faults: &mut Faults<'_>) {
    let sum: i64 = items.iter().map(|item| item.max).sum();
    if sum != *head.max.as_ref() {
        let message = format!("the scale says max = {}, its items add up to {sum}", head.max.as_ref());
        faults.at(head.max.span(), message, "correct max or the items");
    }
    let raise = head.raise.as_ref();
    if raise.in_all < 0 || !levels.iter().any(|band| band.as_ref().level == raise.up_to) {
        let message = format!("raise.up_to = {} is no level of this scale, or in_all is negative", raise.up_to);
        faults.at(head.raise.span(), message, "name the highest level that a raise may reach");
    }
}
