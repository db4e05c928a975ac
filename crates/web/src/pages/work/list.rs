//! One worklist by village: who, what, why, since when, until when.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::{Date, DivisionLevel};
use policy::Outcome;
use policy::model::Rule;
use serde::{Deserialize, Serialize};
use worklist::{Filter, Hand, Kind, VillageCount, WorkItem};

use super::{Weight, items};
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::matters::{self, offers};
use crate::parts::{Chip, ClauseLink, Export, FactShown, Mood, Pager, PersonRef, Sla, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export: Export,
    pub tabs: Vec<Chip>,
    pub chips: Vec<Chip>,
    /// Not begun, begun, all.
    pub hands: Vec<Chip>,
    /// The form in which ticked rows are acted on.
    pub bulk: Option<Bulk>,
    pub noted: Option<String>,
    pub col_what: String,
    pub col_since: String,
    pub villages: Vec<Village>,
    pub pager: Pager,
    pub rule: Option<RuleCard>,
    /// Why people decline, with how often.
    pub declined: Vec<Weight>,
    pub where_label: String,
    pub places: Vec<Weight>,
    pub places_max: i64,
}

/// The rows of one village on this page; `n` counts all of them.
#[derive(Clone, Debug, Serialize)]
pub struct Village {
    pub name: String,
    /// None: outside the plan's divisions.
    pub href: Option<String>,
    pub n: i64,
    pub note: Option<String>,
    pub rows: Vec<Item>,
}

/// One person and one matter.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub person: PersonRef,
    pub what: String,
    pub amount: Option<String>,
    pub why: Vec<FactShown>,
    pub since: String,
    pub sla: Option<Sla>,
    /// The value of its tick.
    pub tick: String,
    /// How far someone is with it.
    pub hand: Option<Mood>,
    /// Where it goes on: the matter, or the application to begin.
    pub next: Option<Next>,
}

/// Where an item goes on.
#[derive(Clone, Debug, Serialize)]
pub struct Next {
    pub label: String,
    pub href: String,
}

/// What can be noted for the ticked rows.
#[derive(Clone, Debug, Serialize)]
pub struct Bulk {
    pub action: String,
    /// `unserved` or `stop`.
    pub kind: &'static str,
    /// Why someone declines: word and label.
    pub reasons: Vec<(&'static str, String)>,
    /// The first day on which to try again.
    pub tomorrow: String,
}

/// What the chosen rule says.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCard {
    pub label: String,
    pub summary: String,
    pub parts: Vec<String>,
    pub bring: Vec<String>,
    pub apply_to: Option<String>,
    pub clauses: Vec<ClauseLink>,
    pub href: String,
}

/// Villages on one page, and rows of each; a single village shows a page of its rows.
const VILLAGES: i64 = 8;
const ROWS_OF_VILLAGE: i64 = 6;
const ROWS: i64 = 40;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub rule: String,
    #[serde(default)]
    pub fact: String,
    #[serde(default)]
    pub page: String,
    /// `todo`, `begun`, `any`.
    #[serde(default)]
    pub hand: String,
    /// How many were noted a moment ago.
    #[serde(default)]
    pub noted: String,
    /// For what a list is taken out.
    #[serde(default)]
    pub why: String,
}

impl Params {
    /// The page asked for, from 1.
    #[must_use]
    pub fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).max(1)
    }
}

