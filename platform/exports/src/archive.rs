//! The ZIP archive, written by a thread of its own: compressing and writing to a disk would hold up everybody else.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use bytes::Bytes;
use chrono::{DateTime, Datelike, Timelike, Utc};
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, task::JoinHandle};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// So many pieces wait for the thread.
const WAITING: usize = 16;

/// The archive cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The disk failed or is full.
    #[error("could not write the archive")]
    Io(#[from] std::io::Error),
    /// The format does not take it.
    #[error("could not write the archive")]
    Zip(#[from] zip::result::ZipError),
    /// The thread ended before its time.
    #[error("the writer of the archive ended before its time")]
    Ended,
}

enum Piece {
    Entry { name: String, compressed: bool },
    Bytes(Bytes),
    End,
}

/// An archive that is written. Dropped before its end it leaves nothing.
pub(crate) struct Archive {
    pieces: mpsc::Sender<Piece>,
    thread: JoinHandle<Result<File, ArchiveError>>,
    hash: Sha256,
    size: u64,
}

/// What an entry came to.
pub(crate) struct Written {
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

impl Archive {
    /// Begins one in a folder, under no name.
    pub(crate) fn begin(folder: &Path, at: DateTime<Utc>) -> Result<Self, ArchiveError> {
        let file = tempfile::tempfile_in(folder)?;
        let (pieces, received) = mpsc::channel(WAITING);
        let thread = tokio::task::spawn_blocking(move || write(file, at, received));
        Ok(Self { pieces, thread, hash: Sha256::new(), size: 0 })
    }

    /// Begins an entry.
    pub(crate) async fn entry(&mut self, name: &str, compressed: bool) -> Result<(), ArchiveError> {
        (self.hash, self.size) = (Sha256::new(), 0);
        self.send(Piece::Entry { name: name.to_owned(), compressed }).await
    }

    /// Goes on with the entry.
    pub(crate) async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<(), ArchiveError> {
        let bytes = bytes.into();
        self.hash.update(&bytes);
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.send(Piece::Bytes(bytes)).await
    }

    /// Ends the entry.
    pub(crate) fn written(&mut self) -> Written {
        let hash = std::mem::replace(&mut self.hash, Sha256::new());
        Written { size: self.size, sha256: hex::encode(hash.finalize()) }
    }

    /// Ends the archive: the open file.
    pub(crate) async fn finish(mut self) -> Result<File, ArchiveError> {
        self.send(Piece::End).await?;
        self.thread.await.unwrap_or(Err(ArchiveError::Ended))
    }

    /// A thread that takes nothing any more has failed, and says why.
    async fn send(&mut self, piece: Piece) -> Result<(), ArchiveError> {
        if self.pieces.send(piece).await.is_ok() {
            return Ok(());
        }
        match (&mut self.thread).await {
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Err(ArchiveError::Ended),
        }
    }
}

fn write(file: File, at: DateTime<Utc>, mut pieces: mpsc::Receiver<Piece>) -> Result<File, ArchiveError> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .last_modified_time(moment(at))
        .unix_permissions(0o600)
        // An entry's size is known when it is written; past 4 GiB it could not be said any more.
        .large_file(true);
    loop {
        match pieces.blocking_recv() {
            None => return Err(ArchiveError::Ended),
            Some(Piece::Entry { name, compressed }) => {
                let method = if compressed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                zip.start_file(name, options.compression_method(method))?;
            }
            Some(Piece::Bytes(bytes)) => zip.write_all(&bytes)?,
            Some(Piece::End) => {
                let writer = zip.finish()?;
                return Ok(writer.into_inner().map_err(std::io::IntoInnerError::into_error)?);
            }
        }
    }
}

/// The moment as archives write it: to two seconds, from 1980 on.
fn moment(at: DateTime<Utc>) -> zip::DateTime {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}
