//! The vocabulary every room shares: typed ids, ID numbers, divisions, money, dates, the clock.
//!
//! Pure and synchronous. It must not know a database, a file, a rule or a page.

mod clock;
mod date;
mod division;
mod fen;
mod id_number;
mod ids;
mod lang;
mod told;

pub use clock::{Clock, FixedClock, SystemClock, china_minute, in_china};
pub use date::{Date, DateFault, full_months_between, full_years_between, parse_date, parse_loose_date};
pub use division::{Division, DivisionCode, DivisionFault, DivisionLevel, Divisions, Settlement};
pub use fen::{Fen, FenFault};
pub use id_number::{IdNumber, IdNumberFault};
pub use ids::{DutyReportId, ListId, MatterId, PersonId, PlaceId, RunId, StatementId, UserId, WorkItemId};
pub use lang::{Bilingual, Lang};
pub use told::Told;
