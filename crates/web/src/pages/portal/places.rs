//! Where to go: homes, stations, canteens, clinics by township, with beds and whatever else is published of them.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::{DivisionCode, DivisionLevel, PlaceId};
use policy::column::Table;
use policy::model::Sensitivity;
use policy::value::Value;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::parts::{Chip, FactShown, Pager, address};
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// What the list shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub lead: String,
    /// The way down to a township and up again.
    pub divisions: Vec<Chip>,
    pub kinds: Vec<Chip>,
    pub places: Vec<Line>,
    pub pager: Pager,
    pub childcare: bool,
}

/// A place in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub href: String,
    pub name: String,
    pub kind: String,
    pub place: String,
    /// `12 of 40 beds free`; none where beds are not known.
    pub beds: Option<String>,
    pub free: bool,
    /// From the place whose page it is, where both have coordinates.
    pub distance: Option<String>,
}

/// One place.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub line: Line,
    pub facts: Vec<FactShown>,
    pub near: Vec<Line>,
    pub back: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    at: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    page: String,
}

const PER_PAGE: i64 = 20;
const NEAR: usize = 6;

/// The places of a night that are open.
struct Places<'p> {
    desk: &'p Desk<'p>,
    table: &'p Table,
}

impl<'p> Places<'p> {
    fn of(desk: &'p Desk<'p>) -> Option<Self> {
        Some(Self { desk, table: desk.population.table("place")? })
    }

    fn text(&self, row: usize, key: &str) -> Option<String> {
        self.table.get(row, key).as_text().map(str::to_owned)
    }

    fn division(&self, row: usize) -> Option<DivisionCode> {
        self.text(row, "division")?.parse().ok()
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        let closed = |row: usize| self.table.get(row, "closed_on").as_date().is_some_and(|on| on <= self.desk.as_of);
        (0..self.table.rows()).filter(move |row| !closed(*row))
    }

    fn coordinates(&self, row: usize) -> Option<(f64, f64)> {
        let at = |key| match self.table.get(row, key) {
            Value::Float(x) => Some(x),
            _ => None,
        };
        Some((at("lon")?, at("lat")?))
    }

    fn line(&self, row: usize) -> Line {
        let desk = self.desk;
        let whole = |key| self.table.get(row, key).as_units();
        let free = whole("beds").zip(whole("occupied")).map(|(beds, taken)| (beds, (beds - taken).max(0)));
        let beds = match (free, whole("beds")) {
            (Some((beds, free)), _) => {
                Some(desk.voice.say("places-beds", &[("free", free.into()), ("beds", beds.into())]))
            }
            (None, Some(beds)) if beds > 0 => Some(desk.voice.say("places-beds-all", &[("beds", beds.into())])),
            _ => None,
        };
        let kind = self.table.get(row, "kind");
        Line {
            href: format!("/places/{}", PlaceId(self.table.ids()[row])),
            name: self.text(row, "name").unwrap_or_else(|| PlaceId(self.table.ids()[row]).to_string()),
            kind: desk.value("place", "kind", &kind).unwrap_or_default(),
            place: self.division(row).map(|code| desk.where_is(code)).unwrap_or_default(),
            beds: beds.filter(|_| free.is_none_or(|(beds, _)| beds > 0)),
            free: free.is_some_and(|(_, free)| free > 0),
            distance: None,
        }
    }
}

/// `GET /places`
pub async fn index(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    list(app, ask, params, false).await
}

/// `GET /childcare`
pub async fn childcare(
    State(app): State<AppState>,
    ask: Ask,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    list(app, ask, params, true).await
}

