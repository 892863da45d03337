//! A mail server that answers as a test wants, one answer for each recipient.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it does at the end of a letter to an address.
#[derive(Clone, Copy)]
pub enum Answer {
    /// Says this to `RCPT TO`.
    Recipient(&'static str),
    /// Hangs up when it has the whole letter, without a word.
    HangUp,
    /// Takes it.
    Take,
}

/// The server.
pub struct Sink {
    pub url: String,
    taken: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sink {
    /// Starts it.
    pub async fn start(answer: fn(&str) -> Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, answer, kept.clone()));
            }
        });
        Self { url, taken }
    }

    /// The return path and the recipient of every letter that it took.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.taken.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, answer: fn(&str) -> Answer, taken: Arc<Mutex<Vec<(String, String)>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await.ok();
    let (mut from, mut to) = (String::new(), String::new());
    while let Ok(Some(line)) = lines.next_line().await {
        let inside = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let said = if line.starts_with("EHLO") {
            "250 sink".to_owned()
        } else if line.starts_with("MAIL FROM") {
            from = inside();
            "250 ok".to_owned()
        } else if line.starts_with("RCPT TO") {
            to = inside();
            match answer(&to) {
                Answer::Recipient(said) => said.to_owned(),
                _ => "250 ok".to_owned(),
            }
        } else if line == "DATA" {
            write.write_all(b"354 go on\r\n").await.ok();
            while lines.next_line().await.is_ok_and(|line| line.is_some_and(|line| line != ".")) {}
            taken.lock().unwrap().push((from.clone(), to.clone()));
            if matches!(answer(&to), Answer::HangUp) {
                return;
            }
            "250 taken".to_owned()
        } else {
            "250 ok".to_owned()
        };
        if write.write_all(format!("{said}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