/// `GET /d/work/{kind}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(kind): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let kind: Kind = kind.parse().map_err(|_| Problem::NotFound)?;
    if kind == Kind::Ask {
        return super::ask::show(app, ask, params).await;
    }
    app.night_page(ask, "work/list.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let view = view(opened, kind, region, &params)?;
        let mut shell = ask.shell(Rail::Work, desk.voice.word(&format!("work-{kind}")));
        shell.scope = desk.scopes(region, &items::href(kind), &[("rule", &params.rule)]);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, kind: Kind, region: Region, params: &Params) -> Result<View, Problem> {
    let desk = opened.desk;
    let counts = opened.ask(|session| opened.published.counts(session, region.scope()))?;
    let rule = desk.pack.rule(&params.rule).filter(|rule| counts.iter().any(|c| c.kind == kind && c.rule == rule.id));
    let filter = Filter {
        kind,
        scope: region.scope(),
        rule: rule.map(|rule| rule.id.clone()),
        fact: None,
        limit: ROWS,
        offset: 0,
    };
    let hand = hand_of(kind, &params.hand);
    let today = opened.app.clock().today();
    let all = opened.ask(|session| opened.published.villages_in_hand(session, &filter, (hand, today)))?;
    let link_hand = |scope: &str, hand: Hand, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let hand = if hand == hand_of(kind, "") { "" } else { hand.name() };
        address(&items::href(kind), &[("scope", scope), ("rule", &params.rule), ("hand", hand), ("page", &page)])
    };
    let link = |scope: &str, page: i64| link_hand(scope, hand, page);
    let single = region.chosen.is_some_and(|code| code.level() == DivisionLevel::Community);
    let (rows, total) = if single {
        (ROWS, all.first().map_or(0, |v| v.open))
    } else {
        (VILLAGES, i64::try_from(all.len()).unwrap_or(0))
    };
    let pager = Pager::of(params.page(), rows, total, |page| link(&region.query(), page));
    let from = (pager.from - 1).max(0);
    let villages = if single {
        let filter = Filter { offset: from, ..filter };
        all.iter().map(|v| village(opened, v, &filter, (hand, today), link)).collect::<Result<_, _>>()?
    } else {
        let skip = usize::try_from(from).unwrap_or(0);
        let shown = all.iter().skip(skip).take(usize::try_from(VILLAGES).unwrap_or(0));
        let of = |v: &VillageCount| Filter {
            scope: worklist::Scope(Some(v.village)),
            limit: ROWS_OF_VILLAGE,
            ..filter.clone()
        };
        shown.map(|v| village(opened, v, &of(v), (hand, today), link)).collect::<Result<_, _>>()?
    };
    let (open, overdue) = items::open(&counts, kind);
    let places = items::places(&desk, region, &all, |scope| link(scope, 1));
    Ok(View {
        headline: desk.voice.say(&format!("work-{kind}-title"), &[("n", open.into()), ("overdue", overdue.into())]),
        sub: desk.voice.word(&format!("work-{kind}-sub")),
        export: Export::new(
            "all",
            format!("{}/export.xlsx", items::href(kind)),
            &[("scope", &region.query()), ("rule", &params.rule), ("hand", hand.name())],
        ),
        hands: hands(opened, kind, region.scope(), (hand, today), |hand| link_hand(&region.query(), hand, 1))?,
        bulk: bulk(opened, kind, &link_hand(&region.query(), hand, params.page())),
        noted: params.noted.parse::<i64>().ok().map(|n| desk.voice.say("offers-noted", &[("n", n.into())])),
        tabs: items::tabs(&desk, &counts, region, Some(kind)),
        chips: chips(&desk, &counts, kind, region, rule),
        col_what: desk.voice.word(&format!("work-what-{kind}")),
        col_since: match kind {
            Kind::Stop => desk.voice.word("work-since-from"),
            Kind::Visit => desk.voice.word("work-since-last"),
            _ => desk.voice.word("work-since-found"),
        },
        villages,
        pager,
        rule: rule.or_else(|| only_rule(&desk, &counts, kind)).map(|rule| card(&desk, rule)),
        declined: declined(opened, kind, region.scope(), &params.rule)?,
        where_label: items::level_below(&desk, region),
        places_max: places.iter().map(|p| p.n).max().unwrap_or(1),
        places,
    })
}

fn only_rule<'p>(desk: &Desk<'p>, counts: &[worklist::Count], kind: Kind) -> Option<&'p Rule> {
    let mut rules = counts.iter().filter(|c| c.kind == kind && c.open > 0);
    let first = rules.next()?;
    if rules.next().is_some() { None } else { desk.pack.rule(&first.rule) }
}

fn chips(desk: &Desk<'_>, counts: &[worklist::Count], kind: Kind, region: Region, chosen: Option<&Rule>) -> Vec<Chip> {
    let link = |rule: &str| address(&items::href(kind), &[("scope", &region.query()), ("rule", rule)]);
    let all = Chip {
        label: desk.voice.word("work-all"),
        n: Some(items::open(counts, kind).0),
        href: link(""),
        current: chosen.is_none(),
    };
    let each = counts.iter().filter(|c| c.kind == kind && !c.rule.is_empty()).map(|count| Chip {
        label: desk.rule_label(&count.rule),
        n: Some(count.open),
        href: link(&count.rule),
        current: chosen.is_some_and(|rule| rule.id == count.rule),
    });
    std::iter::once(all).chain(each).collect()
}