async fn list(app: AppState, ask: Ask, params: Params, childcare: bool) -> Result<Response, Problem> {
    let section = if childcare { Section::Childcare } else { Section::Places };
    app.public_page(ask, Page::new(section, "portal/places.html"), move |_, public| {
        let childcare_kinds = &public.desk.pack.portal.publishing.childcare_kinds;
        if childcare && childcare_kinds.is_empty() {
            return Err(Problem::NotFound);
        }
        let view = view(public, &params, childcare);
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

fn view(public: &Public<'_>, params: &Params, childcare: bool) -> View {
    let desk = &public.desk;
    let path = if childcare { "/childcare" } else { "/places" };
    let chosen = params.at.parse::<DivisionCode>().ok().filter(|code| desk.is_ours(*code));
    let childcare_kinds = &desk.pack.portal.publishing.childcare_kinds;
    let service = desk.pack.services.iter().find(|service| service.id == params.service);
    let fits = |kind: &str| {
        childcare_kinds.iter().any(|known| known == kind) == childcare
            && service.is_none_or(|service| service.deliverers.iter().any(|known| known == kind))
    };
    let link = |at: &str, kind: &str, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(path, &[("at", at), ("kind", kind), ("service", &params.service), ("page", &page)])
    };
    let at = chosen.map(|code| code.to_string()).unwrap_or_default();
    let places = Places::of(desk);
    let rows: Vec<usize> = places.iter().flat_map(|places| places.open().collect::<Vec<_>>()).collect();
    let kind_of = |row: usize| places.as_ref().and_then(|p| p.text(row, "kind")).unwrap_or_default();
    let inside = |row: usize, code: DivisionCode| {
        places.as_ref().and_then(|p| p.division(row)).is_some_and(|own| code.contains(own))
    };
    let fitting: Vec<usize> = rows.into_iter().filter(|row| fits(&kind_of(*row))).collect();
    let here: Vec<usize> = fitting.iter().copied().filter(|row| chosen.is_none_or(|code| inside(*row, code))).collect();
    let kinds = desk.pack.dictionary.get("place", "kind").map(|fact| fact.codes.as_slice()).unwrap_or_default();
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let mut kind_chips = vec![Chip {
        label: desk.voice.word("places-all-kinds"),
        n: Some(count(here.len())),
        href: link(&at, "", 1),
        current: params.kind.is_empty(),
    }];
    kind_chips.extend(kinds.iter().filter_map(|code| {
        let n = here.iter().filter(|row| kind_of(**row) == code.value).count();
        (n > 0).then(|| Chip {
            label: desk.voice.of(&code.label).to_owned(),
            n: Some(count(n)),
            href: link(&at, &code.value, 1),
            current: params.kind == code.value,
        })
    }));
    let chip = |code: DivisionCode, current: bool| Chip {
        label: desk.place(code),
        n: Some(count(fitting.iter().filter(|row| inside(**row, code)).count())),
        href: link(&code.to_string(), &params.kind, 1),
        current,
    };
    let divisions = divisions(desk, chosen).into_iter().map(|(code, current)| chip(code, current));
    let shown: Vec<usize> =
        here.iter().copied().filter(|row| params.kind.is_empty() || kind_of(*row) == params.kind).collect();
    let page = params.page.parse().unwrap_or(1);
    let pager = Pager::of(page, PER_PAGE, count(shown.len()), |page| link(&at, &params.kind, page));
    let skip = usize::try_from(pager.from.max(1) - 1).unwrap_or(0);
    let lines = shown.iter().skip(skip).take(usize::try_from(PER_PAGE).unwrap_or(0));
    let whole = || desk.pack.roots.first().map(|root| desk.place(*root)).unwrap_or_default();
    let place = chosen.map_or_else(whole, |code| desk.where_is(code));
    let args = [("place", place.into()), ("n", count(shown.len()).into())];
    let lead = match service {
        Some(service) => desk.voice.say("places-lead-service", &[("service", desk.voice.of(&service.label).into())]),
        None => desk.voice.word("places-lead"),
    };
    View {
        title: desk.voice.say(if childcare { "places-title-childcare" } else { "places-title" }, &args),
        lead,
        divisions: divisions.collect(),
        kinds: kind_chips,
        places: lines.filter_map(|row| places.as_ref().map(|places| places.line(*row))).collect(),
        pager,
        childcare,
    }
}

/// The chosen division and what lies above it, then what lies below it.
fn divisions(desk: &Desk<'_>, chosen: Option<DivisionCode>) -> Vec<(DivisionCode, bool)> {
    let mut all: Vec<(DivisionCode, bool)> = Vec::new();
    let mut up = chosen;
    while let Some(code) = up.filter(|code| desk.is_ours(*code)) {
        all.insert(0, (code, chosen == Some(code)));
        up = code.parent();
    }
    let below: Vec<DivisionCode> = match chosen {
        Some(code) if code.level() >= DivisionLevel::Township => Vec::new(),
        Some(code) => desk.pack.divisions.children(code).map(|d| d.code).collect(),
        None => desk.pack.roots.iter().flat_map(|root| desk.pack.divisions.children(*root)).map(|d| d.code).collect(),
    };
    all.extend(below.into_iter().map(|code| (code, false)));
    all
}

/// `GET /places/{place}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(place): Path<String>) -> Result<Response, Problem> {
    let place: PlaceId = place.parse().map_err(|_| Problem::NotFound)?;
    app.public_page(ask, Page::new(Section::Places, "portal/place.html"), move |_, public| {
        let places = Places::of(&public.desk).ok_or(Problem::NotFound)?;
        let row = places.open().find(|row| places.table.ids()[*row] == place.0).ok_or(Problem::NotFound)?;
        let view = shown(&public.desk, &places, row);
        Ok(Made::new(view.line.name.clone(), view))
    })
    .await
}

/// Everything of it that is open to all, and what is near.
fn shown(desk: &Desk<'_>, places: &Places<'_>, row: usize) -> Shown {
    let said_above = ["place_id", "name", "kind", "division", "lon", "lat"];
    let open = desk
        .pack
        .dictionary
        .of("place")
        .filter(|fact| fact.sensitivity == Sensitivity::Open && !said_above.contains(&fact.key.as_str()));
    let facts = open.filter_map(|fact| desk.shown("place", &fact.key, &places.table.get(row, &fact.key)));
    let here = places.coordinates(row);
    let mut near: Vec<(f64, usize)> = places
        .open()
        .filter(|other| *other != row)
        .filter_map(|other| Some((kilometres(here?, places.coordinates(other)?), other)))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = near.into_iter().take(NEAR).map(|(km, other)| {
        let distance = desk.voice.say("places-km", &[("km", format!("{km:.1}").into())]);
        Line { distance: Some(distance), ..places.line(other) }
    });
    let township = places.division(row).and_then(|code| code.at(DivisionLevel::Township));
    let at = township.map(|code| code.to_string()).unwrap_or_default();
    Shown {
        line: places.line(row),
        facts: facts.collect(),
        near: near.collect(),
        back: address("/places", &[("at", &at)]),
    }
}

/// Along the surface of the earth, which is round enough here.
fn kilometres((lon_a, lat_a): (f64, f64), (lon_b, lat_b): (f64, f64)) -> f64 {
    const RADIUS: f64 = 6371.0;
    let (a, b) = (lat_a.to_radians(), lat_b.to_radians());
    let (dy, dx) = ((b - a) / 2.0, (lon_b - lon_a).to_radians() / 2.0);
    let h = dy.sin().powi(2) + a.cos() * b.cos() * dx.sin().powi(2);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() {
        assert!((kilometres((76.0, 39.0), (76.0, 40.0)) - 111.2).abs() < 0.1);
        assert!(kilometres((76.0, 39.0), (76.0, 39.0)).abs() < 1e-9);
    }
}
