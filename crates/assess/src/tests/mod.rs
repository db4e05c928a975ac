//! The interpreter against the national scale and against broken files.

mod faults;
mod jsonl;
mod national;

use std::path::PathBuf;

use crate::{Form, Scale};

fn packs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn national_scale() -> Scale {
    Scale::find(&packs(), "gbt-42195-2022").expect("the national scale is sound")
}

/// Full marks.
fn intact(scale: &Scale) -> Form {
    scale.items.iter().fold(Form::default(), |form, item| form.score(&item.code, item.max))
}
