//! Makes the list of breached passwords from lists of one password a line:
//! `cargo run --package plenum-identity --example breached -- OUT LIST…`

use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(out) = arguments.next() else {
        eprintln!("breached OUT LIST…");
        return ExitCode::FAILURE;
    };
    let mut texts = Vec::new();
    for path in arguments {
        match fs::read(&path) {
            Ok(bytes) => texts.push(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => {
                eprintln!("could not read {path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    let list = plenum_identity::breached::list_of(texts.iter().flat_map(|text| text.lines()));
    eprintln!("{} bytes", list.len());
    match fs::write(&out, list) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("could not write {out}: {error}");
            ExitCode::FAILURE
        }
    }
}