fn village(
    opened: &Opened<'_>,
    count: &VillageCount,
    filter: &Filter,
    hand: (Hand, Date),
    link: impl Fn(&str, i64) -> String,
) -> Result<Village, Problem> {
    let desk = opened.desk;
    // The head of a village stands on many pages; what follows is asked for.
    let items = opened.ask(|session| match filter.offset {
        0 if filter.limit == ROWS_OF_VILLAGE => opened.published.first_items(session, filter, hand),
        _ => worklist::page_in_hand(session, filter, hand).map(Arc::new),
    })?;
    let more = count.open - i64::try_from(items.len()).unwrap_or(0) - filter.offset;
    let note =
        (more > 0 && filter.limit == ROWS_OF_VILLAGE).then(|| desk.voice.say("see-all", &[("n", count.open.into())]));
    let href = match filter.kind {
        Kind::Visit => items::village_href(count.village),
        _ => link(&count.village.to_string(), 1),
    };
    Ok(Village {
        name: desk.where_is(count.village),
        href: desk.is_ours(count.village).then_some(href),
        n: count.people,
        note,
        rows: items.iter().map(|item| row(opened, item)).collect::<Result<_, _>>()?,
    })
}

/// Which items the page shows when nothing else is asked for: what nobody has begun, where matters are begun at all.
#[must_use]
pub fn hand_of(kind: Kind, asked: &str) -> Hand {
    let usual = if matches!(kind, Kind::Unserved | Kind::Stop) { Hand::Todo } else { Hand::Any };
    Hand::ALL.into_iter().find(|hand| hand.name() == asked).unwrap_or(usual)
}

fn hands(
    opened: &Opened<'_>,
    kind: Kind,
    scope: worklist::Scope,
    (chosen, today): (Hand, Date),
    link: impl Fn(Hand) -> String,
) -> Result<Vec<Chip>, Problem> {
    if !matches!(kind, Kind::Unserved | Kind::Stop) {
        return Ok(Vec::new());
    }
    let counts = opened.ask(|session| opened.published.hands(session, kind, (scope, today)))?;
    let n = |hand: Hand| {
        let of_hand = counts.iter().filter(|count| match hand {
            Hand::Any => true,
            Hand::Todo => count.hand.is_empty(),
            Hand::Begun => !count.hand.is_empty(),
        });
        of_hand.map(|count| count.open).sum()
    };
    let chip = |hand: Hand| Chip {
        label: opened.desk.voice.word(&format!("work-hand-{}", hand.name())),
        n: Some(n(hand)),
        href: link(hand),
        current: hand == chosen,
    };
    Ok(Hand::ALL.map(chip).to_vec())
}

/// Why those declined to whom it was offered; none for whoever may not see applications.
fn declined(opened: &Opened<'_>, kind: Kind, scope: worklist::Scope, rule: &str) -> Result<Vec<Weight>, Problem> {
    if kind != Kind::Unserved || !opened.holds("application.see") {
        return Ok(Vec::new());
    }
    let said = opened.ask(|session| benefits::declined(session, scope, rule))?;
    let weight = |(code, n): (String, i64)| Weight {
        label: opened.desk.voice.word(&format!("matter-declined-{code}")),
        supplier: String::new(),
        href: String::new(),
        n,
        current: false,
    };
    Ok(said.into_iter().map(weight).collect())
}

/// The form for ticked rows, for whoever may act.
pub fn bulk(opened: &Opened<'_>, kind: Kind, back: &str) -> Option<Bulk> {
    let desk = opened.desk;
    let kind = match kind {
        Kind::Unserved => "unserved",
        Kind::Stop => "stop",
        _ => return None,
    };
    if !opened.holds("work_item.act") {
        return None;
    }
    let tomorrow = opened.app.clock().today().succ_opt()?;
    Some(Bulk {
        action: offers::action(back),
        kind,
        reasons: benefits::REASONS
            .iter()
            .map(|reason| (*reason, desk.voice.word(&format!("matter-declined-{reason}"))))
            .collect(),
        tomorrow: tomorrow.to_string(),
    })
}

/// How far someone is with an item; none: nobody has begun.
#[must_use]
pub fn hand_said(desk: &Desk<'_>, item: &WorkItem) -> Option<Mood> {
    let kind = match item.hand.as_str() {
        "" => return None,
        "granted" | "delivered" | "ended" | "told" => "ok",
        "declined" | "withdrawn" | "refused" => "mute",
        "again" => "warn",
        _ => "info",
    };
    let word = desk.voice.word(&format!("hand-{}", item.hand));
    let day = item.hand_on.map(|day| desk.day(day));
    Some(Mood::new(kind, day.map_or(word.clone(), |day| format!("{word} {day}"))))
}

