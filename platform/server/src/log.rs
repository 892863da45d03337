//! The log: one line for each event, whatever is told in it. Names and errors come from outside, and one with a line
//! break in it would look like two events (CWE-117).

use std::io::{self, Write};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Writes the log to standard error, as the filter wants.
pub fn begin(filter: EnvFilter) {
    // Colours are control characters too.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_target(false)
        .with_writer(OneLine(io::stderr))
        .init();
}

/// Makes writers that keep each event on its line.
#[derive(Debug, Clone)]
pub struct OneLine<M>(pub M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for OneLine<M> {
    type Writer = Escaping<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Escaping(self.0.make_writer())
    }
}

/// Writes control characters as escapes, but for the end of the line.
#[derive(Debug)]
pub struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    /// Takes a whole event, as the subscriber hands it on.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        let mut written = String::with_capacity(text.len());
        for sign in line.chars() {
            // The separators of Unicode break lines in some viewers.
            if sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}') {
                written.extend(sign.escape_default());
            } else {
                written.push(sign);
            }
        }
        written.push_str(end);
        self.0.write_all(written.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_stays_on_its_line_whatever_is_told_in_it() {
        let kept = Kept::default();
        let made = kept.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(OneLine(move || made.clone())).finish();
        tracing::subscriber::with_default(subscriber, || {
            let name = "Анна\r\n2026-01-01T00:00:00Z ERROR all is lost\u{1b}[2K\u{2028}\u{85}";
            tracing::warn!(name, "could not write {name}");
            tracing::info!("second");
        });
        let text = String::from_utf8(kept.0.lock().expect("nobody panicked").clone()).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].contains("could not write Анна\\r\\n2026-01-01") && lines[1].ends_with("second"));
        assert!(
            !text.chars().any(|sign| sign != '\n' && (sign.is_control() || sign == '\u{2028}')),
            "{text:?}"
        );
    }
}
