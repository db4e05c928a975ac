//! What the public pages of a region need beside its rules: whom to call, what to ask, what is published.

use kernel::Bilingual;

use super::{Count, Position, SqlText};

/// `portal.toml`, those of the packs built on first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portal {
    /// Who runs the pages.
    pub owner: Option<Bilingual>,
    pub phones: Vec<Phone>,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
    /// One character for a service, a benefit or a visit, by its id.
    pub tiles: Vec<Tile>,
    pub publishing: Publishing,
    pub consultation: Option<ConsultationRule>,
}

/// A number people call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// `emergency` or `hotline`.
    pub role: String,
    pub number: String,
    /// When to call it.
    pub label: Bilingual,
    pub note: Option<Bilingual>,
    pub clause: Option<String>,
    pub at: Position,
}

/// A question of the check, in spoken words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub id: String,
    pub ask: Bilingual,
    pub hint: Option<Bilingual>,
    /// What the answer is called in a list of answers.
    pub label: Bilingual,
    pub answering: Answering,
    pub at: Position,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answering {
    Choices(Vec<Choice>),
    /// Full years; sets a date of birth.
    Age {
        fact: String,
    },
    /// A division below the plan's own, or elsewhere; sets its code.
    Division {
        fact: String,
    },
}

/// One answer and the facts it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: String,
    /// `{parameter}` stands for the parameter's value.
    pub label: Bilingual,
    pub sets: Vec<Setting>,
    pub at: Position,
}

/// A fact and the expression of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub fact: String,
    pub value: SqlText,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub id: String,
    pub character: String,
    pub at: Position,
}

/// What of a night everyone may see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publishing {
    /// Indicator ids, in order.
    pub indicators: Vec<String>,
    /// Counts of people below this are not shown; none: no counts of people are.
    pub small_cell: Option<Count>,
    /// Kinds of places with a page for childcare.
    pub childcare_kinds: Vec<String>,
    pub at: Position,
}

/// How long a draft is open for comments.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsultationRule {
    pub days: Count,
    pub at: Position,
}

impl Portal {
    #[must_use]
    pub fn phone(&self, role: &str) -> Option<&Phone> {
        self.phones.iter().rev().find(|phone| phone.role == role)
    }

    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The character of a service, benefit or visit.
    #[must_use]
    pub fn tile(&self, id: &str) -> Option<&str> {
        self.tiles.iter().find(|tile| tile.id == id).map(|tile| tile.character.as_str())
    }
}

impl Question {
    /// The facts an answer may give of the person, each once.
    #[must_use]
    pub fn facts(&self) -> Vec<&str> {
        match &self.answering {
            Answering::Age { fact } | Answering::Division { fact } => vec![fact],
            Answering::Choices(choices) => {
                let mut facts: Vec<&str> = Vec::new();
                for setting in choices.iter().flat_map(|choice| &choice.sets) {
                    if !facts.contains(&setting.fact.as_str()) {
                        facts.push(&setting.fact);
                    }
                }
                facts
            }
        }
    }
}
