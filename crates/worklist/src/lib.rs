//! What a night found to do, against what stood there yesterday.
//!
//! Owns the table `work_item`. An item is found, stays open while the reason holds, and is closed with the date and
//! the reason; running the same night twice changes nothing. It must not know pages, files or how people are linked.

mod find;
mod hand;
mod model;
mod open;
mod queries;
mod settle;

pub use find::{Findings, find, visits_from};
pub use hand::{close, note_hand};
pub use model::{Hand, Kind, Scope, State, Wanted, WorkItem, WorklistError};
pub use open::{OpenItems, open_items};
pub use queries::{
    Count, Filter, HandCount, VillageCount, by_village, counts, hands, of_person, page, page_in_hand, villages,
    villages_in_hand,
};
pub use settle::{Change, Compared, Settled, Tonight, compare, settle};

/// The tables of this room.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration {
        context: "worklist",
        id: 1,
        name: "work_item",
        sql: include_str!("../sql/migrations/0001_work_item.sql"),
    },
    store::Migration { context: "worklist", id: 2, name: "hand", sql: include_str!("../sql/migrations/0002_hand.sql") },
    store::Migration { context: "worklist", id: 3, name: "page", sql: include_str!("../sql/migrations/0003_page.sql") },
    store::Migration {
        context: "worklist",
        id: 4,
        name: "by place",
        sql: include_str!("../sql/migrations/0004_by_place.sql"),
    },
    store::Migration {
        context: "worklist",
        id: 5,
        name: "standing",
        sql: include_str!("../sql/migrations/0005_standing.sql"),
    },
    store::Migration {
        context: "worklist",
        id: 6,
        name: "without open",
        sql: include_str!("../sql/migrations/0006_without_open.sql"),
    },
];
