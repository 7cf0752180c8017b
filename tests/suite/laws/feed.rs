//! An answer handed to an exchange in pieces, and what came of it.

use netwaterfall::http1::{Exchange, Fate, Framing, ProtocolError, Step, Tolerance};

/// What an exchange made of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Every step but those of the body, each behind how much body had come before it.
    pub(super) steps: Vec<(usize, String)>,
    pub(super) framing: Option<Framing>,
    pub(super) body: Vec<u8>,
    pub(super) passed_over: String,
    pub(super) end: End,
}

/// How it went out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// More is to come.
    Waiting,
    /// It is complete, with so many bytes behind it, and this becomes of the connection.
    Done { after: usize, fate: String },
    /// It broke a rule.
    Broken(String),
}

/// Who hears an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ear {
    /// With which method it was asked for.
    pub(super) method: &'static str,
    pub(super) tolerance: Tolerance,
    pub(super) then: Then,
}

/// What comes behind the last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Silence.
    Silence,
    /// The end of the connection.
    End,
}

/// Hands `answer` in, in pieces of the lengths `cuts`, again and again.
pub(super) fn tell(ear: Ear, answer: &[u8], cuts: &[usize]) -> Told {
    let exchange = Exchange::new(ear.method.parse().unwrap());
    let mut feeding = Feeding {
        exchange: exchange.tolerating(ear.tolerance),
        told: Told {
            steps: Vec::new(),
            framing: None,
            body: Vec::new(),
            passed_over: String::new(),
            end: End::Waiting,
        },
        // Whatever is longer does not come to an end.
        patience: 4 * answer.len() + 100,
    };
    let end = feeding.all(answer, cuts, ear.then);
    let Feeding {
        mut told, exchange, ..
    } = feeding;
    told.passed_over = format!("{:?}", exchange.passed_over());
    told.end = end.unwrap_or_else(|error| End::Broken(name_of(&error)));
    told
}

struct Feeding {
    exchange: Exchange,
    told: Told,
    patience: usize,
}

impl Feeding {
    fn all(&mut self, answer: &[u8], cuts: &[usize], then: Then) -> Result<End, ProtocolError> {
        let mut rest = answer;
        let mut cuts = cuts.iter().cycle();
        while !rest.is_empty() {
            let (piece, later) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            if let Some(left) = self.piece(piece)? {
                return Ok(self.done(left + later.len()));
            }
            rest = later;
        }
        match then {
            Then::Silence => Ok(End::Waiting),
            Then::End => loop {
                self.patience -= 1;
                match self.exchange.ended()? {
                    Step::Done => {
                        let fate = self.exchange.fate(0);
                        assert_ne!(fate, Fate::Reuse, "the connection is gone");
                        return Ok(self.done(0));
                    }
                    step => self.hear(step, &[]),
                }
            },
        }
    }

    /// How many bytes of `piece` are left over, once the answer is complete.
    fn piece(&mut self, piece: &[u8]) -> Result<Option<usize>, ProtocolError> {
        let mut rest = piece;
        loop {
            self.patience -= 1;
            let (used, step) = self.exchange.receive(rest)?;
            let (taken, left) = rest.split_at(used);
            rest = left;
            match step {
                Step::More => {
                    assert!(rest.is_empty(), "it wants more, and has not taken all");
                    return Ok(None);
                }
                Step::Done => {
                    let again = self.exchange.receive(rest);
                    assert_eq!(again, Ok((0, Step::Done)), "done is done");
                    return Ok(Some(rest.len()));
                }
                step => self.hear(step, taken),
            }
        }
    }

    fn hear(&mut self, step: Step, taken: &[u8]) {
        match step {
            Step::Body(range) => {
                assert!(!range.is_empty(), "a piece of the body is empty");
                self.told.body.extend_from_slice(&taken[range]);
            }
            Step::Held(bytes) => self.told.body.extend(bytes),
            step => {
                if let Step::Head { framing, .. } = step {
                    self.told.framing = Some(framing);
                }
                let step = format!("{step:?}");
                self.told.steps.push((self.told.body.len(), step));
            }
        }
    }

    fn done(&mut self, after: usize) -> End {
        assert!(self.exchange.ended().is_ok(), "done, and then cut");
        let fate = self.exchange.fate(after).to_string();
        End::Done { after, fate }
    }
}

/// An error without what depends on the cut: of what is no HTTP, as much is quoted as has come.
fn name_of(error: &ProtocolError) -> String {
    let words = error.to_string();
    let is_safe = !words.chars().any(char::is_control);
    assert!(is_safe, "a terminal would obey {words:?}");
    if let ProtocolError::NotHttp(_) = error {
        return "NotHttp".to_owned();
    }
    format!("{error:?}")
}
