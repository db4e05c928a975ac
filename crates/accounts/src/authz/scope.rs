//! How far a permission reaches, for a query: every list, count and export is cut to it before it is made.

use std::collections::BTreeSet;

use kernel::{DivisionCode, PersonId, PlaceId};

use super::{Authz, Principal, Reach, Target};

/// What of a whole someone may have. The parts are joined by "or"; all empty is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The permission concerns no person and no division.
    pub everything: bool,
    /// None of them inside another.
    pub divisions: BTreeSet<DivisionCode>,
    pub persons: BTreeSet<PersonId>,
    pub places: BTreeSet<PlaceId>,
    /// Of all that, only what lies here: a token's own division.
    pub cut: Option<DivisionCode>,
}

impl Authz {
    /// How far the permission reaches for this account. Agrees with [`Authz::decide`] on every target.
    #[must_use]
    pub fn scope(&self, who: &Principal, permission: &str) -> Scope {
        let mut scope = Scope::default();
        let Some(known) = self.permission(permission) else { return scope };
        if who.limit.as_ref().is_some_and(|limit| !limit.permissions.contains(permission)) {
            return scope;
        }
        scope.everything = known.everyone;
        for holding in self.holdings(who) {
            for reach in holding.role.may.get(permission).into_iter().flatten() {
                match reach {
                    Reach::Always => scope.everything = true,
                    Reach::Division => scope.divisions.extend(holding.grant.and_then(|grant| grant.division)),
                    Reach::Assigned => scope.persons.extend(&who.assigned),
                    Reach::Place => scope.places.extend(holding.grant.and_then(|grant| grant.place)),
                    Reach::Bound => {
                        let agreed =
                            holding.tie.filter(|tie| known.consent.as_ref().is_some_and(|c| tie.scopes.contains(c)));
                        scope.persons.extend(agreed.map(|tie| tie.person));
                    }
                    Reach::Own => scope.persons.extend(holding.tie.map(|tie| tie.person)),
                }
            }
        }
        scope.cut = who.limit.as_ref().and_then(|limit| limit.division);
        if let Some(cut) = scope.cut {
            let within = |own: &DivisionCode| {
                if own.contains(cut) { Some(cut) } else { Some(*own).filter(|own| cut.contains(*own)) }
            };
            scope.divisions = scope.divisions.iter().filter_map(within).collect();
        }
        let all = scope.divisions.clone();
        scope.divisions.retain(|one| !all.iter().any(|other| other != one && other.contains(*one)));
        scope
    }
}

impl Scope {
    /// Whether nothing at all can be had.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.everything && self.divisions.is_empty() && self.persons.is_empty() && self.places.is_empty()
    }

    /// Whether this is within it: the filter in memory.
    #[must_use]
    pub fn admits(&self, target: &Target) -> bool {
        let cut = self.cut.is_none_or(|cut| target.division.is_some_and(|there| cut.contains(there)));
        self.everything
            || cut
                && (target.division.is_some_and(|there| self.holds_division(there))
                    || target.person.is_some_and(|person| self.persons.contains(&person))
                    || target.place.is_some_and(|place| self.places.contains(&place)))
    }

    /// Whether the whole division lies within it.
    #[must_use]
    pub fn holds_division(&self, there: DivisionCode) -> bool {
        self.divisions.iter().any(|own| own.contains(there))
    }

    /// For SQL over a column of division codes compared by bytes: `code >= low AND code < high` for each pair.
    /// Every code inside the division opens with its digits, and `:` follows `9`.
    #[must_use]
    pub fn division_ranges(&self) -> Vec<(String, String)> {
        self.divisions.iter().map(|own| (own.to_string(), format!("{own}:"))).collect()
    }
}
