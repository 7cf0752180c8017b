use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::proto::rr::Name;

use crate::message::{Family, Finding, span};

use super::name_message::Understood;
use super::name_server::{Inquiry, Trouble};
use super::network::{Found, Heard};
use super::secure_names::SecureServer;
use super::system_names::{HostsFile, Resolving};
use super::{NetError, NetErrorKind};

/// Who is asked for addresses.
pub enum NameServers {
    /// Those of the system's configuration, after its hosts file.
    System,
    /// This one, and nobody else.
    Only(SocketAddr),
    /// This one over a secure line, and nobody else but for where it is itself.
    Secure(Box<SecureServer>),
}

/// Asks name servers; keeps no answers, so that whoever asks decides how long one is good.
pub(super) struct Names {
    resolving: Resolving,
    hosts_file: Option<HostsFile>,
}

impl Names {
    pub(super) fn new(servers: &NameServers) -> Self {
        match servers {
            // The system knows where a secure server is.
            NameServers::System | NameServers::Secure(_) => Self {
                resolving: Resolving::system(),
                hosts_file: Some(HostsFile::default()),
            },
            NameServers::Only(server) => Self {
                resolving: Resolving::of(*server),
                hosts_file: None,
            },
        }
    }

    /// What the hosts file of the system says of `host`, where that is to be read.
    pub(super) fn in_hosts_file(&self, host: &str) -> Vec<IpAddr> {
        let listed = self.hosts_file.as_ref().map(|file| file.addresses(host));
        listed.unwrap_or_default()
    }

    /// The addresses of `host`, of one family.
    pub(super) async fn ask(
        &self,
        host: &str,
        family: Family,
        told: &dyn Fn(Heard),
    ) -> Result<Found, NetError> {
        let mut missing = None;
        for name in self.candidates(host)? {
            let understood = self.ask_for(&name, host, family, told).await?;
            if understood.answer.finding != Finding::NoSuchName {
                return Ok(found(understood));
            }
            missing = Some(found(understood));
        }
        missing
            .ok_or_else(|| NetError::new(NetErrorKind::NoSuchName, "there is no name to ask for"))
    }

    /// The names that `host` may be short for, the likeliest first.
    ///
    /// The search list is for single labels only: no browser tries it for names that have a dot.
    fn candidates(&self, host: &str) -> Result<Vec<Name>, NetError> {
        let whole = whole_name(host)?;
        let ends = self.resolving.search.iter().filter(|_| !host.contains('.'));
        let longer = ends.filter_map(|end| whole_name(&format!("{host}.{end}")).ok());
        Ok(longer.chain([whole]).collect())
    }

    /// Asks one server after the other; those that said nothing once more, with twice the patience.
    async fn ask_for(
        &self,
        name: &Name,
        host: &str,
        family: Family,
        told: &dyn Fn(Heard),
    ) -> Result<Understood, NetError> {
        let mut waiting = self.resolving.servers.clone();
        let mut troubles: Vec<(SocketAddr, Trouble)> = Vec::new();
        let mut patience = self.resolving.patience;
        for _ in 0..self.resolving.attempts {
            let inquiry = Inquiry {
                name,
                family,
                told,
                patience,
            };
            for server in std::mem::take(&mut waiting) {
                match inquiry.put_to(server).await {
                    Ok(understood) => return Ok(understood),
                    Err(trouble) => {
                        waiting.extend(trouble.is_silence.then_some(server));
                        troubles.retain(|(known, _)| *known != server);
                        troubles.push((server, trouble));
                    }
                }
            }
            patience *= 2;
        }
        Err(in_vain(host, &troubles, self.resolving.silence()))
    }
}

impl Resolving {
    /// For how long a server that says nothing is waited for in all.
    fn silence(&self) -> Duration {
        let rounds = 2_u32.saturating_pow(self.attempts) - 1;
        self.patience * rounds
    }
}

/// `host` as DNS has it, with nothing behind it.
pub(super) fn whole_name(host: &str) -> Result<Name, NetError> {
    let mut name = Name::from_str_relaxed(host).map_err(|_| {
        let words = format!(
            "{host} is no name that DNS can carry: a label has 63 bytes at most, a name 253"
        );
        NetError::new(NetErrorKind::NoSuchName, words)
    })?;
    name.set_fqdn(true);
    Ok(name)
}

/// What an answer comes to for whoever asked.
pub(super) fn found(understood: Understood) -> Found {
    Found {
        is_missing: understood.answer.finding == Finding::NoSuchName,
        addresses: understood.addresses,
        ttl: understood.ttl,
    }
}

/// Why nobody could say where `host` is: each server, and what it did.
fn in_vain(host: &str, troubles: &[(SocketAddr, Trouble)], silence: Duration) -> NetError {
    let is_silence = troubles.iter().all(|(_, trouble)| trouble.is_silence);
    let words = troubles.iter().map(|(server, trouble)| {
        if trouble.is_silence {
            format!("{server} did not answer in {}", span(silence.as_secs()))
        } else {
            format!("{server} {}", trouble.words)
        }
    });
    let words: Vec<String> = words.collect();
    let kind = if is_silence {
        NetErrorKind::TimedOut
    } else {
        NetErrorKind::NameServer
    };
    let words = words.join("; ");
    NetError::new(
        kind,
        format!("nobody knows where {host} is: name server {words}"),
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use tokio::net::UdpSocket;

    use super::*;
    use crate::message::Reply;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_asked_twice_for_six_seconds_in_all() {
        let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = silent.local_addr().unwrap();
        let names = Names::new(&NameServers::Only(server));
        let heard = RefCell::new(Vec::new());
        let told = |what| {
            heard.borrow_mut().push(match what {
                Heard::Sent(question) => format!("{}?", question.name),
                Heard::Ended(Reply::Unanswered { words }) => words,
                other @ (Heard::Connected | Heard::Secured { .. } | Heard::Ended(_)) => {
                    panic!("{other:?}")
                }
            });
        };
        let found = names.ask("a.test", Family::Ipv4, &told).await;
        let error = found.unwrap_err();
        assert_eq!(error.kind, NetErrorKind::TimedOut);
        let words =
            format!("nobody knows where a.test is: name server {server} did not answer in 6 s");
        assert_eq!(error.words, words);
        let (two, four) = ("did not answer within 2 s", "did not answer within 4 s");
        assert_eq!(*heard.borrow(), ["a.test?", two, "a.test?", four]);
    }
}
