//! Every element of a pack as a list of named texts, the common ground of `show` and `diff`.

use kernel::{Bilingual, Fen, Lang};
use serde::Serialize;

use crate::model::{
    Clause, Count, Deadline, Denominator, Detail, Fact, Indicator, Measure, Pack, Parameter, Part, Queue, Rule,
    TargetValue,
};
use crate::value::Value;

/// One element: a group, a parameter, a clause, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    /// `pack`, `group`, `benefit`, `visit`, `standard`, `queue`, `indicator`, `parameter`, `clause`, `population`.
    pub kind: &'static str,
    pub id: String,
    pub label: Bilingual,
    pub fields: Vec<Field>,
}

/// One thing said about an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Names the field among those of the element: `part alive`.
    pub key: String,
    pub name: Bilingual,
    pub text: Bilingual,
}

/// The elements of a pack in the order of its files.
#[must_use]
pub fn elements(pack: &Pack) -> Vec<Element> {
    let mut all = vec![whole(pack), population(pack)];
    all.extend(pack.rules.iter().map(rule));
    all.extend(pack.queues.iter().map(queue));
    all.extend(pack.indicators.iter().map(indicator));
    all.extend(pack.parameters.iter().map(parameter));
    all.extend(pack.clauses.iter().map(clause));
    all
}

/// Chinese and English name of a kind of element.
#[must_use]
pub fn kind_name(kind: &str) -> Bilingual {
    let (zh, en) = match kind {
        "pack" => ("政策包", "Pack"),
        "group" => ("人群", "Group"),
        "benefit" => ("待遇", "Benefit"),
        "visit" => ("探访", "Visit"),
        "reminder" => ("提醒", "Reminder"),
        "standard" => ("标准", "Standard"),
        "queue" => ("排序", "Queue"),
        "indicator" => ("指标", "Indicator"),
        "parameter" => ("参数", "Parameter"),
        "clause" => ("条款", "Clause"),
        "population" => ("范围", "Population"),
        other => (other, other),
    };
    words(zh, en)
}

