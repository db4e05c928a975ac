//! Accounts of an identity provider.

use accounts::authz::Kind;
use accounts::external::ExternalIdentity;
use accounts::signing::SignedIn;
use accounts::{AccountsError, Actor};

use crate::room::each;

const CITIZEN: ExternalIdentity<'_> =
    ExternalIdentity { issuer: "https://id.example", subject: "c-1", second_factor: true };

#[test]
fn a_provider_vouches_for_accounts_that_were_linked() {
    each(|room| {
        let refused = room.accounts.sign_in_by_provider(&mut room.db, &CITIZEN, "");
        assert!(matches!(refused, Err(AccountsError::Refused)));
        let officer = room.open("officer", Kind::Staff, &[]);
        let other = room.open("other", Kind::Staff, &[]);
        room.accounts.link_identity(&mut room.db, Actor::Command, officer, &CITIZEN).unwrap();
        let twice = room.accounts.link_identity(&mut room.db, Actor::Command, other, &CITIZEN);
        assert!(matches!(twice, Err(AccountsError::IdentityTaken)));
        assert!(matches!(room.accounts.sign_in_by_provider(&mut room.db, &CITIZEN, ""), Ok(SignedIn::Whole(_))));
        let other_issuer = ExternalIdentity { issuer: "https://evil.example", ..CITIZEN };
        let refused = room.accounts.sign_in_by_provider(&mut room.db, &other_issuer, "");
        assert!(matches!(refused, Err(AccountsError::Refused)));
        let weak = ExternalIdentity { second_factor: false, ..CITIZEN };
        assert!(matches!(room.accounts.sign_in_by_provider(&mut room.db, &weak, ""), Ok(SignedIn::Enrol(_))));
        room.accounts.lock(&mut room.db, Actor::Command, officer).unwrap();
        let locked = room.accounts.sign_in_by_provider(&mut room.db, &CITIZEN, "");
        assert!(matches!(locked, Err(AccountsError::Locked)));
    });
}
