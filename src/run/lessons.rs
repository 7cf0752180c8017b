use std::time::Duration;

use url::Url;

use crate::cli::{self, Settings, Task};
use crate::demo::{Asking, Lesson, waves};
use crate::event::{Because, Wanted};

use super::feed::Feed;

/// How long a stage may take where everything fails: nobody wants to watch what never comes.
const PATIENCE: Duration = Duration::from_secs(2);
/// The page that the cookies' requests are made for.
const PAGE: &str = "https://cookies.test/";

/// What a run of the demo shows, by the word that was typed.
pub(super) const fn of(typed: Option<cli::Lesson>) -> Lesson {
    match typed {
        None => Lesson::Everything,
        Some(cli::Lesson::Slow) => Lesson::Slow,
        Some(cli::Lesson::Broken) => Lesson::Broken,
        Some(cli::Lesson::Cache) => Lesson::Cache,
        Some(cli::Lesson::Cookies) => Lesson::Cookies,
        Some(cli::Lesson::Queue) => Lesson::Queue,
    }
}

/// Makes the settings those that the demo needs, where it needs some.
pub(super) fn prepare(settings: &mut Settings) {
    let Task::Demo(Some(lesson)) = settings.task else {
        return;
    };
    if lesson == cli::Lesson::Broken {
        let waits = &mut settings.waits;
        for wait in [
            &mut waits.dns,
            &mut waits.connect,
            &mut waits.tls,
            &mut waits.wait,
            &mut waits.receive,
        ] {
            *wait = PATIENCE.min(*wait);
        }
    } else if lesson == cli::Lesson::Cookies {
        let page = || Url::parse(PAGE).ok();
        settings.cookies.site = settings.cookies.site.take().or_else(page);
    }
}

/// The lists of the demo.
pub(super) fn feed(typed: Option<cli::Lesson>) -> Feed {
    let wave = |wave: Vec<_>| wave.into_iter().zip(1..).map(wanted).collect();
    Feed::new(waves(of(typed)).into_iter().map(wave))
}

fn wanted((asking, line): (Asking, u32)) -> Wanted {
    let mut wanted = Wanted::get(asking.url, Because::Listed { line });
    wanted.priority = asking.priority;
    if let Some((name, value)) = asking.field {
        wanted.saying.headers.push(name, value);
    }
    wanted
}
