//! Why something could not be done with a matter, in words for whoever tried. Nothing of a person is repeated.

use kernel::Bilingual;

use crate::model::{Deed, State};

#[derive(Debug, thiserror::Error)]
pub enum BenefitsError {
    #[error("{0}")]
    Store(#[from] store::StoreError),
    #[error("{0}")]
    Audit(#[from] store::audit::AuditError),
    #[error("{0}")]
    Registry(#[from] registry::RegistryError),
    #[error("{0}")]
    Worklist(#[from] worklist::WorklistError),
    #[error("there is no such matter")]
    NoMatter,
    #[error("the plan in force has no benefit {0}")]
    NoBenefit(String),
    /// The benefit has no `process`.
    #[error("nobody decides {0} here: the pack gives it no process")]
    NotDecidedHere(String),
    /// One is under way already.
    #[error("it is under way already as {0}")]
    Running(String),
    #[error("a matter that is {state:?} does not allow {deed:?}")]
    Misfit { state: Option<State>, deed: Deed },
    /// Whoever filed, recommended or proposed may not decide.
    #[error("a second person has to do this")]
    SecondPerson,
    /// Someone else did something to it meanwhile.
    #[error("it has changed meanwhile; look at it again")]
    Stale,
    /// Everything that is missing or wrong in what was entered.
    #[error("{}", .0.iter().map(|f| f.said().en).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    #[error("a matter holds an unreadable {0}")]
    Stored(&'static str),
    #[error("a sealed event does not open: {0}")]
    Seal(#[from] store::SealError),
}

/// One thing wrong with what was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Say why.
    Reason,
    /// Name the clause or the part of the condition.
    Clause,
    /// The clause is none of the plan.
    UnknownClause,
    /// A day to try again, after today.
    Again,
    /// From which day it is given.
    From,
    /// Not before it was filed, and within a year.
    FromOutside,
    /// Delivered between the decision and today.
    DeliveredOn,
    /// The facts say that it is not due.
    NotDue,
    /// Papers of the pack's list that have not been seen.
    Papers,
    /// The paper is none of the pack's list.
    UnknownPaper,
    /// What runs on is not delivered once.
    NotOnce,
    /// From which day it stops.
    StopFrom,
    /// It was given before this day began; longer texts than this are not kept.
    TooLong,
}

/// The longest reason.
pub const LONGEST: usize = 2_000;

impl Fault {
    #[must_use]
    pub fn said(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Reason => ("写明为什么", "say why"),
            Self::Clause => ("选一条依据：哪一条款或哪一项条件", "name the clause or the part of the condition"),
            Self::UnknownClause => ("方案里没有这一条款", "the plan has no such clause"),
            Self::Again => ("选今天以后的一天再联系", "choose a day after today to try again"),
            Self::From => ("写明从哪一天起给", "say from which day it is given"),
            Self::FromOutside => {
                ("起始日期不能早于申请那天，也不能在一年以后", "not before it was filed, nor a year from now")
            }
            Self::DeliveredOn => {
                ("完成日期在审定之后、今天或以前", "delivered after the decision, today at the latest")
            }
            Self::NotDue => (
                "按现有情况判定为不符合；情况变了先补报，再审定",
                "the facts on record say it is not due; correct them first",
            ),
            Self::Papers => ("材料还没看齐", "not all papers were seen"),
            Self::UnknownPaper => ("没有这份材料", "there is no such paper"),
            Self::NotOnce => ("这一项是持续给的，不用登记完成", "this runs on; there is nothing to deliver once"),
            Self::StopFrom => ("写明从哪一天起停，不早于开始那天", "say from which day it stops, not before it began"),
            Self::TooLong => ("写得太长了，最多 2000 字", "too long: at most 2000 characters"),
        };
        Bilingual { zh: zh.into(), en: en.into() }
    }
}

impl BenefitsError {
    /// For the person who tried; none for what is no fault of theirs.
    #[must_use]
    pub fn said(&self) -> Option<Bilingual> {
        let (zh, en) = match self {
            Self::NoMatter => {
                ("没有这件事，或者编号写错了".into(), "there is no such matter, or its number is mistyped".into())
            }
            Self::NoBenefit(id) => (format!("现行方案里没有 {id} 这一项"), format!("the plan in force has no {id}")),
            Self::NotDecidedHere(_) => (
                "这一项不在这里审定，不用申请；联系到本人、告诉去哪里办就可以".into(),
                "it is not decided here: tell the person where to go".into(),
            ),
            Self::Running(number) => {
                (format!("已经在办了，编号 {number}"), format!("it is under way already as {number}"))
            }
            Self::Misfit { .. } => (
                "这件事现在的状态不能这样办；看看最新进展再定".into(),
                "it can't be done in its present state; look at how far it is".into(),
            ),
            Self::SecondPerson => (
                "要由另一个人来定：申请、提意见、提出停的人不能自己定".into(),
                "a second person decides: not who filed, recommended or proposed".into(),
            ),
            Self::Stale => (
                "刚才有人也办了这件事；看看最新进展再定".into(),
                "someone else acted on it just now; look again".into(),
            ),
            Self::Faults(faults) => {
                let each = |pick: fn(Bilingual) -> String, by: &str| {
                    faults.iter().map(|fault| pick(fault.said())).collect::<Vec<_>>().join(by)
                };
                (each(|b| b.zh, "；"), each(|b| b.en, "; "))
            }
            Self::Registry(registry::RegistryError::Act(faults)) => {
                let each = |pick: fn(Bilingual) -> String, by: &str| {
                    faults.iter().map(|fault| pick(fault.said())).collect::<Vec<_>>().join(by)
                };
                (each(|b| b.zh, "；"), each(|b| b.en, "; "))
            }
            Self::Store(_)
            | Self::Audit(_)
            | Self::Registry(_)
            | Self::Worklist(_)
            | Self::Stored(_)
            | Self::Seal(_) => return None,
        };
        Some(Bilingual { zh, en })
    }
}
