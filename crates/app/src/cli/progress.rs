//! The progress of a night on a terminal.

use std::io::Write;
use std::time::{Duration, Instant};

use cycle::{Progress, Step};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Lang;

use super::say;

/// One line a step, drawn while it runs and left with its time when it ends.
pub struct Terminal {
    lang: Lang,
    bar: Option<ProgressBar>,
    began: Instant,
}

impl Terminal {
    pub fn new(lang: Lang) -> Self {
        Self { lang, bar: None, began: Instant::now() }
    }
}

/// A bar over the villages of a region being invented; its length is set when it is known.
pub fn villages(lang: Lang) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:28}] {pos}/{len} {eta}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(say(lang, "编村（社区）", "inventing villages"));
    bar
}

fn title(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Ingest => say(lang, "读名单", "reading lists"),
        Step::Link => say(lang, "对上人", "linking people"),
        Step::Snapshot => say(lang, "汇总现状", "snapshot"),
        Step::Determine => say(lang, "按方案算", "applying the plan"),
        Step::Act => say(lang, "列出要办的", "what to do"),
        Step::Measure => say(lang, "算指标", "measuring"),
        Step::Publish => say(lang, "发布", "publishing"),
    }
}

impl Progress for Terminal {
    fn begin(&mut self, step: Step, total: Option<u64>) {
        self.began = Instant::now();
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let shape = if total.is_some() { "{prefix} [{bar:28}] {pos}/{len} {msg}" } else { "{prefix} {spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(shape) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(title(self.lang, step));
        bar.enable_steady_tick(Duration::from_millis(120));
        self.bar = Some(bar);
    }

    fn advance(&mut self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
            bar.inc(1);
        }
    }

    fn end(&mut self, step: Step) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        // A reader that went away must not stop the night.
        let _ = writeln!(
            std::io::stdout(),
            "  {:<16} {:>6.2} s",
            title(self.lang, step),
            self.began.elapsed().as_secs_f64()
        );
    }
}
