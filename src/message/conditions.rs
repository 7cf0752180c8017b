use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What the network is made out to be: Chrome's presets, by their names and with their figures.
///
/// They are what `DevTools` applies (`front_end/core/sdk/NetworkManager.ts`): the target of each
/// preset with its correction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conditions {
    /// As it is.
    #[default]
    None,
    /// 165 ms more a round trip, 1,012,500 bytes a second down and 168,750 up.
    #[serde(rename = "fast-4g")]
    Fast4g,
    /// 562.5 ms more a round trip, 180,000 bytes a second down and 84,375 up.
    #[serde(rename = "slow-4g")]
    Slow4g,
    /// 2 s more a round trip, 50,000 bytes a second down and up.
    #[serde(rename = "3g")]
    ThreeG,
    /// There is none.
    Offline,
}

/// Conditions that there are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("network conditions are none, fast-4g, slow-4g, 3g or offline")]
pub struct UnknownConditions;

impl FromStr for Conditions {
    type Err = UnknownConditions;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |conditions: &Self| conditions.option().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(named).ok_or(UnknownConditions)
    }
}

/// What the network lets by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So much longer each round trip takes.
    pub latency: Duration,
    /// Bytes a second to us, of all connections together.
    pub down: u64,
    /// Bytes a second from us.
    pub up: u64,
}

impl Conditions {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Fast4g,
        Self::Slow4g,
        Self::ThreeG,
        Self::Offline,
    ];

    /// What is let by; nothing where nothing is held back, or nothing gets by at all.
    pub const fn pace(self) -> Option<Pace> {
        let (micros, down, up) = match self {
            Self::None | Self::Offline => return None,
            Self::Fast4g => (165_000, 1_012_500, 168_750),
            Self::Slow4g => (562_500, 180_000, 84_375),
            Self::ThreeG => (2_000_000, 50_000, 50_000),
        };
        Some(Pace {
            latency: Duration::from_micros(micros),
            down,
            up,
        })
    }

    /// As it is written after `--throttle`.
    pub const fn option(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fast4g => "fast-4g",
            Self::Slow4g => "slow-4g",
            Self::ThreeG => "3g",
            Self::Offline => "offline",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "no throttling",
            Self::Fast4g => "fast 4G",
            Self::Slow4g => "slow 4G",
            Self::ThreeG => "3G",
            Self::Offline => "offline",
        }
    }
}

/// `slow 4G: +562 ms, 180 kB/s`.
impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        let Some(pace) = self.pace() else {
            return Ok(());
        };
        let (latency, kilobytes) = (pace.latency.as_millis(), pace.down / 1000);
        write!(f, ": +{latency} ms, {kilobytes} kB/s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_with_its_figures_and_written_by_its_name() {
        let told = Conditions::ALL.map(|conditions| conditions.to_string());
        let expected = [
            "no throttling",
            "fast 4G: +165 ms, 1012 kB/s",
            "slow 4G: +562 ms, 180 kB/s",
            "3G: +2000 ms, 50 kB/s",
            "offline",
        ];
        assert_eq!(told, expected);
        let written = Conditions::ALL.map(|one| serde_json::to_string(&one).unwrap());
        let expected = ["none", "fast-4g", "slow-4g", "3g", "offline"];
        assert_eq!(written, expected.map(|name| format!("\"{name}\"")));
        assert_eq!(Conditions::ALL.map(Conditions::option), expected);
        assert_eq!("Slow-4G".parse(), Ok(Conditions::Slow4g));
        assert_eq!("2g".parse::<Conditions>(), Err(UnknownConditions));
    }
}
