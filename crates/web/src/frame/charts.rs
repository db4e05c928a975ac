//! Small charts as SVG text: bars against a target, trends, shares.
//!
//! Every chart carries its numbers in words for a screen reader, and stands beside them for everyone else.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::figures::measure;
use super::words::Voice;

/// One measure against its target, in the measure's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bullet {
    pub label: String,
    /// None: nothing measured.
    pub value: Option<f64>,
    pub target: Option<f64>,
    pub previous: Option<f64>,
    pub min: f64,
    pub max: f64,
    /// Whether less is better.
    pub low: bool,
    /// As written behind a number, in the page's language.
    pub unit: String,
}

impl Bullet {
    /// Whether the target is reached; none when one of the two is not known.
    #[must_use]
    pub fn hit(&self) -> Option<bool> {
        let (value, target) = (self.value?, self.target?);
        Some(if self.low { value <= target } else { value >= target })
    }

    /// The chart, `height` units high.
    #[must_use]
    pub fn svg(&self, voice: &Voice<'_>, height: u32) -> String {
        const WIDTH: f64 = 200.0;
        let h = f64::from(height);
        let x = |n: f64| ((n - self.min) / (self.max - self.min) * WIDTH).clamp(0.0, WIDTH);
        let class = match self.hit() {
            Some(true) => "hit",
            Some(false) => "miss",
            None => "none",
        };
        let mut out = format!(
            r#"<svg class="bullet {class}" viewBox="0 0 200 {height}" preserveAspectRatio="none" role="img" aria-label="{}">"#,
            escape(&self.spoken(voice))
        );
        let mut rect = |class: &str, x: f64, y: f64, w: f64, h: f64| {
            let _ = write!(out, r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}"/>"#);
        };
        rect("b3", 0.0, 2.0, WIDTH, h - 4.0);
        if let (Some(target), false) = (self.target, self.low) {
            rect("b2", 0.0, 2.0, x(self.min + (target - self.min) * 0.9), h - 4.0);
            rect("b1", 0.0, 2.0, x(self.min + (target - self.min) * 0.6), h - 4.0);
        }
        let middle = h / 2.0;
        if let Some(value) = self.value {
            let solid = match (self.target, self.low, self.hit()) {
                (Some(target), true, Some(false)) => x(target),
                _ => x(value),
            };
            rect("bv", 0.0, middle - 4.0, solid, 8.0);
            if let (Some(target), Some(false)) = (self.target, self.hit()) {
                rect("bg", x(value).min(x(target)), middle - 4.0, (x(target) - x(value)).abs(), 8.0);
            }
        }
        if let Some(previous) = self.previous {
            rect("bp", (x(previous) - 0.8).max(0.0), middle - 6.0, 1.6, 12.0);
        }
        if let Some(target) = self.target {
            rect("bt", (x(target) - 1.2).clamp(0.0, WIDTH - 2.4), 0.0, 2.4, h);
        }
        out.push_str("</svg>");
        out
    }

    fn spoken(&self, voice: &Voice<'_>) -> String {
        let with_unit = |v: f64| format!("{}{}", measure(v), self.unit);
        let Some(value) = self.value else {
            return voice.say("bullet-none", &[("label", self.label.as_str().into())]);
        };
        let mut said =
            voice.say("bullet-value", &[("label", self.label.as_str().into()), ("value", with_unit(value).into())]);
        if let Some(target) = self.target {
            let args = [("target", with_unit(target).into())];
            said += &if self.low { voice.say("bullet-at-most", &args) } else { voice.say("bullet-at-least", &args) };
        }
        if let Some(previous) = self.previous {
            said += &voice.say("bullet-previous", &[("previous", with_unit(previous).into())]);
        }
        match self.hit() {
            Some(true) => said += &voice.word("bullet-hit"),
            Some(false) => said += &voice.word("bullet-miss"),
            None => {}
        }
        said
    }
}

