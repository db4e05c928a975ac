//! A text as a QR code, drawn as one path.

use qrcode::QrCode;
use serde::Serialize;

use crate::edge::Problem;

/// The dark modules, and the width in modules with its quiet zone.
#[derive(Clone, Debug, Serialize)]
pub struct Drawn {
    pub path: String,
    pub size: usize,
}

/// # Errors
/// When the text is too long for a code.
pub fn drawn(text: &str) -> Result<Drawn, Problem> {
    const QUIET: usize = 4;
    let code = QrCode::new(text).map_err(Problem::internal)?;
    let width = code.width();
    let colours = code.into_colors();
    let mut path = String::new();
    for (at, _) in colours.iter().enumerate().filter(|(_, colour)| **colour == qrcode::Color::Dark) {
        path += &format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
    }
    Ok(Drawn { path, size: width + 2 * QUIET })
}
