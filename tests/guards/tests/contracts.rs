//! The API's schema, snapshotted: a change of it is seen in review.

use std::{fs, path::Path};

#[test]
fn the_schema_is_the_one_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/schema.graphql");
    let kept = fs::read_to_string(path).expect("web/schema.graphql is there");
    assert!(
        kept == plenum_server::schema::sdl(),
        "web/schema.graphql differs from the code's schema: run `make codegen` and commit it"
    );
}
