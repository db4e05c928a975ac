//! One file of a list: counts, why it was stopped, its faulty rows with a form each.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{DivisionCode, ListId};
use registry::ingest::{self, ListReport, ListState};
use registry::part;
use registry::quarantine::{self, HeldLine};
use registry::rows::{FaultCode, RowFault};
use serde::{Deserialize, Serialize};

use super::{Counts, counts};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, figures};
use crate::opened::Opened;
use crate::pages::work::Weight;
use crate::parts::{Pager, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    /// Said when the numbers are those of a part of the region.
    pub cut: Option<String>,
    pub sub: String,
    pub xlsx_href: String,
    /// Said after a correction was taken in.
    pub saved: Option<String>,
    pub held: Option<Held>,
    /// Cause and remedy of a file that could not be taken.
    pub refusal: Option<(String, String)>,
    pub counts: Counts,
    /// Statements that stay open because of a faulty row.
    pub kept: u64,
    pub faults_total: i64,
    pub causes: Vec<Weight>,
    pub causes_max: i64,
    pub faults: Vec<FaultRow>,
    pub pager: Pager,
}

/// A full list that would close too much.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub percent: String,
    pub limit: String,
    pub keep: i64,
    pub close: i64,
    /// `held`: not decided yet; `released`, `rejected`.
    pub state: &'static str,
    /// Where the decision goes; none: it is for somebody else.
    pub action: Option<String>,
    /// Where most would be closed.
    pub townships: Vec<Township>,
}

/// What a held list would close in one township.
#[derive(Clone, Debug, Serialize)]
pub struct Township {
    pub name: String,
    pub now: i64,
    pub close: i64,
}

/// One fault of one row.
#[derive(Clone, Debug, Serialize)]
pub struct FaultRow {
    pub id: i64,
    pub row: i64,
    pub column: String,
    /// Masked; none: the cell is blank.
    pub value: Option<String>,
    pub cause: String,
    pub remedy: String,
    pub correctable: bool,
    /// Nothing to correct: the row waits for the person.
    pub waits: bool,
    pub current: bool,
    /// Where the form goes.
    pub action: String,
    /// Why the last correction was refused.
    pub fault: Option<String>,
}

const ROWS: i64 = 40;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    page: String,
    /// Row just corrected.
    #[serde(default)]
    saved: String,
}

/// A correction that was refused: the waiting row, the column, why.
#[derive(Clone, Debug)]
pub struct Refused {
    pub id: i64,
    pub column: String,
    pub why: String,
}

/// `GET /d/lists/{list}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(list): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let list: ListId = list.parse().map_err(|_| Problem::NotFound)?;
    page(app, ask, list, params, None).await
}

/// The page of a list, with what was wrong with the last correction.
///
/// # Errors
/// `NotFound` for an unknown list.
pub async fn page(
    app: AppState,
    ask: Ask,
    list: ListId,
    params: Params,
    refused: Option<Refused>,
) -> Result<Response, Problem> {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app.night_page(ask, "lists/show.html", move |ask, opened| {
        let view = view(opened, list, &params, refused.as_ref())?;
        let shell = ask.shell(Rail::Lists, list.to_string()).via(opened.desk.voice.word("rail-lists"), "/d/lists");
        Ok((shell, view))
    });
    Ok((status, page.await?).into_response())
}

/// The account of a list, as far as `permission` reaches: an unknown one is not found, one of another part of the
/// region is refused.
///
/// # Errors
/// `NotFound`, `NotAllowed`; those of the database.
pub fn report(opened: &Opened<'_>, permission: &str, list: ListId) -> Result<ListReport, Problem> {
    let report = opened.try_ask(|session| ingest::get(session, list).map_err(|_| Problem::NotFound))?;
    let Some(within) = opened.desk.cut() else { return Ok(report) };
    if let Some(scope) = report.scope.filter(|_| !part::concerns(&report, &within)) {
        opened.demand_division(permission, scope)?;
    }
    let cut = opened.ask(|session| part::cut(session, vec![report], &within))?;
    cut.into_iter().next().ok_or(Problem::NotFound)
}

