//! Stories across modules, told through the API: see `tests/`.
