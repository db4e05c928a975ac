//! The truth beside the lists: who there is, which row is about whom, which faults were planted.
//!
//! Five files in `truth/`, for tests and measurements only; a cycle never reads them.
//! - `people.csv`: everyone, with the facts as they are on the as-of date, by dictionary keys
//! - `links.csv`: file, row (counted from 1 with title and header), person number
//! - `faults.csv`: file, row, what the column gives, kind of fault, person number
//! - `assessments.csv`: person number, day, total, final level, the scores in the order of the scale's items
//! - `twice.csv`: who stands in the population list twice: person number, file, row and ID number of the second entry

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use kernel::Date;

use crate::SynthFault;
use crate::cell::Cell;
use crate::faults::Planted;
use crate::person::{Income, Older, Person, SpecialFamily};
use crate::places::Place;

/// The five files, or nothing when no truth is wanted.
pub(crate) struct Truth {
    files: Option<[Sheet; 5]>,
}

struct Sheet {
    path: PathBuf,
    out: BufWriter<File>,
}

const PEOPLE: &str = "number,name,id_number,sex,birth_date,ethnicity,marital_status,hukou_division,residence_division,\
household_id,death_date,disability_category,disability_grade,older,living_arrangement,children_count,\
children_in_village,children_all_away_since,capable_supporter_nearby,wants_institution,wants_home_adaptation,\
low_income_allowance,low_income_margin,destitute_support,special_family,great_contribution,ltci_insured,ltci_level,\
ability_level,ability_assessed_on,ability_valid_until,ability_total,dementia,institution_id,institution_since,\
institution_contract,institution_paid,needs_meal_delivery,health_managed_on,family_doctor,receives_institution_aid,\
receives_meal_delivery,home_adapted_on,last_visit_on";

impl Truth {
    pub(crate) fn create(dir: &Path, wanted: bool) -> Result<Self, SynthFault> {
        if !wanted {
            return Ok(Self { files: None });
        }
        let dir = dir.join("truth");
        std::fs::create_dir_all(&dir).map_err(|cause| SynthFault::Write { path: dir.clone(), cause })?;
        let open = |name: &str, header: &str| -> Result<Sheet, SynthFault> {
            let path = dir.join(name);
            let file = File::create(&path).map_err(|cause| SynthFault::Write { path: path.clone(), cause })?;
            let mut sheet = Sheet { path, out: BufWriter::with_capacity(1 << 18, file) };
            sheet.line(header)?;
            Ok(sheet)
        };
        let people = open("people.csv", PEOPLE)?;
        let links = open("links.csv", "file,row,number")?;
        let faults = open("faults.csv", "file,row,gives,kind,number")?;
        let assessments = open("assessments.csv", "number,on,total,level,scores")?;
        let twice = open("twice.csv", "number,file,row,id_number")?;
        Ok(Self { files: Some([people, links, faults, assessments, twice]) })
    }

    pub(crate) fn person(&mut self, person: &Person, places: &[Place], as_of: Date) -> Result<(), SynthFault> {
        let Some([people, _, _, assessments, _]) = &mut self.files else { return Ok(()) };
        people.line(&facts(person, places, as_of))?;
        for made in person.older.iter().flat_map(|older| &older.assessments) {
            let scores: Vec<String> = made.scores.iter().map(u8::to_string).collect();
            let (number, scores) = (person.number, scores.join(" "));
            assessments.line(&format!("{number},{},{},{},{scores}", made.on, made.total, made.level))?;
        }
        Ok(())
    }

    pub(crate) fn link(&mut self, file: &str, row: u32, number: u32) -> Result<(), SynthFault> {
        let Some([_, links, ..]) = &mut self.files else { return Ok(()) };
        links.line(&format!("{file},{row},{number}"))
    }

    pub(crate) fn fault(&mut self, file: &str, row: u32, planted: Planted, number: u32) -> Result<(), SynthFault> {
        let Some([_, _, faults, ..]) = &mut self.files else { return Ok(()) };
        faults.line(&format!("{file},{row},{},{},{number}", planted.gives, planted.kind))
    }

    pub(crate) fn twice(&mut self, file: &str, row: u32, number: u32, id: &str) -> Result<(), SynthFault> {
        let Some([.., twice]) = &mut self.files else { return Ok(()) };
        twice.line(&format!("{number},{file},{row},{id}"))
    }

    pub(crate) fn close(self) -> Result<(), SynthFault> {
        for mut sheet in self.files.into_iter().flatten() {
            sheet.out.flush().map_err(|cause| SynthFault::Write { path: sheet.path, cause })?;
        }
        Ok(())
    }
}

impl Sheet {
    fn line(&mut self, text: &str) -> Result<(), SynthFault> {
        writeln!(self.out, "{text}").map_err(|cause| SynthFault::Write { path: self.path.clone(), cause })
    }
}

fn facts(person: &Person, places: &[Place], as_of: Date) -> String {
    let category = person.disability.map_or_else(String::new, |d| d.category.to_string());
    let grade = person.disability.map_or(0, |d| d.grade);
    let mut line = vec![
        person.number.to_string(),
        person.name.clone(),
        person.id_number.clone(),
        person.sex().to_owned(),
        person.born.to_string(),
        person.ethnicity.to_owned(),
        person.marital.to_owned(),
        person.hukou.to_string(),
        person.residence.to_string(),
        person.household.clone(),
        Cell::from(person.died).plain(),
        category,
        grade.to_string(),
        person.older.is_some().to_string(),
    ];
    if let Some(older) = person.older.as_deref() {
        line.extend(of_older(older, places, as_of));
    }
    line.resize(PEOPLE.split(',').count(), String::new());
    line.join(",")
}

fn of_older(older: &Older, places: &[Place], as_of: Date) -> Vec<String> {
    let survey = &older.survey;
    let special = match older.special_family {
        SpecialFamily::No => "none",
        SpecialFamily::OnlyChildDied => "only_child_died",
        SpecialFamily::OnlyChildDisabled => "only_child_disabled",
    };
    let valid = older.assessments.iter().rev().find(|a| a.on <= as_of && a.valid_until >= as_of);
    let stay = older.stay.as_ref();
    let cells: [Cell; 30] = [
        survey.arrangement.code().into(),
        i64::from(survey.children).into(),
        i64::from(survey.children_in_village).into(),
        survey.all_away_since.into(),
        survey.supporter_nearby.into(),
        survey.wants_institution.into(),
        survey.wants_home_adaptation.into(),
        (older.income == Income::Allowance).into(),
        (older.income == Income::Margin).into(),
        (older.income == Income::Destitute).into(),
        special.into(),
        older.great_contribution.into(),
        older.ltci_insured.into(),
        older.ltci_level.map(i64::from).into(),
        valid.map(|a| i64::from(a.level)).into(),
        valid.map(|a| a.on).into(),
        valid.map(|a| a.valid_until).into(),
        valid.map(|a| i64::from(a.total)).into(),
        older.dementia.into(),
        stay.map(|s| places[s.place].id.clone()).into(),
        stay.map(|s| s.since).into(),
        stay.map(|s| s.contract).into(),
        stay.map(|s| s.paid).into(),
        older.needs_meals.into(),
        older.health_managed_on.into(),
        older.family_doctor.into(),
        older.receives_institution_aid.into(),
        older.receives_meals.into(),
        older.home_adapted_on.into(),
        older.visits.last().map(|v| v.on).into(),
    ];
    cells.iter().map(Cell::plain).collect()
}
