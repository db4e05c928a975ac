//! The official document as the installation attached it: the place of a clause in it, and the file itself.

use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use performance::document::{self, Attached, DocumentKind};
use policy::model::Clause;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::address;
use crate::state::AppState;

/// What is shown of a long text around the place asked for, in bytes.
const WINDOW: usize = 36_000;
/// The browser's own reader of PDF files needs its styles.
const PDF_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'";

/// The attached document of the plan in force.
pub struct Document(Attached);

/// What the page of a text shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub file: String,
    /// Where the clause stands, as the pack says it.
    pub anchor: Option<String>,
    pub clause: Option<(String, String, String)>,
    /// None: a PDF.
    pub lines: Option<Vec<Line>>,
    pub found: bool,
    /// Only a part of the text is shown.
    pub cut: bool,
}

/// One line of the text.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub text: String,
    pub marked: bool,
    /// The first marked one, to jump to.
    pub first: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    clause: String,
}

impl Document {
    /// The plan's document, if one is attached.
    ///
    /// # Errors
    /// A record that can't be read.
    pub fn of(opened: &Opened<'_>) -> Result<Option<Self>, Problem> {
        let found = document::attached_to(&opened.app.places().documents, &opened.desk.pack.id);
        found.map(|attached| attached.map(Self)).map_err(Problem::internal)
    }

    /// Where to read a clause: the page of a PDF where it is known, else our own page.
    #[must_use]
    pub fn place(&self, clause: &Clause) -> Option<String> {
        match (self.0.kind, self.0.page(&clause.id)) {
            (DocumentKind::Pdf, Some(page)) => Some(format!("/d/plan/document/file#page={page}")),
            _ => {
                clause.document_anchor.as_ref()?;
                Some(address("/d/plan/document", &[("clause", &clause.id)]) + "#place")
            }
        }
    }

    /// Name, date and who attached it.
    #[must_use]
    pub fn said(&self, desk: &Desk<'_>) -> String {
        let args = [
            ("file", self.0.file.as_str().into()),
            ("on", self.0.attached_on.to_string().into()),
            ("by", self.0.attached_by.as_str().into()),
        ];
        desk.voice.say("plan-document-attached", &args)
    }
}

/// `GET /d/plan/document`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "plan/document.html", move |ask, opened| {
        let Document(attached) = Document::of(opened)?.ok_or(Problem::NotFound)?;
        let view = view(opened, &attached, &params.clause)?;
        let voice = opened.desk.voice;
        let shell = ask.shell(Rail::Policy, voice.word("plan-document-title"));
        Ok((shell.via(voice.word("policy-tab-plan"), "/d/plan"), view))
    })
    .await
}

/// `GET /d/plan/document/file`
pub async fn file(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.open_night(&ask, |opened| {
        let Document(attached) = Document::of(opened)?.ok_or(Problem::NotFound)?;
        let bytes = bytes(opened, &attached)?;
        let (kind, policy, end) = match attached.kind {
            DocumentKind::Pdf => ("application/pdf", PDF_POLICY, "pdf"),
            DocumentKind::Text => ("text/plain; charset=utf-8", "default-src 'none'; frame-ancestors 'none'", "txt"),
        };
        let body = if attached.kind == DocumentKind::Text { document::text_of(&bytes).into_bytes() } else { bytes };
        let name = format!("inline; filename=\"{}.{end}\"", opened.desk.pack.id);
        let head = [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, policy), (CONTENT_DISPOSITION, &name)];
        Ok((head, body).into_response())
    })
    .await
}

fn bytes(opened: &Opened<'_>, attached: &Attached) -> Result<Vec<u8>, Problem> {
    document::bytes_of(&opened.app.places().documents, &opened.desk.pack.id, attached).map_err(Problem::internal)
}

fn view(opened: &Opened<'_>, attached: &Attached, id: &str) -> Result<View, Problem> {
    let desk = &opened.desk;
    let clause = if id.is_empty() { None } else { Some(desk.pack.clause(id).ok_or(Problem::NotFound)?) };
    let anchor = clause.and_then(|clause| clause.document_anchor.clone());
    let text = match attached.kind {
        DocumentKind::Pdf => None,
        DocumentKind::Text => Some(document::text_of(&bytes(opened, attached)?)),
    };
    let place = text.as_deref().zip(anchor.as_deref()).and_then(|(text, anchor)| document::find_place(text, anchor));
    let (lines, cut) = text.as_deref().map(|text| window(text, place.clone())).unzip();
    Ok(View {
        headline: desk.voice.of(&desk.pack.title).to_owned(),
        file: attached.file.clone(),
        anchor,
        clause: clause.map(|c| (c.id.clone(), desk.voice.of(&c.title).to_owned(), format!("/d/plan?at={0}#{0}", c.id))),
        lines,
        found: place.is_some(),
        cut: cut.unwrap_or(false),
    })
}

/// The lines around a place, all of them in a short text; whether some are left out.
fn window(text: &str, place: Option<document::Place>) -> (Vec<Line>, bool) {
    let all: Vec<&str> = text.lines().collect();
    let marked = place.unwrap_or(0..0);
    let (mut from, mut until) = (marked.start, marked.end.max(marked.start));
    let mut room = WINDOW.saturating_sub(all[from..until].iter().map(|line| line.len()).sum());
    loop {
        let before = from.checked_sub(1).map(|at| all[at].len() + 8).filter(|n| *n <= room);
        if let Some(size) = before {
            (from, room) = (from - 1, room - size);
        }
        let after = all.get(until).map(|line| line.len() + 8).filter(|n| *n <= room);
        if let Some(size) = after {
            (until, room) = (until + 1, room - size);
        }
        if before.is_none() && after.is_none() {
            break;
        }
    }
    let lines = (from..until).filter(|at| !all[*at].trim().is_empty()).map(|at| Line {
        text: all[at].trim().to_owned(),
        marked: marked.contains(&at),
        first: at == marked.start && !marked.is_empty(),
    });
    (lines.collect(), from > 0 || until < all.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_around_the_place() {
        let text = (0..5000).map(|n| format!("第 {n} 行的文字\n")).collect::<String>();
        let (lines, cut) = window(&text, Some(4000..4003));
        assert!(cut);
        assert!(lines.iter().map(|line| line.text.len()).sum::<usize>() <= WINDOW);
        let marked: Vec<&str> = lines.iter().filter(|line| line.marked).map(|line| line.text.as_str()).collect();
        assert_eq!(marked, ["第 4000 行的文字", "第 4001 行的文字", "第 4002 行的文字"]);
        assert_eq!(lines.iter().filter(|line| line.first).count(), 1);
        let (lines, cut) = window("一\n\n二", None);
        assert_eq!((lines.len(), cut), (2, false));
    }
}
