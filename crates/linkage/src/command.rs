//! `yilian link` without its command line: read, link, write.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::assign::Scored;
use crate::data::Data;
use crate::engine::{Engine, Explained, Progress};
use crate::files::{FileFault, Loader};
use crate::model::ParametersFault;
use crate::sources::Kept;
use crate::spec::{Spec, SpecFault};

/// What to do with which files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub spec: PathBuf,
    pub left: PathBuf,
    /// None: duplicates within `left`.
    pub right: Option<PathBuf>,
    /// Where pairs are written.
    pub out: Option<PathBuf>,
    /// Parameters kept from an earlier run; learned anew when none are given.
    pub parameters: Option<PathBuf>,
    /// Print what was learned, as a file for `parameters`.
    pub train: bool,
    /// Print why two rows are or are not one person.
    pub explain: Option<(String, String)>,
    /// 0: as many as there are cores.
    pub threads: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub left_rows: usize,
    pub right_rows: usize,
    /// Pairs written, and those at or above the threshold `link`.
    pub reported: usize,
    pub linked: usize,
    /// Text asked for by `train` and `explain`.
    pub printed: String,
}

#[derive(Debug, thiserror::Error)]
pub enum LinkFault {
    #[error("the spec has {} faults:\n{}", .0.len(), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Spec(Vec<SpecFault>),
    #[error(transparent)]
    File(#[from] FileFault),
    #[error("could not read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("could not write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{path} does not hold parameters: {cause}")]
    Parameters { path: PathBuf, cause: String },
    #[error(transparent)]
    Fit(#[from] ParametersFault),
    #[error("no row of the {side} file has the id asked for")]
    NoSuchRow { side: &'static str },
}

/// Reads the spec and the files, links, writes.
///
/// # Errors
/// See [`LinkFault`].
pub fn run(options: &Options, progress: &mut dyn Progress) -> Result<Outcome, LinkFault> {
    let spec = read_spec(&options.spec)?;
    let mut loader = Loader::new(&spec);
    loader.files(&options.left, options.right.as_deref())?;
    run_on(&spec, &loader.finish(), options, progress)
}

/// Reads a spec file.
///
/// # Errors
/// Every fault of the spec at once.
pub fn read_spec(path: &Path) -> Result<Spec, LinkFault> {
    Spec::parse(&read(path)?).map_err(LinkFault::Spec)
}

/// As [`run`], over data that was read by other means.
///
/// # Errors
/// See [`LinkFault`].
pub fn run_on(spec: &Spec, data: &Data, options: &Options, progress: &mut dyn Progress) -> Result<Outcome, LinkFault> {
    progress.say(&format!("read {} left and {} right rows", data.left.len(), data.right().len()));
    let kept = options.parameters.as_deref().map(read_parameters).transpose()?;
    let engine = Engine::prepare(spec, data, kept.as_ref(), progress)?;
    let mut outcome = Outcome { left_rows: data.left.len(), right_rows: data.right().len(), ..Outcome::default() };
    if options.train {
        outcome.printed += &toml::to_string(&engine.models.kept(spec, data)).unwrap_or_default();
    }
    if let Some((left, right)) = &options.explain {
        let left = data.left.find(left).ok_or(LinkFault::NoSuchRow { side: "left" })?;
        let right = data.right().find(right).ok_or(LinkFault::NoSuchRow { side: "right" })?;
        outcome.printed += &explanation(&engine, &engine.explain_pair(left, right));
    }
    if let Some(out) = &options.out {
        let threads = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let pairs = engine.link(threads, progress);
        outcome.reported = pairs.len();
        outcome.linked = pairs.iter().filter(|pair| pair.probability >= spec.link).count();
        write_pairs(&engine, &pairs, out).map_err(|source| LinkFault::Write { path: out.clone(), source })?;
        progress.say(&format!("wrote {} pairs, {} of them links", outcome.reported, outcome.linked));
    }
    Ok(outcome)
}

fn read(path: &Path) -> Result<String, LinkFault> {
    std::fs::read_to_string(path).map_err(|source| LinkFault::Read { path: path.to_owned(), source })
}

fn read_parameters(path: &Path) -> Result<Kept, LinkFault> {
    toml::from_str(&read(path)?)
        .map_err(|error| LinkFault::Parameters { path: path.to_owned(), cause: error.message().to_owned() })
}

/// Why, field by field, for a person to read.
fn explanation(engine: &Engine<'_>, pair: &Explained) -> String {
    let mut text = String::new();
    let prior = engine.models.of(engine.data, pair.right).prior_odds().log2();
    let _ = writeln!(text, "before comparing            {prior:+8.2} bits");
    for (field, (level, weight)) in engine.spec.fields.iter().zip(&pair.fields) {
        let level = field.kind.levels()[*level as usize];
        let _ = writeln!(text, "{:<16} {weight:+8.2}   {level}", field.name);
    }
    let sum = prior + pair.fields.iter().map(|(_, weight)| weight).sum::<f64>();
    let _ = writeln!(text, "together         {sum:+8.2} bits, probability {:.6}", pair.probability);
    text
}

/// Left id, right id, probability, then weight of each field, then level of each field.
fn write_pairs(engine: &Engine<'_>, pairs: &[Scored], path: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, std::fs::File::create(path)?);
    let fields = &engine.spec.fields;
    out.write_all(b"left_id,right_id,probability")?;
    for field in fields {
        out.write_all(b",")?;
        quote(&mut out, &format!("{}_weight", field.name))?;
    }
    for field in fields {
        out.write_all(b",")?;
        quote(&mut out, &format!("{}_level", field.name))?;
    }
    out.write_all(b"\n")?;
    for pairs in pairs.chunks(4096) {
        for pair in engine.explain(pairs) {
            quote(&mut out, engine.data.left.id(pair.left))?;
            out.write_all(b",")?;
            quote(&mut out, engine.data.right().id(pair.right))?;
            out.write_all(b",")?;
            decimal(&mut out, pair.probability, 6)?;
            for (_, weight) in &pair.fields {
                out.write_all(b",")?;
                decimal(&mut out, *weight, 2)?;
            }
            for (field, (level, _)) in fields.iter().zip(&pair.fields) {
                out.write_all(b",")?;
                quote(&mut out, field.kind.levels()[*level as usize])?;
            }
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

fn quote(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return write!(out, "\"{}\"", text.replace('"', "\"\""));
    }
    out.write_all(text.as_bytes())
}

/// A number with so many decimals, without the cost of formatting a float.
fn decimal(out: &mut impl Write, number: f64, decimals: u32) -> std::io::Result<()> {
    let scale = 10_i64.pow(decimals);
    let mut units = (number * scale as f64).round() as i64;
    let mut digits = [0_u8; 24];
    let mut at = digits.len();
    let is_negative = units < 0;
    units = units.abs();
    let mut place = 0;
    while units > 0 || place <= decimals {
        if place == decimals {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (units % 10) as u8;
        units /= 10;
        place += 1;
    }
    if is_negative {
        at -= 1;
        digits[at] = b'-';
    }
    out.write_all(&digits[at..])
}
