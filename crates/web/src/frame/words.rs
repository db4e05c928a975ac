//! The interface's words in both languages, from `web/locales`.
//!
//! A page never holds a sentence of its own: it names a message. A test keeps the two languages complete.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::{Bilingual, Lang};

use super::{assets, figures};

/// Both languages, ready to speak.
pub struct Words {
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

/// Why the words of the binary cannot be read; found by the first test.
#[derive(Debug, thiserror::Error)]
#[error("locale file {file}: {cause}")]
pub struct WordsFault {
    file: String,
    cause: String,
}

impl Words {
    /// # Errors
    /// The first file that is not Fluent or repeats a message.
    pub fn load() -> Result<Self, WordsFault> {
        Ok(Self { zh: bundle("zh-CN", assets::ZH_WORDS)?, en: bundle("en", assets::EN_WORDS)? })
    }

    /// Whether there is such a message.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        match lang {
            Lang::Zh => self.zh.has_message(key),
            Lang::En => self.en.has_message(key),
        }
    }

    /// The message in the language asked for; an unknown key comes back in brackets that no page may show.
    #[must_use]
    pub fn say(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::error!(key, "message missing");
            return format!("⟦{key}⟧");
        };
        let mut faults = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned();
        if faults.is_empty() {
            said
        } else {
            tracing::error!(key, ?faults, "message not filled");
            format!("⟦{key}: {faults:?}⟧")
        }
    }
}

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Voice<'w> {
    words: &'w Words,
    pub lang: Lang,
}

impl<'w> Voice<'w> {
    #[must_use]
    pub const fn new(words: &'w Words, lang: Lang) -> Self {
        Self { words, lang }
    }

    /// A message filled in.
    #[must_use]
    pub fn say(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.words.say(self.lang, key, args)
    }

    /// A message without blanks.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.words.say(self.lang, key, &[])
    }

    /// A message without blanks, if there is one of this name.
    #[must_use]
    pub fn try_word(&self, key: &str) -> Option<String> {
        self.words.has(self.lang, key).then(|| self.word(key))
    }

    /// The pack's own words in this language.
    #[must_use]
    pub fn of<'t>(&self, text: &'t Bilingual) -> &'t str {
        text.get(self.lang)
    }

    #[must_use]
    pub fn is_english(&self) -> bool {
        self.lang == Lang::En
    }

    /// Several names in a row: `甲、乙`, `a, b`.
    #[must_use]
    pub fn join<T: AsRef<str>>(&self, parts: &[T]) -> String {
        parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&self.word("list-comma"))
    }
}

fn bundle(lang: &str, files: &[(&str, &str)]) -> Result<FluentBundle<FluentResource>, WordsFault> {
    let fault = |file: &str, cause: String| WordsFault { file: format!("{lang}/{file}"), cause };
    let id = lang.parse().map_err(|e| fault("", format!("{e}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(figures::grouped(number.value)),
        _ => None,
    }));
    for (file, text) in files {
        let resource = FluentResource::try_new((*text).to_owned()).map_err(|(_, e)| fault(file, format!("{e:?}")))?;
        bundle.add_resource(resource).map_err(|e| fault(file, format!("{e:?}")))?;
    }
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(files: &[(&str, &str)]) -> BTreeSet<String> {
        files
            .iter()
            .flat_map(|(_, text)| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    /// Messages named in templates as `t("key"…` and in Rust as `say("key"…` or `word("key"…`; a name that ends in `-` is a family.
    fn used() -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        let mut scan = |place: &str, text: &str, opening: &str| {
            for (at, _) in text.match_indices(opening) {
                let inside = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
                let key: String = text[at + opening.len()..].chars().take_while(|c| !matches!(c, '"' | '{')).collect();
                if !inside {
                    found.insert((key, place.to_owned()));
                }
            }
        };
        for (name, text) in assets::TEMPLATES {
            scan(name, text, "t(\"");
        }
        for text in rust_sources() {
            for opening in ["say(\"", "word(\"", "say(&format!(\"", "word(&format!(\"", "try_word(&format!(\""] {
                scan("Rust", &text, opening);
            }
        }
        found
    }

    /// This room's code, tests left out.
    fn rust_sources() -> Vec<String> {
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        let mut texts = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    texts.push(text.split("#[cfg(test)]").next().unwrap_or("").to_owned());
                }
            }
        }
        texts
    }

    #[test]
    fn both_languages_hold_the_same_messages() {
        let (zh, en) = (keys(assets::ZH_WORDS), keys(assets::EN_WORDS));
        assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
        assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Chinese");
    }

    #[test]
    fn every_message_used_exists_and_every_message_is_used() {
        let (zh, used) = (keys(assets::ZH_WORDS), used());
        let missing: Vec<_> = used
            .iter()
            .filter(
                |(key, _)| if key.ends_with('-') { !zh.iter().any(|k| k.starts_with(key)) } else { !zh.contains(key) },
            )
            .collect();
        assert!(missing.is_empty(), "no such message: {missing:#?}");
        // A key may also be handed on as a plain text before it is said.
        let rust = rust_sources().join("\n");
        let said = |key: &String| {
            used.iter().any(|(u, _)| u == key || (u.ends_with('-') && key.starts_with(u)))
                || rust.contains(&format!("\"{key}\""))
        };
        // The field app says its own; what it says is checked where its files are.
        let unused: Vec<_> = zh.iter().filter(|key| !key.starts_with("app-") && !said(key)).collect();
        assert!(unused.is_empty(), "nobody says: {unused:#?}");
    }

    #[test]
    fn counts_are_grouped_and_plurals_chosen() {
        let words = Words::load().unwrap();
        assert_eq!(words.say(Lang::En, "people-n", &[("n", 1.into())]), "1 person");
        assert_eq!(words.say(Lang::En, "people-n", &[("n", 12168.into())]), "12,168 people");
        assert_eq!(words.say(Lang::Zh, "people-n", &[("n", 12168.into())]), "12,168 人");
    }
}
