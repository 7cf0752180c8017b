use crate::event::Moment;
use crate::message::Conditions;

use super::{Model, Request};

impl Model {
    /// What the network is made out to be now.
    pub fn conditions(&self) -> Conditions {
        self.conditions
            .last()
            .map(|(_, to)| *to)
            .unwrap_or_default()
    }

    /// What held `request` back: the conditions that there were while it was under way.
    pub fn throttling(&self, request: &Request, now: Moment) -> Vec<Conditions> {
        let end = request.until(now);
        let mut during = Vec::new();
        for (place, (from, conditions)) in self.conditions.iter().enumerate() {
            let until = self.conditions.get(place + 1).map(|(at, _)| *at);
            let is_during = *from <= end && until.is_none_or(|until| until > request.planned);
            let is_new = !during.contains(conditions);
            if is_during && is_new && *conditions != Conditions::None && !request.is_stored() {
                during.push(*conditions);
            }
        }
        during
    }
}