/// The matter that is under way, else the application that may be begun.
fn next(opened: &Opened<'_>, item: &WorkItem) -> Result<Option<Next>, Problem> {
    let (desk, wanted) = (opened.desk, &item.wanted);
    let Some(benefit) = desk.pack.rule(&wanted.rule).and_then(|rule| rule.benefit()) else { return Ok(None) };
    let is_begun = !item.hand.is_empty() || wanted.kind == Kind::Stop;
    let running = match is_begun {
        true => opened.ask(|session| benefits::under_way(session, wanted.person, &wanted.rule))?,
        false => None,
    };
    if let Some(matter) = running {
        let label = desk.voice.word(if wanted.kind == Kind::Stop { "work-go-stop" } else { "work-go-on" });
        return Ok(Some(Next { label, href: matters::href(&matter.number) }));
    }
    let may = wanted.kind == Kind::Unserved && benefit.process.is_some() && opened.holds("application.file");
    Ok(may
        .then(|| Next { label: desk.voice.word("work-go-file"), href: matters::new_href(wanted.person, &wanted.rule) }))
}

fn row(opened: &Opened<'_>, item: &WorkItem) -> Result<Item, Problem> {
    let desk = &opened.desk;
    let wanted = &item.wanted;
    let rule = desk.pack.rule(&wanted.rule);
    let since = match wanted.kind {
        Kind::Stop => wanted.from_on.map(|day| desk.day(day)),
        Kind::Visit => last_seen(desk, item),
        _ => Some(desk.day(item.found_on)),
    };
    Ok(Item {
        tick: format!("{}:{}", wanted.person, wanted.rule),
        hand: hand_said(desk, item),
        next: next(opened, item)?,
        person: desk.person(wanted.person),
        what: items::what(desk, item),
        amount: rule.map(|rule| desk.rhythm(rule, amount(desk, item))).filter(|said| !said.is_empty()),
        why: reasons(desk, item),
        since: since.unwrap_or_else(|| "—".to_owned()),
        sla: items::sla(desk, item),
    })
}

fn amount(desk: &Desk<'_>, item: &WorkItem) -> Option<i64> {
    let row = desk.row(item.wanted.person)?;
    desk.found.rule(&item.wanted.rule)?.amount(row).as_units()
}

/// The day of the last visit that counts for the rule.
#[must_use]
pub fn last_seen(desk: &Desk<'_>, item: &WorkItem) -> Option<String> {
    let fact = desk.pack.rule(&item.wanted.rule)?.visit()?.last_fact.as_deref()?;
    let (table, row) = (desk.people()?, desk.row(item.wanted.person)?);
    table.get(row, fact).as_date().map(|day| desk.day(day))
}

/// The parts that hold, or for a stop those that don't, each with the stamp of the first fact it reads.
fn reasons(desk: &Desk<'_>, item: &WorkItem) -> Vec<FactShown> {
    let wanted = &item.wanted;
    let cause = || vec![FactShown { label: items::why(desk, item), value: String::new(), stamp: None }];
    if !matches!(wanted.kind, Kind::Unserved) && &*wanted.cause != "no_longer_met" {
        return cause();
    }
    let (Some(rule), Some(row), Some(found)) =
        (desk.pack.rule(&wanted.rule), desk.row(wanted.person), desk.found.rule(&wanted.rule))
    else {
        return cause();
    };
    let shown = if wanted.kind == Kind::Unserved { Outcome::Met } else { Outcome::NotMet };
    let parts = rule.parts.iter().zip(&found.parts).filter(|(_, (_, truth))| truth.outcome(row) == shown);
    let parts: Vec<FactShown> = parts
        .map(|(part, _)| FactShown {
            label: desk.voice.of(&part.label).to_owned(),
            value: String::new(),
            stamp: crate::desk::every_word(&part.when.text)
                .into_iter()
                .find_map(|key| desk.supplier_stamp("person", key)),
        })
        .collect();
    if parts.is_empty() { cause() } else { parts }
}

fn card(desk: &Desk<'_>, rule: &Rule) -> RuleCard {
    let benefit = rule.benefit();
    RuleCard {
        label: desk.voice.of(&rule.label).to_owned(),
        summary: desk.voice.of(&rule.summary).to_owned(),
        parts: rule.parts.iter().map(|part| desk.voice.of(&part.label).to_owned()).collect(),
        bring: benefit
            .map(|b| b.opens.iter().map(|o| desk.voice.of(&o.label).to_owned()).collect())
            .unwrap_or_default(),
        apply_to: benefit.and_then(|b| b.apply_to.as_ref()).map(|a| desk.voice.of(a).to_owned()),
        clauses: desk.clause_links(&rule.clauses),
        href: crate::pages::policy::rules::href(&rule.id),
    }
}
