//! Villages of the region and addresses in them.

use std::collections::BTreeMap;

use kernel::{DivisionCode, DivisionLevel, Divisions, Settlement};

use crate::dice::Dice;
use crate::papers::address;

/// Where people can live or be said to live.
pub(super) struct Town<'a> {
    divisions: &'a Divisions,
    villages: Vec<DivisionCode>,
    of_township: BTreeMap<DivisionCode, Vec<DivisionCode>>,
}

impl<'a> Town<'a> {
    pub(super) fn new(divisions: &'a Divisions, region: DivisionCode) -> Self {
        let villages: Vec<DivisionCode> =
            divisions.of_level(DivisionLevel::Community).map(|d| d.code).filter(|c| region.contains(*c)).collect();
        let mut of_township: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for village in &villages {
            of_township.entry(village.parent().unwrap_or(*village)).or_default().push(*village);
        }
        Self { divisions, villages, of_township }
    }

    pub(super) fn any(&self, dice: &mut Dice) -> DivisionCode {
        *dice.pick(&self.villages)
    }

    /// A village of the same township.
    pub(super) fn neighbour(&self, dice: &mut Dice, of: DivisionCode) -> DivisionCode {
        let township = of.parent().and_then(|township| self.of_township.get(&township));
        township.map_or(of, |villages| *dice.pick(villages))
    }

    pub(super) fn address(&self, dice: &mut Dice, at: DivisionCode) -> String {
        address(dice, self.divisions, at, self.divisions.settlement(at) == Some(Settlement::Urban))
    }

    /// As people write who know where they are: no township, no village, short words for building and flat.
    pub(super) fn shortened(&self, dice: &mut Dice, at: DivisionCode, address: &str) -> String {
        let township = at.parent().map(|township| self.divisions.name(township)).unwrap_or_default();
        let mut short = address.strip_prefix(township.as_str()).unwrap_or(address).to_owned();
        if dice.chance(0.3) {
            let village = self.divisions.name(at);
            short = short.strip_prefix(village.as_str()).unwrap_or(&short).to_owned();
        }
        if dice.chance(0.5) {
            for (long, brief) in [("号楼", "-"), ("单元", "-"), ("室", ""), ("居委会", ""), ("组", "队")] {
                short = short.replace(long, brief);
            }
        }
        short
    }
}
