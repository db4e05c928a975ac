//! May they, and why.

use kernel::{DivisionCode, PersonId, PlaceId};

use super::{Authz, Grant, Principal, Reach, Role, Tie};

/// What something is done to. Absent means that it concerns none, or that it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Where the person lives or the thing stands.
    pub division: Option<DivisionCode>,
    pub person: Option<PersonId>,
    pub place: Option<PlaceId>,
}

/// An answer that explains itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// When allowed, what allows it; else what stands in the way, one for each role held, and who may.
    pub reasons: Vec<Reason>,
}

/// Why something is allowed or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The role has it, within its reach.
    Has { role: String, reach: Reach },
    /// Everyone who has signed in has it.
    Everyone,
    /// There is no such permission: a fault in the program, answered with no.
    NoSuchPermission,
    /// The account holds no role.
    NoRole,
    /// The role does not have it.
    RoleLacks { role: String },
    /// Only inside this division.
    OutsideDivision { role: String, division: DivisionCode },
    /// Nobody knows where the person lives.
    DivisionUnknown { role: String, division: DivisionCode },
    /// Only people assigned.
    NotAssigned { role: String },
    /// Only matters of the own place.
    OtherPlace { role: String },
    /// Only the bound elder.
    NotBound { role: String },
    /// Bound, but this was not agreed to.
    NotAgreed { role: String, scope: String },
    /// Only one's own matters.
    NotOwn { role: String },
    /// The token was not made for this permission.
    TokenLacks,
    /// The token is for this division only.
    OutsideToken { division: DivisionCode },
    /// The roles that have it.
    HeldBy { roles: Vec<String> },
}

impl Target {
    /// Something that concerns no person and no division.
    pub const NOTHING: Self = Self { division: None, person: None, place: None };

    #[must_use]
    pub fn person(person: PersonId, division: Option<DivisionCode>) -> Self {
        Self { division, person: Some(person), place: None }
    }

    #[must_use]
    pub fn division(division: DivisionCode) -> Self {
        Self { division: Some(division), ..Self::NOTHING }
    }

    #[must_use]
    pub fn place(place: PlaceId, division: Option<DivisionCode>) -> Self {
        Self { division, person: None, place: Some(place) }
    }
}

impl Authz {
    /// May this account do this to that, and why.
    #[must_use]
    pub fn decide(&self, who: &Principal, permission: &str, target: &Target) -> Decision {
        let Some(known) = self.permission(permission) else {
            return Decision { allowed: false, reasons: vec![Reason::NoSuchPermission] };
        };
        if who.limit.as_ref().is_some_and(|limit| !limit.permissions.contains(permission)) {
            return Decision { allowed: false, reasons: vec![Reason::TokenLacks] };
        }
        if known.everyone {
            return Decision { allowed: true, reasons: vec![Reason::Everyone] };
        }
        let outside = who.limit.as_ref().filter(|limit| !limit.holds(target.division)).and_then(|limit| limit.division);
        let (mut has, mut lacks) = (Vec::new(), Vec::new());
        for holding in self.holdings(who) {
            let reaches = holding.role.may.get(permission);
            if reaches.is_none() {
                lacks.push(Reason::RoleLacks { role: holding.role.id.clone() });
            }
            for reach in reaches.into_iter().flatten() {
                match (holding.within(*reach, who, known.consent.as_deref(), target), outside) {
                    (Ok(()), Some(division)) if *reach != Reach::Always => {
                        lacks.push(Reason::OutsideToken { division })
                    }
                    (Ok(()), _) => has.push(Reason::Has { role: holding.role.id.clone(), reach: *reach }),
                    (Err(why), _) => lacks.push(why),
                }
            }
        }
        if !has.is_empty() {
            has.sort();
            has.dedup();
            return Decision { allowed: true, reasons: has };
        }
        if lacks.is_empty() {
            lacks.push(Reason::NoRole);
        }
        lacks.sort();
        lacks.dedup();
        let holders = self.roles.iter().filter(|role| role.may.contains_key(permission));
        lacks.push(Reason::HeldBy { roles: holders.map(|role| role.id.clone()).collect() });
        Decision { allowed: false, reasons: lacks }
    }

    /// Whether any role held has it, to whatever it may reach: for a menu, never for a page.
    #[must_use]
    pub fn holds(&self, who: &Principal, permission: &str) -> bool {
        who.limit.as_ref().is_none_or(|limit| limit.permissions.contains(permission))
            && (self.permission(permission).is_some_and(|known| known.everyone)
                || self.holdings(who).any(|holding| holding.role.may.contains_key(permission)))
    }

    /// Each role with the grant or tie that gives it. A role that the file no longer has gives nothing.
    pub(super) fn holdings<'a>(&'a self, who: &'a Principal) -> impl Iterator<Item = Holding<'a>> {
        let granted = who.grants.iter().filter_map(|grant| {
            let role = self.role(&grant.role).filter(|role| role.kind == who.kind)?;
            Some(Holding { role, grant: Some(grant), tie: None })
        });
        let tied = who.ties.iter().filter_map(|tie| {
            let role = self.role(tie.relation.role())?;
            Some(Holding { role, grant: None, tie: Some(tie) })
        });
        granted.chain(tied)
    }
}

/// A role as someone holds it.
pub(super) struct Holding<'a> {
    pub role: &'a Role,
    pub grant: Option<&'a Grant>,
    pub tie: Option<&'a Tie>,
}

impl Holding<'_> {
    fn within(&self, reach: Reach, who: &Principal, consent: Option<&str>, target: &Target) -> Result<(), Reason> {
        let role = self.role.id.clone();
        match reach {
            Reach::Always => Ok(()),
            Reach::Division => match (self.grant.and_then(|grant| grant.division), target.division) {
                (Some(own), Some(there)) if own.contains(there) => Ok(()),
                (Some(division), Some(_)) => Err(Reason::OutsideDivision { role, division }),
                (Some(division), None) => Err(Reason::DivisionUnknown { role, division }),
                (None, _) => Err(Reason::RoleLacks { role }),
            },
            Reach::Assigned if target.person.is_some_and(|person| who.assigned.contains(&person)) => Ok(()),
            Reach::Assigned => Err(Reason::NotAssigned { role }),
            Reach::Place => match (self.grant.and_then(|grant| grant.place), target.place) {
                (Some(own), Some(there)) if own == there => Ok(()),
                _ => Err(Reason::OtherPlace { role }),
            },
            Reach::Bound => match self.tie {
                Some(tie) if target.person == Some(tie.person) => match consent {
                    Some(scope) if tie.scopes.contains(scope) => Ok(()),
                    scope => Err(Reason::NotAgreed { role, scope: scope.unwrap_or_default().to_owned() }),
                },
                _ => Err(Reason::NotBound { role }),
            },
            Reach::Own if self.tie.is_some_and(|tie| target.person == Some(tie.person)) => Ok(()),
            Reach::Own => Err(Reason::NotOwn { role }),
        }
    }
}