fn words(zh: &str, en: &str) -> Bilingual {
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

fn same(text: impl Into<String>) -> Bilingual {
    let text = text.into();
    Bilingual { zh: text.clone(), en: text }
}

fn field(key: &str, name: (&str, &str), text: Bilingual) -> Field {
    Field { key: key.to_owned(), name: words(name.0, name.1), text }
}

/// Title, dates and document.
fn whole(pack: &Pack) -> Element {
    let until = pack.in_force_until.map(|day| format!(" {day}")).unwrap_or_default();
    let places: Vec<_> = pack.roots.iter().map(|root| format!("{} {root}", pack.divisions.name(*root))).collect();
    let mut fields = vec![
        field("version", ("版本", "version"), same(&pack.version)),
        field("in_force", ("施行", "in force"), same(format!("{} –{until}", pack.in_force_from))),
        field("divisions", ("范围", "divisions"), same(places.join(", "))),
        field("builds_on", ("建立在", "builds on"), listed(&pack.builds_on)),
    ];
    if let Some(why) = &pack.stand_in {
        fields.push(field("divisions_stand_in", ("范围待定", "divisions stand in"), why.clone()));
    }
    if let Some(document) = &pack.document {
        fields.push(field("publisher", ("发布", "published by"), document.publisher.clone()));
        fields.push(field("index", ("索引号", "index"), same(&document.index)));
        let number = if document.number.is_empty() { words("空着", "blank") } else { same(&document.number) };
        fields.push(field("number", ("文号", "number"), number));
        let published = document.published.map_or(words("没有写", "not stated"), |day| same(day.to_string()));
        fields.push(field("published", ("发布日期", "published on"), published));
        if document.draft {
            fields.push(field("draft", ("性质", "standing"), words("征求意见稿", "draft for comments")));
        }
        if let Some(asked) = &document.consultation {
            let channels = |lang| asked.channels.iter().map(|way| way.get(lang)).collect::<Vec<_>>();
            let days = format!("{} – {}", asked.from, asked.until);
            let (zh, en) = (channels(Lang::Zh).join("；"), channels(Lang::En).join("; "));
            let text = words(&format!("{days}；{zh}"), &format!("{days}; {en}"));
            fields.push(field("consultation", ("征求意见", "consultation"), text));
            fields.extend(asked.note.iter().map(|note| field("consultation_note", ("说明", "note"), note.clone())));
        }
    }
    Element { kind: "pack", id: pack.id.clone(), label: pack.title.clone(), fields }
}

fn population(pack: &Pack) -> Element {
    Element {
        kind: "population",
        id: "population".into(),
        label: words("适用人口", "Whom the rules speak of"),
        fields: pack.population.iter().flat_map(part).collect(),
    }
}

fn part(part: &Part) -> Vec<Field> {
    let key = format!("part {}", part.id);
    let name = Bilingual { zh: format!("条件 {}", part.id), en: format!("part {}", part.id) };
    let sql = same(part.when.text.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut fields = vec![
        Field { key: key.clone(), name: name.clone(), text: part.label.clone() },
        Field {
            key: format!("{key} when"),
            name: Bilingual { zh: format!("{} 的写法", name.zh), en: format!("{} when", name.en) },
            text: sql,
        },
    ];
    if let Some(why) = &part.hides_unknown {
        fields.push(Field {
            key: format!("{key} hides_unknown"),
            name: Bilingual {
                zh: format!("{} 不知道时算否，因为", name.zh),
                en: format!("{} hides unknown because", name.en),
            },
            text: why.clone(),
        });
    }
    fields
}

fn listed(ids: &[String]) -> Bilingual {
    same(ids.join(", "))
}

fn joined(labels: &[Bilingual]) -> Bilingual {
    let pick = |get: fn(&Bilingual) -> &str, sep: &str| labels.iter().map(get).collect::<Vec<_>>().join(sep);
    Bilingual { zh: pick(|l| &l.zh, "、"), en: pick(|l| &l.en, "; ") }
}

fn rule(rule: &Rule) -> Element {
    let mut fields = Vec::new();
    if !rule.summary.zh.is_empty() {
        fields.push(field("summary", ("说明", "summary"), rule.summary.clone()));
    }
    fields.push(field("clauses", ("依据条款", "clauses"), listed(&rule.clauses)));
    if rule.entity != "person" {
        fields.push(field("entity", ("对象", "about"), same(&rule.entity)));
    }
    match &rule.detail {
        Detail::Group => {}
        Detail::Benefit(benefit) => {
            fields.push(field("kind", ("种类", "kind"), same(&benefit.kind)));
            let texts = [
                ("amount", ("金额（分）", "amount in fen"), &benefit.amount),
                ("served", ("已享受", "already served"), &benefit.served),
                ("stop_from", ("停发起", "stops from"), &benefit.stop_from),
            ];
            for (key, name, sql) in texts {
                fields.extend(sql.as_ref().map(|sql| field(key, name, same(&sql.text))));
            }
            fields.extend(benefit.per.as_ref().map(|per| field("per", ("周期", "per"), same(per))));
            if !benefit.opens.is_empty() {
                let labels: Vec<_> = benefit.opens.iter().map(|paper| paper.label.clone()).collect();
                fields.push(field("opens", ("要带的材料", "documents to bring"), joined(&labels)));
            }
            fields.extend(benefit.apply_to.clone().map(|to| field("apply_to", ("去哪里办", "apply to"), to)));
            fields
                .extend(benefit.due_days.as_ref().map(|d| field("due_days", ("办理时限（天）", "due days"), count(d))));
            if let Some(process) = &benefit.process {
                fields.push(field("decided_by", ("谁来定", "decided by"), process.decided_by.clone()));
                fields
                    .extend(process.records.as_ref().map(|f| field("records", ("审定后记为", "recorded as"), same(f))));
                fields.extend(process.appeal.clone().map(|a| field("appeal", ("不服怎么办", "appeal"), a)));
                for step in &process.steps {
                    let days = step
                        .working_days
                        .as_ref()
                        .map_or_else(|| Bilingual { zh: "待确认".into(), en: "to be confirmed".into() }, count);
                    fields.push(field(
                        &format!("step {}", step.id),
                        ("步骤时限（工作日）", "working days of a step"),
                        Bilingual { zh: format!("{} {}", step.id, days.zh), en: format!("{} {}", step.id, days.en) },
                    ));
                }
            }
        }
        Detail::Visit(visit) => {
            fields.push(field("kinds", ("方式", "kinds"), same(visit.kinds.join(", "))));
            fields.push(field("every", ("周期", "every"), same(&visit.every)));
            fields.push(field("times", ("次数", "times"), count(&visit.times)));
        }
        Detail::Reminder(reminder) => fields.push(field("due", ("最迟", "due by"), same(&reminder.due.text))),
        Detail::Standard(standard) => {
            fields.extend(standard.applies.as_ref().map(|s| field("applies", ("适用于", "applies to"), same(&s.text))));
        }
    }
    fields.extend(rule.parts.iter().flat_map(part));
    Element { kind: rule.kind(), id: rule.id.clone(), label: rule.label.clone(), fields }
}

fn count(count: &Count) -> Bilingual {
    same(match count {
        Count::Number(number) => number.to_string(),
        Count::Parameter(id, _) => format!("param({id})"),
    })
}

fn queue(queue: &Queue) -> Element {
    let mut fields = vec![field("clauses", ("依据条款", "clauses"), listed(&queue.clauses))];
    fields.extend(queue.of.as_ref().map(|of| field("of", ("排的是", "orders"), same(of))));
    for rank in &queue.order {
        let key = format!("rank {}", rank.rank);
        let label = Bilingual {
            zh: format!("{}：{}", rank.label.zh, rank.when.text),
            en: format!("{}: {}", rank.label.en, rank.when.text),
        };
        fields.push(Field {
            key,
            name: words(&format!("第 {} 位", rank.rank), &format!("rank {}", rank.rank)),
            text: label,
        });
    }
    Element { kind: "queue", id: queue.id.clone(), label: queue.label.clone(), fields }
}

fn indicator(indicator: &Indicator) -> Element {
    let mut fields = vec![
        field("clauses", ("依据条款", "clauses"), listed(&indicator.clauses)),
        field("entity", ("对象", "about"), same(&indicator.entity)),
    ];
    fields.extend(indicator.filter.as_ref().map(|sql| field("where", ("范围", "where"), same(&sql.text))));
    let (Measure::Count(sql) | Measure::Sum(sql)) = &indicator.numerator;
    fields.push(field("numerator", ("分子", "numerator"), same(&sql.text)));
    let denominator = match &indicator.denominator {
        Denominator::Rows => words("范围内全部", "all in where"),
        Denominator::Sum(sql) => same(&sql.text),
        Denominator::None => words("无", "none"),
    };
    fields.push(field("denominator", ("分母", "denominator"), denominator));
    if let Some(target) = &indicator.target {
        let value = match &target.value {
            Some(TargetValue::Number(number)) => number.to_string(),
            Some(TargetValue::Parameter(id)) => format!("param({id})"),
            None => target.base.clone().unwrap_or_default(),
        };
        let sign = target.op.sign();
        let text = words(
            &format!("{sign} {value} {}", unit_zh(&indicator.unit)),
            &format!("{sign} {value} {}", indicator.unit),
        );
        fields.push(field("target", ("目标", "target"), text));
    }
    fields.extend(indicator.deadline.as_ref().map(|d| field("deadline", ("期限", "deadline"), deadline(d))));
    fields.push(field("period", ("统计期", "period"), same(indicator.period.name())));
    fields.extend(
        indicator.on_track.as_ref().map(|text| field("on_track", ("正常的意思", "on track means"), same(text))),
    );
    fields.extend(to_confirm(indicator.to_confirm));
    Element { kind: "indicator", id: indicator.id.clone(), label: indicator.label.clone(), fields }
}

fn to_confirm(open: bool) -> Option<Field> {
    open.then(|| field("to_confirm", ("状态", "state"), words("待确认", "to be confirmed")))
}

/// A parameter's value as people write it: yuan for money.
#[must_use]
pub fn value_text(value: &Value, unit: Option<&str>) -> Bilingual {
    match value {
        Value::Fen(fen) => words(&format!("{} 元", Fen(*fen)), &format!("{} yuan", Fen(*fen))),
        Value::Bool(true) => words("是", "yes"),
        Value::Bool(false) => words("否", "no"),
        other => match unit {
            Some(unit) => words(&format!("{other} {}", unit_zh(unit)), &format!("{other} {unit}")),
            None => same(other.to_string()),
        },
    }
}

/// The usual units in Chinese; another stays as it is written.
fn unit_zh(unit: &str) -> &str {
    match unit {
        "years" => "岁",
        "months" => "个月",
        "days" => "天",
        "times" => "次",
        "percent" => "%",
        "count" => "个",
        "persons" => "人",
        "beds" => "张床",
        "households" => "户",
        "degrees" => "度",
        "points" => "分",
        "places" => "个",
        "m2 per person" | "m2_per_person" => "平方米/人",
        "m2_per_1000" => "平方米/千人",
        "m2_per_10000" => "平方米/万人",
        "m2_per_100_households" => "平方米/百户",
        "per_1000" => "个/千人",
        "person_times" | "person-times" => "人次",
        "m2" | "square_metres" => "平方米",
        other => other,
    }
}

/// A fact's value in words: the meaning of a code, yes and no, `not known` for null.
#[must_use]
pub fn fact_text(fact: &Fact, value: &Value) -> Bilingual {
    if *value == Value::Null {
        return fact.null_means.clone().unwrap_or_else(|| words("不清楚", "not known"));
    }
    let code = value.to_string();
    match fact.codes.iter().find(|c| c.value == code) {
        Some(code) => code.label.clone(),
        None => value_text(value, fact.unit.as_deref()),
    }
}

fn parameter(parameter: &Parameter) -> Element {
    let mut fields: Vec<_> =
        parameter.clause.iter().map(|c| field("clause", ("依据条款", "clause"), same(c))).collect();
    for value in &parameter.values {
        let text = value_text(&value.value, parameter.unit.as_deref());
        let key = format!("from {}", value.from);
        let name = words(&format!("自 {}", value.from), &key);
        let text = Bilingual {
            zh: format!("{}（{}）", text.zh, value.source.zh),
            en: format!("{} ({})", text.en, value.source.en),
        };
        fields.push(Field { key, name, text });
    }
    fields.extend(to_confirm(parameter.to_confirm));
    fields.extend(parameter.note.clone().map(|note| field("note", ("说明", "note"), note)));
    Element { kind: "parameter", id: parameter.id.clone(), label: parameter.label.clone(), fields }
}

fn deadline(deadline: &Deadline) -> Bilingual {
    match deadline {
        Deadline::On(date) => same(date.to_string()),
        Deadline::NoneStated => words("文件没有写", "none stated"),
        Deadline::Recurring(text) => text.clone(),
    }
}

/// Chinese and English name of a clause's state.
#[must_use]
pub fn state_name(state: crate::model::ClauseState) -> Bilingual {
    use crate::model::ClauseState::{Awaiting, Duty, Implemented};
    match state {
        Implemented => words("已落实", "implemented"),
        Duty => words("行政职责", "administrative duty"),
        Awaiting => words("待建", "awaiting"),
    }
}

fn clause(clause: &Clause) -> Element {
    let mut fields = vec![
        field("summary", ("说明", "summary"), clause.summary.clone()),
        field("state", ("状态", "state"), state_name(clause.state)),
        field("kind", ("要求", "asks for"), same(&clause.kind)),
    ];
    if !clause.responsible.is_empty() {
        fields.push(field("responsible", ("责任单位", "responsible"), joined(&clause.responsible)));
    }
    fields.extend(clause.deadline.as_ref().map(|d| field("deadline", ("期限", "deadline"), deadline(d))));
    if !clause.implemented_by.is_empty() {
        let ids: Vec<_> = clause.implemented_by.iter().map(|e| format!("{}:{}", e.kind, e.id)).collect();
        fields.push(field("implemented_by", ("由谁落实", "implemented by"), same(ids.join(", "))));
    }
    fields.extend(clause.awaits.as_ref().map(|a| field("awaits", ("等待", "awaits"), a.label.clone())));
    fields.extend(clause.evidence.clone().map(|e| field("evidence", ("凭据", "evidence"), e)));
    Element { kind: "clause", id: clause.id.clone(), label: clause.title.clone(), fields }
}
