//! A small pack in a temporary folder, for tests to break in one place and read again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::PackFault;
use crate::model::Pack;

const FACTS: &str = r#"
[[department]]
id = "police"
name = { zh = "公安", en = "Police" }
seal = "安"

[[fact]]
key = "birth_date"
entity = "person"
type = "date"
label = { zh = "出生日期", en = "Date of birth" }
seal = "安"
supplier = "police"
sensitivity = "class"

[[fact]]
key = "age"
entity = "person"
type = "int"
label = { zh = "年龄", en = "Age" }
derive = "years_between(birth_date, as_of())"
sensitivity = "class"

[[fact]]
key = "death_date"
entity = "person"
type = "date"
label = { zh = "死亡日期", en = "Date of death" }
supplier = "police"
sensitivity = "class"

[[fact]]
key = "name"
entity = "person"
type = "text"
label = { zh = "姓名", en = "Name" }
sensitivity = "identity"

[[fact]]
key = "sex"
entity = "person"
type = "text"
label = { zh = "性别", en = "Sex" }
sensitivity = "class"
null_values = ["0", "9"]
codes = [{ value = "1", zh = "男", en = "male" }, { value = "2", zh = "女", en = "female" }]

[[fact]]
key = "household_id"
entity = "person"
type = "text"
label = { zh = "户", en = "Household" }
sensitivity = "class"

[[fact]]
key = "poor"
entity = "person"
type = "bool"
label = { zh = "低保", en = "On the allowance" }
supplier = "police"
sensitivity = "class"
absent = false

[[fact]]
key = "level"
entity = "person"
type = "int"
label = { zh = "能力等级", en = "Ability level" }
sensitivity = "class"
"#;

const BASE: &str = r#"
id = "base"
version = "1"
title = { zh = "国家", en = "National" }
"#;

const PACK: &str = r#"id = "demo"
version = "1"
title = { zh = "示例", en = "Sample" }
builds_on = ["base"]
divisions = ["6530"]
in_force_from = 2024-01-01

[population]
parts = [{ id = "alive", when = "death_date IS NULL OR death_date > as_of()", zh = "在世", en = "Alive" }]
"#;

const PARAMETERS: &str = r#"
[[parameter]]
id = "old_age"
type = "int"
unit = "years"
label = { zh = "老年年龄", en = "Old age" }
values = [{ from = 2000-01-01, value = 60, source = "law" }]

[[parameter]]
id = "grant"
type = "fen"
label = { zh = "补贴", en = "Grant" }
to_confirm = true
values = [
  { from = 2000-01-01, value = 10000, source = "order 1" },
  { from = 2026-01-01, value = "250.50 yuan", source = "order 2" },
]
"#;

const GROUPS: &str = r#"[[group]]
id = "old"
label = { zh = "老年人", en = "Older person" }
clauses = ["C-1"]
parts = [{ id = "older", when = "age >= param(old_age)", zh = "年满 60", en = "60 or older" }]
"#;

const BENEFITS: &str = r#"[[benefit]]
id = "aid"
label = { zh = "救助", en = "Aid" }
clauses = ["C-1"]
kind = "cash"
amount = "param(grant)"
per = "month"
parts = [
  { id = "old", when = "group(old)", zh = "老年人", en = "Older person" },
  { id = "poor", when = "poor", zh = "低保", en = "On the allowance" },
]
"#;

const CLAUSES: &str = r#"
[[clause]]
id = "C-1"
title = { zh = "救助", en = "Aid" }
summary = { zh = "救助低保老人", en = "Aid for poor older people" }
state = "implemented"
kind = "rule"
implemented_by = ["group:old", "benefit:aid"]

[[clause]]
id = "C-2"
title = { zh = "领导", en = "Leadership" }
summary = { zh = "加强领导", en = "Leadership" }
state = "duty"
kind = "admin"
responsible = [{ zh = "民政局", en = "Civil affairs" }]
deadline = "none_stated"
evidence = { zh = "会议纪要", en = "Minutes" }

[[clause]]
id = "C-3"
title = { zh = "热线", en = "Hotline" }
summary = { zh = "热线", en = "Hotline" }
state = "awaiting"
kind = "workflow"
awaits = { capability = "hotline", zh = "热线", en = "Hotline" }
"#;

const CASES: &str = r#"
[[case]]
name = "poor and sixty today"
as_of = 2026-11-20
facts = { birth_date = 1966-11-20, poor = true }
expect = { old = "met", aid = "met" }
amount = { aid = 25050 }

[[case]]
name = "sixty tomorrow"
as_of = 2026-11-20
facts = { birth_date = 1966-11-21, poor = true }
expect = { old = "not_met", aid = "not_met" }

[[case]]
name = "not poor"
as_of = 2026-11-20
facts = { birth_date = 1950-01-01, poor = false }
expect = { old = "met", aid = "not_met" }

[[case]]
name = "nobody asked"
as_of = 2025-11-20
facts = { birth_date = 1950-01-01 }
expect = { aid = "unknown" }
missing = { aid = ["poor"] }

[[case]]
name = "dead"
as_of = 2026-11-20
facts = { birth_date = 1950-01-01, poor = true, death_date = 2026-11-20 }
expect = { old = "not_met", aid = "not_met" }
"#;

/// A packs folder of its own, removed when dropped.
pub struct Sample {
    dir: tempfile::TempDir,
}

impl Sample {
    pub fn new() -> Self {
        let sample = Self { dir: tempfile::tempdir().expect("a folder for the test") };
        for (file, text) in [
            ("base/pack.toml", BASE),
            ("base/facts.toml", FACTS),
            ("demo/pack.toml", PACK),
            ("demo/parameters/all.toml", PARAMETERS),
            ("demo/groups.toml", GROUPS),
            ("demo/benefits.toml", BENEFITS),
            ("demo/clauses.toml", CLAUSES),
            ("demo/cases/all.toml", CASES),
        ] {
            sample.write(file, text);
        }
        sample
    }

    pub fn packs(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder for the file");
        fs::write(path, text).expect("a file of the sample");
    }

    /// Replaces the only place where `before` stands.
    pub fn with(self, file: &str, before: &str, after: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).expect("a file of the sample");
        assert_eq!(text.matches(before).count(), 1, "`{before}` in {file}");
        self.write(file, &text.replace(before, after));
        self
    }

    pub fn load(&self) -> Result<Pack, Vec<PackFault>> {
        crate::load(self.packs(), "demo")
    }

    /// `file:line:column code` of every fault on loading.
    pub fn faults(&self) -> Vec<String> {
        self.load().err().unwrap_or_default().iter().map(place).collect()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }
}

/// `file:line:column code`.
pub fn place(fault: &PackFault) -> String {
    format!("{}:{}:{} {}", fault.file, fault.line, fault.column, fault.code)
}
