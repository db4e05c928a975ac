//! A night's summary as a county officer reads it.

use std::time::Duration;

use cycle::Summary;
use kernel::Lang;

use super::say;

/// Prints lists, rules, work and indicators, each with the number that matters first.
pub fn print(found: &Summary, lang: Lang, took: Duration) {
    let date = found.as_of.map(|d| d.to_string()).unwrap_or_default();
    println!();
    println!(
        "{} {date}  {} {}  {:.1} s",
        say(lang, "夜间计算", "Night of"),
        found.pack,
        found.pack_version,
        took.as_secs_f64()
    );
    lists(found, lang);
    println!(
        "{}  {} {}  {} {}",
        say(lang, "人", "People"),
        found.people.in_scope,
        say(lang, "在方案范围内，连同亲属", "in the plan's scope, with kin"),
        found.people.all,
        say(lang, "人", "in all"),
    );
    rules(found, lang);
    work(found, lang);
    indicators(found, lang);
}

fn lists(found: &Summary, lang: Lang) {
    let l = &found.lists;
    match lang {
        Lang::Zh => println!(
            "名单  收到 {} 份，{} 行：{} 行已用，{} 行有错（留着等改正），{} 行没对上人；以前收过 {}，等人定 {}，读不了 {}",
            l.received, l.rows, l.good, l.faulty, l.unlinked, l.known_before, l.held, l.refused
        ),
        Lang::En => println!(
            "Lists  {} received, {} rows: {} taken, {} faulty (kept for correction), {} not linked; {} known before, {} held, {} refused",
            l.received, l.rows, l.good, l.faulty, l.unlinked, l.known_before, l.held, l.refused
        ),
    }
    let conflicts: u64 = found.conflicts.values().sum();
    println!("{}  {conflicts}", say(lang, "部门说法不一致", "Facts on which departments disagree"));
}

fn rules(found: &Summary, lang: Lang) {
    println!();
    println!(
        "{:>8} {:>8} {:>8} {:>7} {:>7}  {}",
        say(lang, "符合", "met"),
        say(lang, "缺资料", "unknown"),
        say(lang, "未享", "unserved"),
        say(lang, "新增", "gained"),
        say(lang, "减少", "lost"),
        say(lang, "规则", "rule"),
    );
    let shown = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    for rule in &found.rules {
        println!(
            "{:>8} {:>8} {:>8} {:>7} {:>7}  {}",
            rule.met,
            rule.unknown,
            shown(rule.unserved),
            shown(rule.gained),
            shown(rule.lost),
            rule.label.get(lang),
        );
    }
}

fn work(found: &Summary, lang: Lang) {
    println!();
    for count in &found.work {
        let name = match count.kind.as_str() {
            "unserved" => say(lang, "应享未享", "entitled, not served"),
            "stop" => say(lang, "该停的", "to be stopped"),
            "ask" => say(lang, "要补的资料", "facts to ask for"),
            "visit" => say(lang, "该走访的", "visits due"),
            _ => say(lang, "评估快到期的", "assessments that lapse"),
        };
        let late = say(lang, "已超期", "overdue");
        println!("{:>8}  {name}（{late} {}）", count.open, count.overdue);
    }
    let c = found.work_change;
    let words = say(lang, "比上一晚：新增 / 变动 / 了结", "against the night before: new / moved / closed");
    println!("{:>8}  {words}  {} / {} / {}", "", c.opened, c.moved, c.closed);
}

fn indicators(found: &Summary, lang: Lang) {
    println!();
    for line in &found.indicators {
        let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| format!("{}", (x * 100.0).round() / 100.0));
        let unit = if line.unit == "percent" { "%" } else { "" };
        let target = match (&line.op, line.target) {
            (Some(op), Some(target)) => format!("{op} {target}{unit}"),
            (Some(op), None) => op.clone(),
            _ => String::new(),
        };
        let since = line.since.map(|d| format!(" {d}")).unwrap_or_default();
        println!(
            "{:<6} {:>9}{unit:<1} {:<12} {:<10} {}{}",
            line.id,
            number(line.value),
            target,
            state(lang, &line.state),
            line.label.get(lang),
            if since.is_empty() { String::new() } else { format!("（{}{since}）", say(lang, "自", "since")) },
        );
    }
    println!();
}

fn state(lang: Lang, state: &str) -> &'static str {
    match state {
        "met" => say(lang, "达标", "met"),
        "on_track" => say(lang, "在轨", "on track"),
        "behind" => say(lang, "落后", "behind"),
        "due_soon" => say(lang, "快到期", "due soon"),
        "overdue" => say(lang, "已逾期", "overdue"),
        "no_base" => say(lang, "没有基期", "no base"),
        "no_data" => say(lang, "没有数据", "no data"),
        _ => say(lang, "没有目标", "no target"),
    }
}
