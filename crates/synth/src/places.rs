//! Invented places: homes, centres, canteens, meal points, stations, hospitals; some just miss a standard.

use kernel::{Date, Division, DivisionCode, DivisionLevel, Divisions, Settlement};

use crate::Options;
use crate::ages::before;
use crate::cell::{Cell, Row, code, decimal};
use crate::dice::Dice;
use crate::land::Land;

/// A place, with the facts its lists give.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    pub division: DivisionCode,
    pub beds: i64,
    /// Everything else, by fact key.
    pub facts: Row,
}

impl Place {
    /// Whether people live here for care.
    #[must_use]
    pub fn takes_residents(&self) -> bool {
        matches!(self.kind, "welfare_home" | "care_home" | "regional_centre")
    }
}

struct Builder<'a> {
    dice: Dice,
    land: &'a Land,
    divisions: &'a Divisions,
    on: Date,
    places: Vec<Place>,
    meal_places: usize,
    /// Care homes of a township.
    care_homes: usize,
}

/// Older people for each care home of a region that is invented for all its people.
const PER_CARE_HOME: usize = 8000;

/// All places of a region, by county and township.
pub(crate) fn invent(land: &Land, options: &Options) -> Vec<Place> {
    let (divisions, region) = (&options.divisions, options.region);
    let townships = divisions.of_level(DivisionLevel::Township).filter(|t| region.contains(t.code)).count();
    let care_homes = options.residents.map_or(0, |_| options.older_people / PER_CARE_HOME / townships.max(1));
    let mut builder = Builder {
        dice: Dice::new(options.seed, "places"),
        land,
        divisions,
        on: options.invented_on,
        places: Vec::new(),
        meal_places: 0,
        care_homes,
    };
    let counties: Vec<_> = divisions
        .of_level(DivisionLevel::County)
        .map(|d| d.code)
        .filter(|c| region.contains(*c) || c.contains(region))
        .collect();
    let without_care_home = (counties.len() > 1).then(|| counties[counties.len() - 2]);
    for county in &counties {
        builder.county(*county, Some(*county) == without_care_home);
        let townships: Vec<_> = divisions.children(*county).cloned().collect();
        for township in townships.iter().filter(|t| region.contains(t.code) || t.code.contains(region)) {
            builder.township(township);
        }
    }
    builder.places
}

