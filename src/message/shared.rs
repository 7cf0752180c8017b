use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that any number may have; whoever changes it changes it for itself alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shared<T>(Arc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T: fmt::Display> fmt::Display for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<U, T: FromIterator<U>> FromIterator<U> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = U>>(items: I) -> Self {
        Self::from(T::from_iter(items))
    }
}

/// As the value itself.
impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        T::serialize(self, to)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_by_nobody_else() {
        let mut one: Shared<Vec<u8>> = [1, 2].into_iter().collect();
        let other = one.clone();
        one.push(3);
        assert_eq!((&**one, &**other), (&[1, 2, 3][..], &[1, 2][..]));
        let written = serde_json::to_string(&one).unwrap();
        assert_eq!(written, "[1,2,3]");
        assert_eq!(
            serde_json::from_str::<Shared<Vec<u8>>>(&written).unwrap(),
            one
        );
    }
}
