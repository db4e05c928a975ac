//! Pages about the plan, made from the pack in the repository over an empty region.

use std::path::Path;

use kernel::{Date, Lang, PersonId};
use policy::column::{Population, Table};
use policy::{CheckReport, Determinations, Pack, Program};

use super::plan::show::{Around, Open};
use crate::desk::{Desk, MeasuredBy, Names};
use crate::frame::{Display, Rail, Renderer, Shell};
use crate::published::EVERYTHING;

struct Nobody;

impl Names for Nobody {
    fn name(&self, _: PersonId) -> Option<&str> {
        None
    }
}

struct Night {
    pack: Pack,
    program: Program,
    population: Population,
    found: Determinations,
    measured: MeasuredBy,
    check: CheckReport,
    renderer: Renderer,
    as_of: Date,
}

impl Night {
    fn new() -> Self {
        let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
        let pack = policy::load(packs, "kizilsu-2024")
            .unwrap_or_else(|faults| panic!("{} faults, {}", faults.len(), faults[0]));
        let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{} faults, {}", faults.len(), faults[0]));
        let population =
            Population::new(["person", "place"].map(|e| Table::new(e, Vec::new(), Default::default()).unwrap()));
        let as_of = kernel::parse_date("2026-11-20").unwrap();
        Self {
            found: program.run(&population, as_of),
            measured: MeasuredBy::new(),
            check: CheckReport::default(),
            renderer: Renderer::new().unwrap(),
            pack,
            program,
            population,
            as_of,
        }
    }

    fn desk(&self, lang: Lang) -> Desk<'_> {
        Desk {
            voice: self.renderer.voice(lang),
            as_of: self.as_of,
            pack: &self.pack,
            program: &self.program,
            population: &self.population,
            found: &self.found,
            measured: &self.measured,
            check: &self.check,
            names: &Nobody,
            within: &EVERYTHING,
        }
    }

    fn page<V: serde::Serialize>(&self, lang: Lang, template: &str, view: &V) -> String {
        let display = Display { lang, ..Display::default() };
        let html =
            self.renderer.page(lang, template, &Shell::new(display, "/d/plan", Rail::Policy, "x"), view).unwrap();
        assert!(!html.contains('⟦'), "{}", &html[html.find('⟦').unwrap_or(0)..].chars().take(90).collect::<String>());
        html
    }
}

#[test]
fn the_plan_shows_every_duty_once_and_stays_small() {
    let night = Night::new();
    for lang in [Lang::Zh, Lang::En] {
        let desk = night.desk(lang);
        let around = |open| Around { tracked: &[], document: None, only: None, open, today: night.as_of };
        let folded = super::plan::show::view(&desk, &around(Open::None));
        let html = night.page(lang, "plan/show.html", &folded);
        assert!(html.len() < 60_000, "{lang:?}: {} bytes", html.len());
        let whole = super::plan::show::view(&desk, &around(Open::All));
        let shown: Vec<&str> =
            whole.sections.iter().flat_map(|s| &s.groups).flat_map(|g| &g.duties).map(|d| d.id.as_str()).collect();
        let all: Vec<&str> = night.pack.clauses.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(shown, all);
        for id in all {
            let html = night.page(lang, "plan/show.html", &super::plan::show::view(&desk, &around(Open::One(id))));
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
            assert!(html.len() < 60_000, "{lang:?} {id}: {} bytes", html.len());
        }
    }
}

#[test]
fn every_rule_and_parameter_has_its_page_in_both_languages() {
    let night = Night::new();
    for lang in [Lang::Zh, Lang::En] {
        let desk = night.desk(lang);
        for rule in &night.pack.rules {
            let html = night.page(lang, "policy/rules.html", &super::policy::rules::view(&desk, rule));
            assert!(html.len() < 60_000, "{}: {} bytes", rule.id, html.len());
        }
        night.page(lang, "policy/parameters.html", &super::policy::parameters::view(&desk));
    }
}