impl Builder<'_> {
    fn county(&mut self, county: DivisionCode, no_care_home: bool) {
        let name = self.divisions.name(county);
        let seat = self.divisions.children(county).next().map_or(county, |t| t.code);
        let seat = self.divisions.children(seat).next().map_or(seat, |c| c.code);
        let beds = self.dice.between(120, 260);
        self.residential(seat, format!("{name}敬老院"), "welfare_home", beds, "public", "public_run");
        if !no_care_home {
            let beds = self.dice.between(90, 220);
            self.residential(seat, format!("{name}养老院"), "care_home", beds, "public", "entrusted");
            if self.dice.chance(0.5) {
                let beds = self.dice.between(30, 80);
                self.residential(seat, format!("{name}安康养老院"), "care_home", beds, "private", "private_run");
            }
        }
        for (title, share) in [("人民医院", 0.75), ("第二人民医院", 0.5)] {
            let beds = self.dice.between(120, 500);
            let geriatrics = self.dice.chance(share);
            let place = self.place(seat, format!("{name}{title}"), "hospital_2_plus", beds);
            place.facts.extend([("geriatrics_dept", geriatrics.into()), ("green_channel", true.into())]);
        }
        let beds = self.dice.between(20, 60);
        let place = self.place(seat, format!("{name}中医医院"), "hospital", beds);
        place.facts.insert("green_channel", true.into());
    }

    fn township(&mut self, township: &Division) {
        let communities: Vec<_> = self.divisions.children(township.code).cloned().collect();
        let Some(seat) = communities.first().map(|c| c.code) else { return };
        let name = &township.name;
        if self.dice.chance(if township.kind == "subdistrict" { 0.4 } else { 0.82 }) {
            let beds = self.dice.between(12, 48);
            let title = ["农村幸福大院", "区域性养老服务中心"][self.dice.below(2)];
            self.residential(seat, format!("{name}{title}"), "regional_centre", beds, "public", "public_run");
        }
        for turn in 0..self.care_homes {
            let beds = self.dice.between(80, 320);
            let (owner, run) = [("public", "entrusted"), ("private", "private_run")][self.dice.weighted(&[0.4, 0.6])];
            let number = ["", "第二", "第三", "第四", "第五", "第六"].get(turn).copied().unwrap_or("新");
            self.residential(seat, format!("{name}{number}养老院"), "care_home", beds, owner, run);
        }
        if self.dice.chance(0.74) {
            self.meals(seat, format!("{name}社区老年食堂"), "canteen");
        }
        let green = self.dice.chance(0.9);
        let beds = self.dice.between(4, 30);
        let place = self.place(seat, format!("{name}卫生院"), "clinic", beds);
        place.facts.insert("green_channel", green.into());
        for community in &communities {
            self.community(community);
        }
    }

    fn community(&mut self, community: &Division) {
        let name = &community.name;
        let urban = self.divisions.settlement(community.code) == Some(Settlement::Urban);
        if self.dice.chance(if urban { 0.45 } else { 0.28 }) {
            self.meals(community.code, format!("{name}老年人助餐点"), "meal_point");
        }
        if self.dice.chance(if urban { 0.55 } else { 0.12 }) {
            let area = 60.0 + 300.0 * self.dice.unit();
            let place = self.place(community.code, format!("{name}养老服务站"), "station", 0);
            place.facts.insert("area_m2", decimal(area));
        }
        if urban && self.dice.chance(0.25) {
            let (area, beds) = (150.0 + 600.0 * self.dice.unit(), self.dice.between(4, 16));
            let place = self.place(community.code, format!("{name}日间照料中心"), "day_care", beds);
            place.facts.insert("area_m2", decimal(area));
        }
    }

    fn residential(&mut self, at: DivisionCode, name: String, kind: &'static str, beds: i64, owner: &str, run: &str) {
        let nursing = beds * self.dice.between(30, 75) / 100;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred beds")]
        let area = beds as f64 * (22.0 + 14.0 * self.dice.unit());
        let (fire, zones) = (self.dice.chance(0.94), self.dice.chance(0.85));
        let place = self.place(at, name, kind, beds);
        place.facts.extend([
            ("nursing_beds", nursing.into()),
            ("area_m2", decimal(area)),
            ("fire_safety", fire.into()),
            ("epidemic_safety", true.into()),
            ("zones_separated", zones.into()),
            ("ownership", code(owner)),
            ("operation", code(run)),
            ("non_profit", (owner == "public").into()),
        ]);
    }

    /// A canteen or meal point; every fourth misses one requirement, each in turn, some by a hair.
    fn meals(&mut self, at: DivisionCode, name: String, kind: &'static str) {
        self.meal_places += 1;
        let flaw = if self.meal_places.is_multiple_of(4) { 1 + self.meal_places / 4 % 7 } else { 0 };
        let large = if kind == "canteen" { 3 } else { 1 };
        let diners = if flaw == 1 { 9 } else { self.dice.between(10, 28) * large };
        #[expect(clippy::cast_precision_loss, reason = "a few square metres")]
        let area = if flaw == 2 { 19.5 } else { 20.0 + (self.dice.below(50) as f64) * large as f64 };
        let business = before(self.on, self.dice.between(120, 2600));
        let food =
            before(self.on, (self.on - business).num_days() + if flaw == 4 { 15 } else { -self.dice.between(0, 60) });
        let standardised = self.dice.chance(0.8);
        let place = self.place(at, name, kind, 0);
        place.facts.extend([
            ("regular_diners", diners.into()),
            ("dining_area_m2", decimal(area)),
            ("area_m2", decimal(area * 1.8)),
            ("floor", (if flaw == 3 { 2_i64 } else { 1 }).into()),
            ("business_licence_on", business.into()),
            ("food_licence_on", if flaw == 5 { Cell::Empty } else { food.into() }),
            ("fire_safety", (flaw != 6).into()),
            ("epidemic_safety", if flaw == 7 { Cell::Empty } else { true.into() }),
            ("ownership", code("collective")),
            ("operation", code("entrusted")),
        ]);
        if kind == "canteen" {
            place.facts.insert("standardised", standardised.into());
        }
    }

    fn place(&mut self, at: DivisionCode, name: String, kind: &'static str, beds: i64) -> &mut Place {
        let centre = self.land.centre(at);
        let (lon, lat) = (
            centre.lon + centre.spread * self.dice.normal() / 3.0,
            centre.lat + centre.spread * self.dice.normal() / 3.0,
        );
        let since = before(self.on, self.dice.between(150, 5000));
        let closed = self.dice.chance(0.025).then(|| before(self.on, self.dice.between(20, 140)));
        let county = at.at(DivisionLevel::County).unwrap_or(at);
        let id = format!("{county}Y{:05}", self.places.len() + 1);
        let facts = Row::from([
            ("lon", Cell::Decimal(format!("{lon:.5}"))),
            ("lat", Cell::Decimal(format!("{lat:.5}"))),
            ("in_use_since", since.into()),
            ("closed_on", closed.into()),
        ]);
        self.places.push(Place { id, name, kind, division: at, beds, facts });
        self.places.last_mut().expect("just pushed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_county_lacks_a_care_home_and_some_meal_points_just_miss_the_standard() {
        let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let places = invent(&Land::load(), &Options::load(&packs).unwrap());
        let with = |kind: &str| {
            let counties: std::collections::BTreeSet<_> =
                places.iter().filter(|p| p.kind == kind).map(|p| p.division.at(DivisionLevel::County)).collect();
            counties.len()
        };
        assert_eq!((with("welfare_home"), with("care_home")), (4, 3));
        let has =
            |key: &str, cell: Cell| places.iter().any(|p| p.kind == "meal_point" && p.facts.get(key) == Some(&cell));
        assert!(has("regular_diners", 9_i64.into()) && has("regular_diners", 10_i64.into()));
        assert!(has("dining_area_m2", decimal(19.5)) && has("floor", 2_i64.into()));
        let reversed = |p: &&Place| match (&p.facts.get("business_licence_on"), &p.facts.get("food_licence_on")) {
            (Some(Cell::Date(business)), Some(Cell::Date(food))) => food < business,
            _ => false,
        };
        assert!(places.iter().any(|p| reversed(&p)));
        let centres = places.iter().filter(|p| p.kind == "regional_centre").count();
        assert!((28..46).contains(&centres), "{centres}");
    }
}
