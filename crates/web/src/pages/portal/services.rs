//! The list of services in force: for whom, how much, where to ask, by which clause; earlier figures and versions.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::{Date, parse_date};
use policy::model::{Pack, Parameter, Rule};
use policy::{How, diff};
use serde::{Deserialize, Serialize};

use super::answered::{tile, what};
use super::law::{self, Spoken};
use crate::desk::{Desk, every_word};
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::parts::address;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub plan: String,
    pub on: String,
    /// The day asked for is not the night's.
    pub other_day: bool,
    pub groups: Vec<Kind>,
    pub catalogue: Vec<Entry>,
    pub versions: Vec<Version>,
    pub document: Option<String>,
}

/// Benefits, or visits.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    pub title: String,
    pub items: Vec<Item>,
}

/// One of them.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: String,
    pub tile: String,
    pub label: String,
    pub what: String,
    /// Conditions, all of which must hold.
    pub who: Vec<String>,
    pub figures: Vec<Figure>,
    pub apply_to: String,
    pub bring: String,
    pub form: Option<String>,
    pub voices: Vec<Spoken>,
}

/// A figure behind it on the day, with its other values.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub label: String,
    pub value: String,
    pub from: String,
    pub to_confirm: bool,
    pub others: Vec<String>,
}

/// An entry of the service catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub label: String,
    pub note: String,
    pub href: String,
}

/// A plan for the same region.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    pub title: String,
    pub period: String,
    pub current: bool,
    /// Where it is compared with the one in force.
    pub compare: Option<String>,
}

/// What differs between two versions.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub title: String,
    pub before: String,
    pub after: String,
    pub changes: Vec<Changed>,
}