/// Goes on when the permission reaches the whole of a division, of the region where none is given.
///
/// # Errors
/// `NotAllowed`, with the reasons.
pub fn demand_scope(opened: &Opened<'_>, permission: &str, scope: Option<DivisionCode>) -> Result<(), Problem> {
    match scope {
        Some(scope) => opened.demand_division(permission, scope),
        None => opened.desk.pack.roots.iter().try_for_each(|root| opened.demand_division(permission, *root)),
    }
}

/// The page of a list, where the viewer may open it: for links from pages about something else.
///
/// # Errors
/// Those of the database.
pub fn href(opened: &Opened<'_>, list: ListId) -> Result<Option<String>, Problem> {
    let within = opened.within("list.see");
    let speaks = match (Desk { within: &within, ..opened.desk }.cut()) {
        Some(within) => part::concerns(&opened.ask(|session| ingest::get(session, list))?, &within),
        None => true,
    };
    Ok((speaks && opened.holds("list.see")).then(|| format!("/d/lists/{list}")))
}

/// The waiting rows of a list that the page's permission reaches.
///
/// # Errors
/// Those of the database and of the keys.
pub fn held(opened: &Opened<'_>, list: ListId) -> Result<Vec<HeldLine>, Problem> {
    let keys = opened.keys();
    match opened.desk.cut() {
        Some(within) => opened.ask(|session| quarantine::of_list_within(session, keys, list, &within)),
        None => opened.ask(|session| quarantine::of_list(session, keys, list)),
    }
}

fn view(opened: &Opened<'_>, list: ListId, params: &Params, refused: Option<&Refused>) -> Result<View, Problem> {
    let desk = opened.desk;
    let report = report(opened, "list.see", list)?;
    let held = held(opened, list)?;
    let faults: Vec<(&HeldLine, &RowFault)> =
        held.iter().flat_map(|line| line.faults.iter().map(move |fault| (line, fault))).collect();
    let path = format!("/d/lists/{list}");
    let link = |cause: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(&path, &[("cause", cause), ("page", &page)]) + "#faults"
    };
    let mut by_code: BTreeMap<FaultCode, i64> = BTreeMap::new();
    faults.iter().for_each(|(_, fault)| *by_code.entry(fault.code).or_default() += 1);
    let chosen = by_code.keys().copied().find(|code| code.name() == params.cause);
    let mut causes: Vec<Weight> = by_code
        .iter()
        .map(|(code, n)| Weight {
            label: desk.voice.of(&code.cause()).to_owned(),
            supplier: String::new(),
            href: link(if chosen == Some(*code) { "" } else { code.name() }, 1),
            n: *n,
            current: chosen == Some(*code),
        })
        .collect();
    causes.sort_by_key(|cause| -cause.n);
    let listed: Vec<_> = faults.iter().filter(|(_, fault)| chosen.is_none_or(|code| fault.code == code)).collect();
    let total = i64::try_from(listed.len()).unwrap_or(0);
    let asked =
        refused.and_then(|r| listed.iter().position(|(line, _)| line.id == r.id)).map(|at| at as i64 / ROWS + 1);
    let page = asked.unwrap_or_else(|| params.page.parse().unwrap_or(1));
    let pager = Pager::of(page, ROWS, total, |page| link(&params.cause, page));
    let skip = usize::try_from(pager.from - 1).unwrap_or(0);
    let rows = listed.into_iter().skip(skip).take(usize::try_from(ROWS).unwrap_or(0));
    Ok(View {
        headline: headline(opened, &report),
        cut: desk.cut_said(),
        sub: sub(opened, &report),
        xlsx_href: format!("{path}/faults.xlsx"),
        saved: params.saved.parse::<i64>().ok().map(|row| desk.voice.say("faults-saved", &[("row", row.into())])),
        held: on_hold(opened, &report),
        refusal: report
            .refusal
            .as_ref()
            .map(|r| (desk.voice.of(&r.cause).to_owned(), desk.voice.of(&r.remedy).to_owned())),
        counts: counts(&report),
        kept: report.kept,
        faults_total: total,
        causes_max: causes.iter().map(|c| c.n).max().unwrap_or(1),
        causes,
        faults: rows.map(|(line, fault)| fault_row(&desk, &report, line, fault, refused)).collect(),
        pager,
    })
}

