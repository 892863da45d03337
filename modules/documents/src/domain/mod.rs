//! The rules: pure, no SQL, no clock.

pub mod card;
pub mod number;
pub mod route;
pub mod seal;
pub mod task;

/// A stored word that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} `{word}` is not known")]
pub struct UnknownWord {
    /// Which kind of word.
    pub what: &'static str,
    /// The word.
    pub word: String,
}

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The path in the input.
    pub path: String,
    /// A stable word.
    pub reason: &'static str,
}

impl Fault {
    /// A fault.
    #[must_use]
    pub fn new(path: impl Into<String>, reason: &'static str) -> Self {
        Self { path: path.into(), reason }
    }
}

/// Enums that are stored as words.
macro_rules! words {
    ($what:literal, $(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The word that is stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Reads the stored word.
            ///
            /// # Errors
            /// [`UnknownWord`](crate::domain::UnknownWord).
            pub fn read(word: &str) -> Result<Self, $crate::domain::UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::domain::UnknownWord { what: $what, word: other.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use words;
