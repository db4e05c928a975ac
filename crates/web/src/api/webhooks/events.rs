//! Who may be told what: the permission behind each event, asked anew for every delivery.

use accounts::authz::Target;
use accounts::users::State;
use exchange::ExchangeError;
use exchange::deliver::{self, Sender, Sent};
use exchange::subscriptions::Subscription;
use store::Session;
use store::events::Event;

use super::Name;
use crate::state::AppState;

/// What the subscriber must hold, and whether it concerns a place.
const fn asks(name: Name) -> (&'static str, bool) {
    match name {
        Name::NightPublished => ("pack.see", false),
        Name::ListAccepted | Name::ListHeld | Name::ListRefused => ("list.see", true),
        Name::ApplicationFiled | Name::ApplicationDecided => ("application.see", true),
    }
}

impl AppState {
    /// Spreads one event that waits and sends one delivery that is due. Gives whether there was anything to do. Blocks.
    ///
    /// # Errors
    /// Those of the database and of the keys.
    pub fn tell(&self, sender: &dyn Sender) -> Result<bool, ExchangeError> {
        let mut session = self.database().session()?;
        let now = self.clock().now();
        let spread = deliver::spread(&mut session, now, |session, one, event| may(self, session, one, event))?;
        let sent = deliver::deliver(&mut session, self.keys(), now, sender)?;
        if sent == Some(Sent::Failed) {
            tracing::warn!("a delivery to a webhook was given up");
        }
        Ok(spread.is_some() || sent.is_some())
    }
}

fn may(app: &AppState, session: &mut Session, one: &Subscription, event: &Event) -> bool {
    let Some(door) = app.door() else { return false };
    let Some(name) = Name::ALL.into_iter().find(|name| name.name() == event.name) else { return false };
    let Ok(user) = door.accounts.user(session, one.account) else { return false };
    if user.state != State::Active {
        return false;
    }
    let Ok(who) = door.accounts.principal(session, user.id, user.kind) else { return false };
    let (permission, placed) = asks(name);
    let target = match (placed, event.division) {
        (false, _) => Target::NOTHING,
        (true, Some(there)) => Target::division(there),
        // A list of the whole region is for whoever reaches all of it.
        (true, None) => match app.published().ok().and_then(|night| night.world.pack.roots.first().copied()) {
            Some(root) => Target::division(root),
            None => return false,
        },
    };
    door.accounts.authz().decide(&who, permission, &target).allowed
}