/// What a list is called, with the part of the region it speaks for.
#[must_use]
pub fn source_label(opened: &Opened<'_>, report: &ListReport) -> String {
    let source = opened.published.world.catalogue.get(&report.source);
    let label = source.map_or(report.source.clone(), |s| opened.desk.voice.of(&s.label).to_owned());
    match report.scope {
        Some(code) => format!("{label}（{}）", opened.desk.place(code)),
        None => label,
    }
}

fn headline(opened: &Opened<'_>, report: &ListReport) -> String {
    let args = [
        ("list", source_label(opened, report).into()),
        ("rows", report.rows.into()),
        ("n", (report.faulty + report.unlinked).into()),
    ];
    match report.state {
        ListState::Held => opened.desk.voice.say("list-title-held", &args),
        ListState::Released => opened.desk.voice.say("list-title-released", &args),
        ListState::Refused | ListState::Rejected => opened.desk.voice.say("list-title-refused", &args),
        _ if report.faulty + report.unlinked > 0 => opened.desk.voice.say("list-title-faulty", &args),
        _ => opened.desk.voice.say("list-title-good", &args),
    }
}

fn sub(opened: &Opened<'_>, report: &ListReport) -> String {
    let desk = opened.desk;
    let source = opened.published.world.catalogue.get(&report.source);
    let department = source.and_then(|s| desk.pack.dictionary.department(&s.department));
    let args = [
        ("department", department.map_or("", |d| desk.voice.of(&d.name)).to_owned().into()),
        ("file", report.file_name.clone().into()),
        ("as_of", report.list_date.to_string().into()),
        ("encoding", report.encoding.clone().into()),
    ];
    desk.voice.say("list-sub", &args)
}

fn on_hold(opened: &Opened<'_>, report: &ListReport) -> Option<Held> {
    let state = match report.state {
        ListState::Held | ListState::Released | ListState::Rejected => report.state.name(),
        _ => return None,
    };
    let closing = report.closing.as_ref()?;
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let townships = closing
        .divisions
        .iter()
        .map(|line| Township {
            name: line.division.map_or_else(|| opened.desk.voice.word("not-known"), |code| opened.desk.where_is(code)),
            now: n(line.now),
            close: n(line.would_close),
        })
        .filter(|line| line.close > 0);
    let mut townships: Vec<Township> = townships.collect();
    townships.sort_by_key(|line| -line.close);
    townships.truncate(12);
    Some(Held {
        percent: figures::measure(closing.percent),
        limit: figures::measure(closing.limit_percent),
        keep: n(closing.in_scope.saturating_sub(closing.would_close)),
        close: n(closing.would_close),
        state,
        action: report
            .list
            .filter(|_| demand_scope(opened, "list.release", report.scope).is_ok())
            .map(|list| format!("/d/lists/{list}/settle")),
        townships,
    })
}

fn fault_row(
    desk: &Desk<'_>,
    report: &ListReport,
    line: &HeldLine,
    fault: &RowFault,
    refused: Option<&Refused>,
) -> FaultRow {
    let mine = refused.filter(|r| r.id == line.id && r.column == fault.column);
    FaultRow {
        id: line.id,
        row: i64::try_from(fault.row).unwrap_or(0),
        column: fault.column.clone(),
        value: Some(fault.value.clone()).filter(|v| !v.is_empty()),
        cause: desk.voice.of(&fault.cause).to_owned(),
        remedy: desk.voice.of(&fault.remedy).to_owned(),
        correctable: report.state == ListState::Accepted
            && !fault.column.is_empty()
            && fault.code != FaultCode::IdNumberUnknown,
        waits: fault.code == FaultCode::IdNumberUnknown,
        current: mine.is_some(),
        action: format!("/d/lists/{}/rows/{}", report.list.unwrap_or(ListId(0)), line.id),
        fault: mine.map(|r| desk.voice.say("faults-still", &[("cause", r.why.clone().into())])),
    }
}
