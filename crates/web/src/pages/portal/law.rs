//! Two voices: what the official document says where a clause stands, and the same in plain words.

use performance::document::{self, DocumentKind};
use policy::model::Clause;
use serde::Serialize;

use crate::public::Public;

/// A clause in both voices.
#[derive(Clone, Debug, Serialize)]
pub struct Spoken {
    /// As the attached document says it; empty where none is attached or the place is not found.
    pub quote: String,
    /// Number and title of the clause.
    pub source: String,
    pub plain: String,
}

/// What is quoted of a long place, in characters.
const QUOTED: usize = 420;

/// The attached document as text; none when there is none, or none that can be read as text.
#[must_use]
pub fn text(public: &Public<'_>) -> Option<std::sync::Arc<str>> {
    public.published.document(|| {
        let (folder, pack) = (&public.app.places().documents, &public.desk.pack.id);
        let attached = document::attached_to(folder, pack).ok().flatten()?;
        if attached.kind != DocumentKind::Text {
            return None;
        }
        document::bytes_of(folder, pack, &attached).ok().map(|bytes| document::text_of(&bytes).into())
    })
}

/// Clauses in the order given.
#[must_use]
pub fn spoken(public: &Public<'_>, clauses: &[String]) -> Vec<Spoken> {
    let text = text(public);
    let known = clauses.iter().filter_map(|id| public.desk.pack.clause(id));
    known.map(|clause| said(public, text.as_deref(), clause)).collect()
}

fn said(public: &Public<'_>, text: Option<&str>, clause: &Clause) -> Spoken {
    let voice = public.desk.voice;
    let place = text.zip(clause.document_anchor.as_deref());
    let place = place.and_then(|(text, anchor)| Some((text, document::find_place(text, anchor)?)));
    let quote = place.map(|(text, lines)| {
        let lines: Vec<&str> = text.lines().skip(lines.start).take(lines.len()).map(str::trim).collect();
        shortened(&lines.join(""))
    });
    let args = [("id", clause.id.as_str().into()), ("title", voice.of(&clause.title).into())];
    Spoken {
        quote: quote.unwrap_or_default(),
        source: voice.say("portal-clause", &args),
        plain: voice.of(&clause.summary).to_owned(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{}……", &text[..at]),
        None => text.to_owned(),
    }
}
