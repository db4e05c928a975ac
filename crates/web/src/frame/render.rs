//! Templates with the words, figures and charts they may call. One environment a language.

use std::sync::Arc;

use fluent_bundle::FluentValue;
use kernel::{Lang, parse_date};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::charts::{self, Bullet};
use super::{Shell, Voice, Words, WordsFault, assets, figures, forms};

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RendererFault {
    #[error(transparent)]
    Words(#[from] WordsFault),
    #[error("template: {0:#}")]
    Template(#[from] Error),
}

/// Makes pages in either language.
pub struct Renderer {
    words: Arc<Words>,
    zh: Environment<'static>,
    en: Environment<'static>,
}

impl Renderer {
    /// # Errors
    /// A template or locale file of the binary that does not parse.
    pub fn new() -> Result<Self, RendererFault> {
        let words = Arc::new(Words::load()?);
        Ok(Self { zh: environment(Lang::Zh, &words)?, en: environment(Lang::En, &words)?, words })
    }

    /// The page `template` with its view as `p` and the frame as `f`.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn page<V: Serialize>(
        &self,
        lang: Lang,
        template: &str,
        shell: &Shell,
        view: &V,
    ) -> Result<String, RendererFault> {
        let env = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let page = env
            .get_template(template)?
            .render(minijinja::context! { f => Value::from(Serde(shell)), p => Value::from(Serde(view)) })?;
        Ok(match &shell.token {
            Some(token) => forms::into_forms(&page, token),
            None => page,
        })
    }

    /// The words of one language.
    #[must_use]
    pub fn voice(&self, lang: Lang) -> Voice<'_> {
        Voice::new(&self.words, lang)
    }
}

fn environment(lang: Lang, words: &Arc<Words>) -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, text) in assets::TEMPLATES {
        env.add_template(name, text)?;
    }
    let prefix = if lang == Lang::En { "/en" } else { "" };
    env.add_filter("href", move |path: &str| {
        // The front door of the other language is `/en`.
        let path = if path == "/" && !prefix.is_empty() { "" } else { path };
        Value::from_safe_string(charts::escape(&format!("{prefix}{path}")))
    });
    env.add_filter("plain", |text: &str| Value::from_safe_string(charts::escape(text)));
    env.add_filter("n", |value: Value| number(&value).map(figures::grouped));
    env.add_filter("m", |value: Value| number(&value).map(figures::measure));
    env.add_filter("yuan", |fen: i64| figures::yuan(fen));
    env.add_filter("day", |date: &str, today: Option<&str>| match (parse_date(date), today.map(parse_date)) {
        (Ok(date), Some(Ok(today))) => figures::short_date(date, today),
        _ => date.to_owned(),
    });
    let said = Arc::clone(words);
    env.add_function("t", move |key: &str, args: Kwargs| say(&said, lang, key, &args));
    let said = Arc::clone(words);
    env.add_function("bullet", move |value: Value, height: Option<u32>| {
        let bullet = Bullet::deserialize(value)?;
        Ok::<_, Error>(Value::from_safe_string(bullet.svg(&Voice::new(&said, lang), height.unwrap_or(22))))
    });
    env.add_function("bar", |value: f64, max: f64, class: Option<&str>| {
        Value::from_safe_string(charts::bar(value, max, class.unwrap_or("")))
    });
    env.add_function("weigh", |bits: f64, most: f64| Value::from_safe_string(charts::weigh(bits, most)));
    env.add_function("shares", |parts: Value| {
        let parts = Vec::<(String, f64)>::deserialize(parts)?;
        Ok::<_, Error>(Value::from_safe_string(charts::shares(&parts)))
    });
    env.add_function("spark", |values: Vec<f64>, target: Option<f64>, label: &str| {
        Value::from_safe_string(charts::spark(&values, target, label))
    });
    Ok(env)
}

fn say(words: &Words, lang: Lang, key: &str, args: &Kwargs) -> Result<String, Error> {
    let mut given: Vec<(&str, FluentValue<'static>)> = Vec::new();
    for name in args.args() {
        let value: Value = args.get(name)?;
        let value = match value.kind() {
            ValueKind::Number => FluentValue::from(number(&value)?),
            ValueKind::String => FluentValue::from(value.to_string()),
            kind => return Err(Error::new(ErrorKind::InvalidOperation, format!("{key}: {name} is {kind}"))),
        };
        given.push((name, value));
    }
    Ok(words.say(lang, key, &given))
}

fn number(value: &Value) -> Result<f64, Error> {
    f64::try_from(value.clone())
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("not a number but {}", value.kind())))
}
