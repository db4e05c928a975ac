//! Where a clause stands in a text: chapter `二、`, section `（一）`, item `5.`, as official documents number (GB/T 9704).

use std::ops::Range;

/// The lines of a place, counted from 0, end excluded.
pub type Place = Range<usize>;

/// What stands before the first chapter: the heading, and the paragraph that introduces the plan.
const HEADING: &str = "抬头";
const INTRODUCTION: &str = "引言";
const NUMERALS: &str = "一二三四五六七八九十百〇零";

/// One step of an anchor or of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Chapter(String),
    Section(String),
    Item(u32),
}

impl Step {
    const fn depth(&self) -> u8 {
        match self {
            Self::Chapter(_) => 0,
            Self::Section(_) => 1,
            Self::Item(_) => 2,
        }
    }
}

/// The lines where `anchor` (such as `二（二）5`, `抬头`, `引言`) stands; none when the text has no such heading.
#[must_use]
pub fn find(text: &str, anchor: &str) -> Option<Place> {
    let headings: Vec<(usize, Step)> =
        text.lines().enumerate().filter_map(|(at, line)| heading(line).map(|step| (at, step))).collect();
    let first = headings.iter().find(|(_, step)| step.depth() == 0).map(|(at, _)| *at)?;
    match anchor {
        HEADING => return (first > 1).then(|| 0..first - 1),
        INTRODUCTION => return (first > 0).then(|| first - 1..first),
        _ => {}
    }
    let steps = steps(anchor)?;
    let mut within = 0..headings.len();
    let mut found = None;
    for step in &steps {
        let at = within.clone().find(|at| headings[*at].1 == *step)?;
        let end = (at + 1..within.end).find(|next| headings[*next].1.depth() <= step.depth()).unwrap_or(within.end);
        found = Some((at, end));
        within = at + 1..end;
    }
    let (at, end) = found?;
    let last = headings.get(end).map_or_else(|| text.lines().count(), |(line, _)| *line);
    Some(headings[at].0..last)
}

fn steps(anchor: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = anchor.trim();
    while !rest.is_empty() {
        let (step, after) = if let Some(inner) = rest.strip_prefix(['（', '(']) {
            let (number, after) = inner.split_once(['）', ')'])?;
            (Step::Section(number.to_owned()), after)
        } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let (number, after) = split_while(rest, |c| c.is_ascii_digit());
            (Step::Item(number.parse().ok()?), after)
        } else {
            let (number, after) = split_while(rest, |c| NUMERALS.contains(c));
            if number.is_empty() {
                return None;
            }
            (Step::Chapter(number.to_owned()), after)
        };
        steps.push(step);
        rest = after;
    }
    (!steps.is_empty()).then_some(steps)
}

/// What a line's beginning numbers.
fn heading(line: &str) -> Option<Step> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
    if let Some(inner) = line.strip_prefix(['（', '(']) {
        let (number, _) = inner.split_once(['）', ')'])?;
        return is_numeral(number).then(|| Step::Section(number.to_owned()));
    }
    let (digits, rest) = split_while(line, |c| c.is_ascii_digit());
    if !digits.is_empty() {
        let after = rest.strip_prefix(['.', '．', '、'])?;
        let is_item = !after.starts_with(|c: char| c.is_ascii_digit());
        return if is_item { digits.parse().ok().map(Step::Item) } else { None };
    }
    let (number, rest) = split_while(line, |c| NUMERALS.contains(c));
    (is_numeral(number) && rest.starts_with('、')).then(|| Step::Chapter(number.to_owned()))
}

fn is_numeral(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| NUMERALS.contains(c))
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "某州方案\n索引号 K1\n为推进服务，制定本方案。\n一、总体要求\n到 2025 年健全。\n二、重点工作\n(一)完善清单\n\
                        1.确定对象。甲。\n2．动态调整。乙。\n（二）主动响应\n3、评估。丙。\n2024.5 不是条目\n三、保障\n(一)组织领导。丁。\n(二)经费。戊。";

    fn shown(anchor: &str) -> Option<String> {
        let place = find(PLAN, anchor)?;
        Some(PLAN.lines().collect::<Vec<_>>()[place].join("|"))
    }

    #[test]
    fn chapters_sections_and_items_are_found_where_they_stand() {
        let cases = [
            ("抬头", "某州方案|索引号 K1"),
            ("引言", "为推进服务，制定本方案。"),
            ("一", "一、总体要求|到 2025 年健全。"),
            ("二（一）2", "2．动态调整。乙。"),
            ("二（二）3", "3、评估。丙。|2024.5 不是条目"),
            ("三（一）", "(一)组织领导。丁。"),
            ("三（二）", "(二)经费。戊。"),
        ];
        for (anchor, expected) in cases {
            assert_eq!(shown(anchor).as_deref(), Some(expected), "{anchor}");
        }
    }

    #[test]
    fn what_does_not_stand_there_is_not_guessed() {
        for anchor in ["四", "二（三）", "二（一）3", "第八页", "", "（"] {
            assert_eq!(find(PLAN, anchor), None, "{anchor}");
        }
        assert_eq!(find("没有编号的文字", "一"), None);
    }
}
