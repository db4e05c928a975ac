//! The frame around a public page: who runs it, the columns, and whom to call.

use policy::model::Portal;
use serde::Serialize;

use super::Voice;

/// The columns of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Home,
    Benefits,
    Services,
    Places,
    Childcare,
    Open,
    Consult,
    Me,
    Nowhere,
}

/// What the template of the frame shows.
#[derive(Clone, Debug, Serialize)]
pub struct PortalFrame {
    pub owner: String,
    pub emergency: Option<PhoneLine>,
    pub hotline: Option<PhoneLine>,
    pub nav: Vec<Tab>,
    /// On its own, for paper.
    pub print: bool,
    /// The page tells of something that must be changed.
    pub fault: bool,
}

/// A number with the words for it.
#[derive(Clone, Debug, Serialize)]
pub struct PhoneLine {
    pub number: String,
    pub label: String,
    pub note: String,
}

/// A link to a column.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    pub id: Section,
    pub href: &'static str,
    pub label: String,
    pub current: bool,
}

const TABS: [(Section, &str, &str); 7] = [
    (Section::Home, "/", "portal-nav-home"),
    (Section::Benefits, "/benefits", "portal-nav-benefits"),
    (Section::Services, "/services", "portal-nav-services"),
    (Section::Places, "/places", "portal-nav-places"),
    (Section::Childcare, "/childcare", "portal-nav-childcare"),
    (Section::Open, "/open", "portal-nav-open"),
    (Section::Consult, "/consult", "portal-nav-consult"),
];

impl PortalFrame {
    /// `portal`: the region's own words; before the first night there are none.
    #[must_use]
    pub fn new(voice: Voice<'_>, portal: Option<&Portal>, section: Section) -> Self {
        let phone = |role: &str| {
            portal.and_then(|portal| portal.phone(role)).map(|phone| PhoneLine {
                number: phone.number.clone(),
                label: voice.of(&phone.label).to_owned(),
                note: phone.note.as_ref().map(|note| voice.of(note).to_owned()).unwrap_or_default(),
            })
        };
        let childcare = portal.is_some_and(|portal| !portal.publishing.childcare_kinds.is_empty());
        let shown = TABS.iter().filter(|(id, ..)| *id != Section::Childcare || childcare);
        Self {
            owner: portal.and_then(|p| p.owner.as_ref()).map(|o| voice.of(o).to_owned()).unwrap_or_default(),
            emergency: phone("emergency"),
            hotline: phone("hotline"),
            nav: shown
                .map(|(id, href, key)| Tab { id: *id, href, label: voice.word(key), current: *id == section })
                .collect(),
            print: false,
            fault: false,
        }
    }
}