/// A plain bar: `value` of `max`; decorative, the number stands beside it.
#[must_use]
pub fn bar(value: f64, max: f64, class: &str) -> String {
    let width = if max > 0.0 { (value / max * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    format!(
        concat!(
            r#"<svg class="bar {class}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#,
            r#"<rect class="l0" width="100" height="8"/><rect class="l1" width="{width:.1}" height="8"/></svg>"#
        ),
        class = escape(class),
        width = width
    )
}

/// A weight for (to the right) or against (to the left) out of `most`; decorative, the number stands beside it.
#[must_use]
pub fn weigh(bits: f64, most: f64) -> String {
    let width = if most > 0.0 { (bits.abs() / most * 50.0).min(50.0) } else { 0.0 };
    let (class, x) = if bits < 0.0 { ("wn", 50.0 - width) } else { ("wp", 50.0) };
    format!(
        concat!(
            r#"<svg class="weigh" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#,
            r#"<rect class="{class}" x="{x:.1}" y="1" width="{width:.1}" height="8"/>"#,
            r#"<rect class="w0" x="49.7" width="0.6" height="10"/></svg>"#
        ),
        class = class,
        x = x,
        width = width
    )
}

/// Shares of a whole side by side, each with its class; decorative, the numbers stand beside it.
#[must_use]
pub fn shares(parts: &[(String, f64)]) -> String {
    let total: f64 = parts.iter().map(|(_, n)| n).sum();
    let shown = parts.iter().filter(|(_, n)| *n > 0.0);
    let gap = 0.25;
    let mut x = 0.0;
    let mut out = String::from(
        r#"<svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#,
    );
    for (class, n) in shown {
        let width = n / total * 100.0;
        let _ = write!(
            out,
            r#"<rect class="{}" x="{x:.2}" y="0.4" width="{:.2}" height="9.2"/>"#,
            escape(class),
            (width - gap).max(0.3)
        );
        x += width;
    }
    out.push_str("</svg>");
    out
}

/// A trend of one figure over equal steps of time, with its target as a dotted line.
#[must_use]
pub fn spark(values: &[f64], target: Option<f64>, label: &str) -> String {
    const W: f64 = 84.0;
    const H: f64 = 24.0;
    if values.len() < 2 {
        return String::new();
    }
    let all = values.iter().copied().chain(target);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let range = if high > low { high - low } else { 1.0 };
    let y = |v: f64| H - 3.0 - (v - low) / range * (H - 6.0);
    #[expect(clippy::cast_precision_loss, reason = "a chart has dozens of points")]
    let x = |i: usize| 2.0 + i as f64 * (W - 6.0) / (values.len() - 1) as f64;
    let numbers = values.iter().map(|v| measure(*v)).collect::<Vec<_>>().join(", ");
    let mut out = format!(
        r#"<svg class="spark" width="{W}" height="{H}" viewBox="0 0 {W} {H}" role="img" aria-label="{}: {numbers}">"#,
        escape(label)
    );
    if let Some(target) = target {
        let _ = write!(out, r#"<line class="sp-t" x1="0" x2="{W}" y1="{0:.1}" y2="{0:.1}"/>"#, y(target));
    }
    out.push_str(r#"<polyline points=""#);
    for (i, v) in values.iter().enumerate() {
        let _ = write!(out, "{}{:.1},{:.1}", if i > 0 { " " } else { "" }, x(i), y(*v));
    }
    let last = values.len() - 1;
    let _ = write!(out, r#""/><circle cx="{:.1}" cy="{:.1}" r="2.6"/></svg>"#, x(last), y(values[last]));
    out
}

/// Text safe between quotes and tags.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use super::super::words::Words;
    use super::*;

    fn visits() -> Bullet {
        Bullet {
            label: "月探访率".into(),
            value: Some(75.0),
            target: Some(100.0),
            previous: None,
            min: 50.0,
            max: 100.0,
            low: false,
            unit: "%".into(),
        }
    }

    #[test]
    fn the_gap_is_as_long_as_what_is_missing() {
        let svg = visits().svg(&Voice::new(&Words::load().unwrap(), Lang::Zh), 22);
        assert!(svg.contains(r#"<rect class="bv" x="0.0" y="7.0" width="100.0""#), "{svg}");
        assert!(svg.contains(r#"<rect class="bg" x="100.0" y="7.0" width="100.0""#), "{svg}");
        assert!(svg.contains("月探访率 现值 75%，目标不低于 100%，未达标"), "{svg}");
    }

    #[test]
    fn no_gap_when_the_target_is_reached() {
        let reached = Bullet { value: Some(100.0), ..visits() };
        assert!(!reached.svg(&Voice::new(&Words::load().unwrap(), Lang::En), 22).contains("\"bg\""));
        let low = Bullet { value: Some(60.0), target: Some(60.0), low: true, ..visits() };
        assert_eq!(low.hit(), Some(true));
    }

    #[test]
    fn nothing_measured_is_said() {
        let none = Bullet { value: None, ..visits() };
        assert_eq!(none.hit(), None);
        assert!(none.svg(&Voice::new(&Words::load().unwrap(), Lang::En), 22).contains("no data"));
    }

    #[test]
    fn labels_cannot_break_out() {
        let evil = Bullet { label: "\"><script>".into(), ..visits() };
        assert!(!evil.svg(&Voice::new(&Words::load().unwrap(), Lang::En), 22).contains("<script>"));
    }

    #[test]
    fn bars_and_shares_stay_inside() {
        assert!(bar(3.0, 2.0, "").contains(r#"width="100.0""#));
        assert!(bar(0.0, 0.0, "").contains(r#"<rect class="l1" width="0.0""#));
        assert_eq!(shares(&[("a".into(), 0.0), ("b".into(), 2.0)]).matches("<rect").count(), 1);
        assert_eq!(spark(&[1.0], None, ""), "");
    }
}
