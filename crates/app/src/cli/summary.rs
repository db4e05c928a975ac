//! A night's summary as a county officer reads it.

use std::io::{Write, stdout};
use std::time::Duration;

use anyhow::Result;
use cycle::{IndicatorLine, RuleCount, Summary};
use kernel::Lang;

use super::say;

/// Prints lists, rules, work and indicators, each with the number that matters first.
pub fn print(found: &Summary, lang: Lang, took: Duration) -> Result<()> {
    let mut lines = head(found, lang, took);
    lines.push(String::new());
    lines.push(format!(
        "{:>8} {:>8} {:>8} {:>7} {:>7}  {}",
        say(lang, "符合", "met"),
        say(lang, "缺资料", "unknown"),
        say(lang, "未享", "unserved"),
        say(lang, "新增", "gained"),
        say(lang, "减少", "lost"),
        say(lang, "规则", "rule"),
    ));
    lines.extend(found.rules.iter().map(|rule| rule_line(rule, lang)));
    lines.push(String::new());
    lines.extend(work(found, lang));
    lines.push(String::new());
    lines.extend(found.indicators.iter().map(|line| indicator(line, lang)));
    lines.push(String::new());
    let mut out = stdout().lock();
    out.write_all(lines.join("\n").as_bytes())?;
    Ok(writeln!(out)?)
}

fn head(found: &Summary, lang: Lang, took: Duration) -> Vec<String> {
    let date = found.as_of.map(|d| d.to_string()).unwrap_or_default();
    let title = say(lang, "夜间计算", "Night of");
    let l = &found.lists;
    let lists = match lang {
        Lang::Zh => format!(
            "名单  收到 {} 份，{} 行：{} 行已用，{} 行有错（留着等改正），{} 行没对上人；以前收过 {}，等人定 {}，读不了 {}",
            l.received, l.rows, l.good, l.faulty, l.unlinked, l.known_before, l.held, l.refused
        ),
        Lang::En => format!(
            "Lists  {} received, {} rows: {} taken, {} faulty (kept for correction), {} not linked; \
             {} known before, {} held, {} refused",
            l.received, l.rows, l.good, l.faulty, l.unlinked, l.known_before, l.held, l.refused
        ),
    };
    let named = files(found, lang);
    let people = match lang {
        Lang::Zh => format!("人    方案范围内 {} 人，连同亲属共 {} 人", found.people.in_scope, found.people.all),
        Lang::En => format!("People {} in the plan's scope, {} with kin", found.people.in_scope, found.people.all),
    };
    let k = &found.links;
    let links = match lang {
        Lang::Zh => format!(
            "关联  比对 {} 行：{} 行对上人，{} 行登记为还没有证件号的人，{} 行等人核对；还有 {} 行在等；{} 人的证件号来了",
            k.compared, k.linked, k.new, k.open, k.waiting, k.merged
        ),
        Lang::En => format!(
            "Links  {} rows compared: {} linked, {} made people without a number; {} rows to be reviewed, \
             {} waiting in all; the numbers of {} people came",
            k.compared, k.linked, k.new, k.open, k.waiting, k.merged
        ),
    };
    let in_database = found.in_database.as_ref().map(|d| match lang {
        Lang::Zh => format!("      {} 条规则、{} 个人在数据库里算出，与本程序逐人一致", d.rules, d.people),
        Lang::En => {
            format!("      {} rules for {} people answered in the database, each as by the engine", d.rules, d.people)
        }
    });
    let conflicts: u64 = found.conflicts.values().sum();
    let mut lines = vec![
        String::new(),
        format!("{title} {date}  {} {}  {:.1} s", found.pack, found.pack_version, took.as_secs_f64()),
        lists,
    ];
    lines.extend(named);
    lines.extend([links, people]);
    lines.extend(in_database);
    lines
        .extend([format!("{} {conflicts}", say(lang, "部门说法不一致的事实", "Facts on which departments disagree:"))]);
    lines
}

/// The files an officer has to do something about, by name.
fn files(found: &Summary, lang: Lang) -> Vec<String> {
    let l = &found.lists;
    let kinds = [
        (&l.held_files, "等人定", "held, to be decided"),
        (&l.refused_files, "读不了", "refused"),
        (&l.early_files, "日期在今晚之后，留到那天", "dated after the night, left for their day"),
        (
            &l.left_files,
            "已收，但收件夹里删不掉，请手工移走",
            "taken, but may not be removed from the inbox; move them away",
        ),
    ];
    let kinds = kinds.into_iter().filter(|(files, ..)| !files.is_empty());
    kinds.map(|(files, zh, en)| format!("      {}: {}", say(lang, zh, en), files.join("  "))).collect()
}

fn rule_line(rule: &RuleCount, lang: Lang) -> String {
    let shown = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let (unserved, gained, lost) = (shown(rule.unserved), shown(rule.gained), shown(rule.lost));
    let label = rule.label.get(lang);
    format!("{:>8} {:>8} {unserved:>8} {gained:>7} {lost:>7}  {label}", rule.met, rule.unknown)
}

fn work(found: &Summary, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = found
        .work
        .iter()
        .map(|count| {
            let name = match count.kind.as_str() {
                "unserved" => say(lang, "应享未享", "entitled, not served"),
                "stop" => say(lang, "该停的", "to be stopped"),
                "ask" => say(lang, "要补的资料", "facts to ask for"),
                "visit" => say(lang, "该走访的", "visits due"),
                _ => say(lang, "评估快到期的", "assessments that lapse"),
            };
            let late = match lang {
                Lang::Zh => format!("，其中超期 {}", count.overdue),
                Lang::En => format!(", {} overdue", count.overdue),
            };
            format!("{:>8}  {name}{}", count.open, if count.overdue > 0 { late } else { String::new() })
        })
        .collect();
    let c = found.work_change;
    let words = say(lang, "比上一晚：新增 / 变动 / 了结", "against the night before: new / moved / closed");
    lines.push(format!("{:>8}  {words}  {} / {} / {}", "", c.opened, c.moved, c.closed));
    lines
}

fn indicator(line: &IndicatorLine, lang: Lang) -> String {
    let unit = if line.unit == "percent" { "%" } else { "" };
    let value = line.value.map_or_else(|| "-".to_owned(), |x| format!("{}{unit}", (x * 100.0).round() / 100.0));
    let target = match (&line.op, line.target) {
        (Some(op), Some(target)) => format!("{op} {target}{unit}"),
        (Some(op), None) => op.clone(),
        _ => String::new(),
    };
    let since = line.since.map(|d| format!("  {} {d}", say(lang, "自", "since"))).unwrap_or_default();
    let state = state(lang, &line.state);
    format!("{:<6} {value:>10} {target:<10} {state:<8} {}{since}", line.id, line.label.get(lang))
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