/// An element that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// `added`, `removed`, `changed`.
    pub how: &'static str,
    pub kind: String,
    pub label: String,
    pub fields: Vec<(String, String, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    on: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Between {
    #[serde(default)]
    with: String,
}

/// `GET /services`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Services, "portal/services.html"), move |_, public| {
        let on = parse_date(&params.on).ok().filter(|on| *on >= public.desk.pack.in_force_from);
        let view = view(public, on.unwrap_or(public.desk.as_of));
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

fn view(public: &Public<'_>, on: Date) -> View {
    let desk = &Desk { as_of: on, ..public.desk };
    let kinds = [("benefit", "services-benefits"), ("visit", "services-visits")];
    let groups = kinds.map(|(kind, key)| Kind {
        title: desk.voice.word(key),
        items: desk.pack.rules_of(kind).map(|rule| item(public, desk, rule)).collect(),
    });
    let catalogue = desk.pack.services.iter().map(|service| Entry {
        label: desk.voice.of(&service.label).to_owned(),
        note: service.note.as_ref().map(|note| desk.voice.of(note).to_owned()).unwrap_or_default(),
        href: address("/places", &[("service", &service.id)]),
    });
    View {
        title: desk.voice.word("services-title"),
        plan: desk.plan_name(),
        on: on.to_string(),
        other_day: on != public.desk.as_of,
        groups: groups.into_iter().filter(|kind| !kind.items.is_empty()).collect(),
        catalogue: catalogue.collect(),
        versions: versions(public),
        document: law::text(public).map(|_| "/services/document".to_owned()),
    }
}

fn item(public: &Public<'_>, desk: &Desk<'_>, rule: &Rule) -> Item {
    let benefit = rule.benefit();
    let bring: Vec<&str> = benefit.iter().flat_map(|b| &b.opens).map(|paper| desk.voice.of(&paper.label)).collect();
    Item {
        id: rule.id.clone(),
        tile: tile(desk, rule),
        label: desk.voice.of(&rule.label).to_owned(),
        what: what(desk, rule, None),
        who: rule.parts.iter().map(|part| desk.voice.of(&part.label).to_owned()).collect(),
        figures: figures(desk, rule),
        apply_to: benefit.and_then(|b| b.apply_to.as_ref()).map(|to| desk.voice.of(to).to_owned()).unwrap_or_default(),
        bring: desk.voice.join(&bring),
        form: benefit.map(|_| format!("/services/{}/form", rule.id)),
        voices: law::spoken(public, &rule.clauses),
    }
}

/// The parameters its conditions and its amount name, groups included.
fn figures(desk: &Desk<'_>, rule: &Rule) -> Vec<Figure> {
    let (mut texts, mut seen) = (vec![rule], Vec::new());
    let mut named: Vec<&Parameter> = Vec::new();
    while let Some(rule) = texts.pop() {
        seen.push(rule.id.as_str());
        let amount = rule.benefit().and_then(|benefit| benefit.amount.as_ref());
        for word in rule.parts.iter().map(|part| &part.when).chain(amount).flat_map(|text| every_word(&text.text)) {
            if let Some(parameter) = desk.pack.parameter(word).filter(|p| !named.iter().any(|known| known.id == p.id)) {
                named.push(parameter);
            }
            texts.extend(desk.pack.rule(word).filter(|group| !seen.contains(&group.id.as_str())));
        }
    }
    named
        .into_iter()
        .map(|parameter| {
            let now = desk.parameter_value(parameter);
            let said = |value| desk.plain_value(value, parameter.unit.as_deref());
            let others = parameter.values.iter().filter(|v| Some(v.from) != now.map(|now| now.from));
            Figure {
                label: desk.voice.of(&parameter.label).to_owned(),
                value: now.map(|v| said(&v.value)).unwrap_or_default(),
                from: now.map(|v| v.from.to_string()).unwrap_or_default(),
                to_confirm: parameter.to_confirm,
                others: others.map(|v| format!("{} {}", v.from, said(&v.value))).collect(),
            }
        })
        .collect()
}

/// Every plan of the same region, the newest first.
fn versions(public: &Public<'_>) -> Vec<Version> {
    let (desk, all) = (&public.desk, public.published.versions(&public.app.places().packs));
    if all.len() < 2 {
        return Vec::new();
    }
    all.iter()
        .map(|pack| {
            let until = pack.in_force_until.map(|until| until.to_string()).unwrap_or_default();
            let current = pack.id == desk.pack.id;
            Version {
                title: format!("{} {}", desk.voice.of(&pack.title), pack.version),
                period: format!("{} – {until}", pack.in_force_from),
                current,
                compare: (!current).then(|| address("/services/compare", &[("with", &pack.id)])),
            }
        })
        .collect()
}

/// `GET /services/compare`
pub async fn compare(State(app): State<AppState>, ask: Ask, Query(asked): Query<Between>) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Services, "portal/compare.html"), move |_, public| {
        let all = public.published.versions(&public.app.places().packs);
        let other: &Arc<Pack> = all.iter().find(|pack| pack.id == asked.with).ok_or(Problem::NotFound)?;
        let (before, after) = if other.in_force_from <= public.desk.pack.in_force_from {
            (&**other, public.desk.pack)
        } else {
            (public.desk.pack, &**other)
        };
        let view = compared(&public.desk, before, after);
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

/// Two packs side by side, as far as the public reads them: not how conditions are written, but what they say.
#[must_use]
pub fn compared(desk: &Desk<'_>, before: &Pack, after: &Pack) -> Compared {
    let found = diff(before, after);
    let voice = desk.voice;
    let changes = found.changes.iter().map(|change| Changed {
        how: match change.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
        },
        kind: voice.of(&policy::kind_name(change.kind)).to_owned(),
        label: voice.of(&change.label).to_owned(),
        fields: change
            .fields
            .iter()
            .map(|field| {
                let text = |side: &Option<kernel::Bilingual>| side.as_ref().map(|t| voice.of(t).to_owned());
                (
                    voice.of(&field.name).to_owned(),
                    text(&field.before).unwrap_or_default(),
                    text(&field.after).unwrap_or_default(),
                )
            })
            .collect(),
    });
    Compared {
        title: voice.word("differ-title"),
        before: format!("{} {}", voice.of(&before.title), before.version),
        after: format!("{} {}", voice.of(&after.title), after.version),
        changes: changes.collect(),
    }
}

/// A form on paper for one benefit.
#[derive(Clone, Debug, Serialize)]
pub struct Form {
    pub title: String,
    pub item: Item,
    pub owner: String,
    pub day: String,
}

/// `GET /services/{rule}/form`
pub async fn form(State(app): State<AppState>, ask: Ask, Path(rule): Path<String>) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Services, "portal/form.html"), move |_, public| {
        let desk = &public.desk;
        let rule = desk.pack.rule(&rule).filter(|rule| rule.benefit().is_some()).ok_or(Problem::NotFound)?;
        let title = desk.voice.say("form-title", &[("benefit", desk.voice.of(&rule.label).into())]);
        let owner = desk.pack.portal.owner.as_ref().map(|owner| desk.voice.of(owner).to_owned()).unwrap_or_default();
        let form = Form { title: title.clone(), item: item(public, desk, rule), owner, day: desk.as_of.to_string() };
        Ok(Made::new(title, form))
    })
    .await
}

/// The document of the plan as it was attached.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    pub title: String,
    pub publisher: String,
    pub published: String,
    pub lines: Vec<String>,
}

/// `GET /services/document`
pub async fn document(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Services, "portal/document.html"), |_, public| {
        let desk = &public.desk;
        let text = law::text(public).ok_or(Problem::NotFound)?;
        let document = desk.pack.document.as_ref();
        let view = Document {
            title: desk.voice.of(&desk.pack.title).to_owned(),
            publisher: document.map(|d| desk.voice.of(&d.publisher).to_owned()).unwrap_or_default(),
            published: document.and_then(|d| d.published).map(|day| day.to_string()).unwrap_or_default(),
            lines: text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        };
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}
