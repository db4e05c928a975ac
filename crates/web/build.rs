//! Lists the templates, words and style sheets of `web/` so that the binary carries them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../../web").canonicalize()?;
    println!("cargo:rerun-if-changed={}", root.display());
    let mut out = String::new();
    for (name, folder, ending) in [
        ("TEMPLATES", "templates", "html"),
        ("ZH_WORDS", "locales/zh-CN", "ftl"),
        ("EN_WORDS", "locales/en", "ftl"),
        ("STYLES", "static/css", "css"),
        ("SCRIPTS", "static/js", "js"),
        ("FIELD", "field/app", "js"),
    ] {
        let base = root.join(folder);
        let mut files = Vec::new();
        collect(&base, ending, &mut files)?;
        files.sort();
        writeln!(out, "pub(crate) const {name}: &[(&str, &str)] = &[").map_err(io::Error::other)?;
        for file in files {
            let short = file.strip_prefix(&base).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
            writeln!(out, "    ({short:?}, include_str!({:?})),", file.display().to_string())
                .map_err(io::Error::other)?;
        }
        writeln!(out, "];").map_err(io::Error::other)?;
    }
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("assets.rs");
    fs::write(target, out)
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, ending, files)?;
        } else if path.extension().is_some_and(|e| e == ending) {
            files.push(path);
        }
    }
    Ok(())
}
